import Charts
import Directives
import Markup

extension Block {
  /// `<<heatmap r2 …>>`: how well one depth predicts another, by support-vector regression or by linear maps.
  static let heatmap = Block(
    "heatmap", "R² between the hidden states of two depths",
    prefix: ViewKeyword("r2", "coefficient of determination on test samples"),
    views: [StatisticsView(), DimensionsView(), MapsView()],
    examples: [
      "<<heatmap r2 mean>>", "<<heatmap r2 mean pairs=all>> <<heatmap r2 std pairs=all>>", "<<heatmap r2 dims>>",
      "<<heatmap r2 mean standardize=none>>", "<<heatmap r2 both position=random n=2000>>",
    ])
}

/// What every heatmap takes.
enum HeatmapKeys {
  static let palette = Key<Palette>.choice(
    "palette", among: [.viridis, .cividis], standard: .viridis, "colours"
  ).presentation

  /// Where the colours of scores begin, and how many lie below.
  static func clip(_ scale: ColorScale, _ values: [Double], _ say: Language) -> String {
    let below = scale.countBelow(values)
    guard let low = scale.range?.lowerBound, below > 0 else { return "" }
    let text = NumberText.shortest(low)
    return say(
      "Colours begin at \(text): “≤ \(text)” stands for \(below) of \(values.count) cells.",
      "色は \(text) から始まり、「≤ \(text)」は \(values.count) 個中 \(below) 個を表す。")
  }
}

extension CellMatrix {
  /// Values at and below the diagonal do not exist: a depth does not predict itself or an earlier one.
  static func upperTriangle(_ rows: [[Double?]], keepingDiagonal: Bool = false) -> CellMatrix {
    var matrix = CellMatrix(rows).blankBelowDiagonal()
    if !keepingDiagonal { for index in 0..<matrix.rows { matrix[index, index] = .blank } }
    return matrix
  }
}
