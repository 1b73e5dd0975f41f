import Analyses
import Charts
import Directives

/// Curves over the depths of one model or of several.
enum DepthChart {
  /// What the horizontal axis counts.
  enum Scale: String, CaseIterable {
    /// States.
    case layers
    /// The share of the model's blocks below the state.
    case depth
  }

  static let scale = Key<Scale>.choice(
    "scale", standard: .layers, "depth counted in layers, or as a share of the model's blocks"
  ).presentation

  /// One curve.
  static func series(
    _ name: String, _ values: [Double?], bands: [Band] = [], scale: Scale, style: LineStyle = LineStyle()
  ) -> LineSeries {
    let blocks = Double(max(1, values.count - 1))
    let points = values.enumerated().map { depth, value in
      LineSeries.Point(
        x: scale == .depth ? Double(depth) / blocks : Double(depth), y: value,
        band: bands.indices.contains(depth) ? bands[depth].low...bands[depth].high : nil)
    }
    return LineSeries(name, points: points, style: style)
  }

  /// The axis of depths of models with at most so many blocks.
  static func axis(blocks: Int, scale: Scale, _ say: Language) -> Axis {
    scale == .layers
      ? .layers(Terms.depth(say), 0...blocks) : Axis(say("share of the blocks", "ブロックの割合"), range: 0...1)
  }
}

extension Lens {
  /// The colour of a lens where one model is read through both: none of those that the first models of a page have.
  var color: Int { self == .mat ? 2 : 3 }
}

extension Terms {
  /// What "agreement" means, under every figure that speaks of it.
  static func agreementWithModel(_ say: Language) -> String {
    say(
      "Agreement is with the full model's top token, not with a correct answer.",
      "一致とは全層モデルの最上位トークンとの一致であり、正答との一致ではない。")
  }

  static func bands(_ say: Language) -> String {
    say(
      "bands are 95% intervals of 1,000 bootstrap resamples of the test samples",
      "帯は評価標本の 1,000 回のブートストラップによる 95% 区間")
  }
}
