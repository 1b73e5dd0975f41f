import Analyses
import Charts
import Markup

/// What captions of `memory` say, and the charts that its views share.
enum MemoryWords {
  /// What a coefficient, a value and a prefix are.
  static func definitions(_ say: Language) -> String {
    say(
      "The memory *i* of a block has a coefficient *m* (the activation of neuron *i* after the nonlinearity, times the other product where the network is gated) and a value *v* (column *i* of the output matrix). A prefix ends at a token that has one after it; the beginning-of-text token alone is none.",
      "ブロックの記憶 *i* は、係数 *m*（ニューロン *i* の非線形後の活性、ゲート付きなら他方の積との積）と値 *v*（出力行列の列 *i*）をもつ。接頭辞は次のトークンが続く位置で終わり、文頭トークンのみのものは含めない。"
    )
  }

  /// How triggers are found and ordered.
  static func triggers(_ sign: TriggerSign, _ say: Language) -> String {
    switch sign {
    case .absolute:
      say(
        "Of each text only the best prefix by |*m*| counts, and a negative *m* turns the value round; of equal prefixes the one in the lower text comes first.",
        "各テキストからは |*m*| が最大の接頭辞のみを採り、*m* が負のときは値の符号を反転する。同値の接頭辞はテキスト番号の小さいものを先とする。")
    case .signed:
      say(
        "Of each text only the best prefix by *m* counts and the value is taken as it is, as for a network with ReLU; of equal prefixes the one in the lower text comes first.",
        "各テキストからは *m* が最大の接頭辞のみを採り、値はそのまま用いる（ReLU のネットワークと同じ）。同値の接頭辞はテキスト番号の小さいものを先とする。")
    }
  }

  /// What stands between a part of the stream and the vocabulary.
  static func norm(_ norm: ProjectionNorm, _ say: Language) -> String {
    switch norm {
    case .none: say("Projected by the unembedding alone (norm=none).", "埋め込み行列のみで射影する（norm=none）。")
    case .frozen:
      say(
        "Projected through the final norm's centring and gain, without scale and biases (norm=frozen).",
        "最終正規化の中心化と利得のみを通して射影する（尺度とバイアスなし、norm=frozen）。")
    case .recompute:
      say(
        "Projected through the model's own final norm and head, statistics taken anew (norm=recompute).",
        "最終正規化（統計量は再計算）とヘッドをそのまま通して射影する（norm=recompute）。")
    }
  }

  /// A share in running text.
  static func percent(_ share: Double?, _ say: Language) -> String {
    share.map { NumberText.percent($0) } ?? Terms.undefined(say)
  }

  /// The end of a prefix as a table shows it.
  static func tail(_ prefix: String, limit: Int = 60) -> String {
    let text = TokenMarks.shown(prefix).replacing("␣", with: " ")
    return text.count > limit ? "…" + text.suffix(limit) : text
  }

  /// Lines over the blocks of a model, one for each list of numbers.
  static func lines(
    _ title: String, _ y: Axis, _ series: [LineSeries], _ say: Language, references: [ReferenceLine] = []
  ) -> LineChart {
    let last = series.map(\.points.count).max() ?? 1
    return LineChart(
      title: title, x: .layers(Terms.block(say), 0...max(1, last - 1)), y: y, series: series, references: references)
  }

  /// The share of every model beside its own chance; the two have colours of their own where one model stands alone.
  static func besideChance<Result>(
    _ shown: Shown<Result>, _ rate: (name: String, values: (Result) -> [Double?]),
    _ chance: (name: String, values: (Result) -> [Double?])
  ) -> [LineSeries] {
    let isAlone = shown.others.isEmpty
    return shown.all.flatMap { one in
      [
        LineSeries(
          isAlone ? rate.name : one.name, values: rate.values(one.result), style: LineStyle(color: one.color)),
        LineSeries(
          isAlone ? chance.name : "\(one.name), \(chance.name)", values: chance.values(one.result),
          style: LineStyle(color: isAlone ? 1 : one.color, dash: 2, isHollow: true)),
      ]
    }
  }

  /// A line of medians with the middle half as its band.
  static func medians(_ name: String, _ quartiles: [[Double?]], _ style: LineStyle) -> LineSeries {
    LineSeries(
      name, values: quartiles.map { $0.count == 3 ? $0[1] : nil },
      bands: quartiles.map { part in
        guard part.count == 3, let low = part[0], let high = part[2], low <= high else { return nil }
        return low...high
      }, style: style)
  }

  /// Columns of quartiles.
  static func quartiles(
    _ quartiles: [[Double?]], decimals: Int, _ say: Language
  ) -> [TableColumn<Int>] {
    [say("lower quartile", "第1四分位"), say("median", "中央値"), say("upper quartile", "第3四分位")].enumerated().map {
      place, name in .number(name, { quartiles[$0].count == 3 ? quartiles[$0][place] : nil }, decimals: decimals)
    }
  }

  static func middleHalf(_ say: Language) -> String {
    say(" The line is the median, the band the middle half.", "線は中央値、帯は中央の半数。")
  }
}
