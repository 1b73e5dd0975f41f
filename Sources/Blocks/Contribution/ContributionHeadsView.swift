import Analyses
import Charts
import Diagnostics
import Directives
import JSONText

/// `<<contribution heads "prompt">>`: a map of heads and blocks, and the list of the best.
struct ContributionHeadsView: PromptView {
  /// The result.
  struct Heads: Codable, Sendable {
    /// One of the best heads.
    struct Best: Codable, Sendable {
      @Field("the head, such as L21.H19") var unit = ""
      @Field("its score") var contribution = 0.0
      @Field("what it adds to the target's logit, less the contrast's") var logit = 0.0
    }

    @Field("the token whose prediction is taken apart") var target = ""
    @OptionalField("the token it is set against; where contrast= names one") var contrast: String? = nil
    @Field("score of every head, [L][H]") var heads: [[Double]] = []
    @Field("score of the output's bias, [L]; null where a block has none") var bias: [Double?] = []
    @Field("heads and bias together less the whole of attention, [L]; null where scores are no differences")
    var remainder: [Double?] = []
    @Field("what every head adds to the target's logit, [L][H]: these add up exactly") var logit: [[Double]] = []
    @Field("the best heads, the largest scores first") var top: [Best] = []
  }

  let keywords = [ViewKeyword("heads", "every attention head's output, a map of heads and blocks with the best ones")]
  let keys: [any KeyDeclaration] = PredictionKeys.prediction + [PredictionKeys.method, PredictionKeys.top]
  let engine = EngineIdentity("contribution", version: 2)

  func faults(of bound: BoundDirective) -> [Diagnostic] { PredictionKeys.faults(of: bound, hasCoefficients: false) }

  func example(_ bound: BoundDirective) -> Heads {
    Heads(
      target: " Paris", contrast: bound[PredictionKeys.contrast], heads: [[0.25, -0.5], [1, 2]], bias: [0.125, nil],
      remainder: bound[PredictionKeys.method].isIncrease ? [0.01, -0.5] : [nil, nil],
      logit: [[0.25, -0.5], [1, 2.5]],
      top: [.init(unit: "L1.H1", contribution: 2, logit: 2.5), .init(unit: "L1.H0", contribution: 1, logit: 1)])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Heads> {
    let asked = try bench.prediction(of: question)
    let found = try asked.parts.heads(question[PredictionKeys.method])
    let all = found.heads.indices.flatMap { block in
      found.heads[block].indices.map { head in
        (unit: StreamUnit.head(block: block, head), score: found.heads[block][head], logit: found.logits[block][head])
      }
    }
    let best = all.sorted { $0.score != $1.score ? $0.score > $1.score : $0.unit < $1.unit }
    return Answer(
      result: Heads(
        target: asked.target, contrast: asked.contrast, heads: found.heads, bias: found.bias,
        remainder: found.remainder, logit: found.logits,
        top: best.prefix(question[PredictionKeys.top]).map {
          .init(unit: $0.unit.description, contribution: $0.score, logit: $0.logit)
        }), facts: asked.facts)
  }

  func exhibit(_ shown: Shown<Heads>, in say: Language) -> Exhibit {
    let method = shown[PredictionKeys.method]
    let prediction = PredictionWords.prediction(shown[TextKeys.required], shown.target, shown.contrast, say)
    return Exhibit(
      chart: map(shown, method, say), table: table(shown, method, say),
      caption: Exhibit.Caption(
        chart: say(
          "What each head adds to \(prediction): \(PredictionWords.score(method, say)).",
          "\(prediction)の予測に各ヘッドが加えるもの。色は\(PredictionWords.score(method, say))。"),
        table: say(
          "The heads that add most to \(prediction), and what is left.",
          "\(prediction)の予測に最も寄与するヘッドと残差。")),
      notes: Exhibit.Notes([
        PredictionWords.frozen(say),
        say(
          "Heads of a block are scored one by one against the same state, so their scores need not add up to the whole; what is missing has a row of its own.",
          "同じブロックのヘッドは同一の状態に対して個別に評価するため、和は全体に一致するとは限らない。その差は独立の行に示す。"),
      ]))
  }

  private func map(_ shown: Shown<Heads>, _ method: ContributionMethod, _ say: Language) -> HeatmapChart {
    let (blocks, heads) = (shown.heads.count, shown.heads.first?.count ?? 0)
    var rows = (0..<heads).map { head in shown.heads.map { Optional($0[head]) } }
    var labels = (0..<heads).map { "H\($0)" }
    let hasBias = shown.bias.contains { $0 != nil }
    if hasBias {
      rows.append(shown.bias)
      labels.append(say(PredictionWords.bias.0, PredictionWords.bias.1))
    }
    if method.isIncrease {
      rows.append(shown.remainder)
      labels.append(say(PredictionWords.remainder.0, PredictionWords.remainder.1))
    }
    return HeatmapChart(
      title: say("Contributions by head", "ヘッドごとの寄与"), matrix: CellMatrix(rows),
      rows: CellAxis(say("head", "ヘッド"), labels: labels, showsAll: true),
      columns: .numbers(Terms.block(say), 0..<blocks),
      scale: ColorScale(PredictionWords.score(method, say), palette: method.isSigned ? .puOr : .viridis))
  }

  private func table(_ shown: Shown<Heads>, _ method: ContributionMethod, _ say: Language) -> Table {
    typealias Row = (name: String, score: Double?, logit: TableFigure.Cell)
    var rows: [Row] = shown.top.map { ($0.unit, $0.contribution, .number($0.logit)) }
    if method.isIncrease {
      let all = say(", all blocks", "（全ブロック）")
      let bias = shown.bias.compactMap { $0 }
      if !bias.isEmpty {
        rows.append((say(PredictionWords.bias.0, PredictionWords.bias.1) + all, bias.reduce(0, +), .text("")))
      }
      rows.append(
        (
          say(PredictionWords.remainder.0, PredictionWords.remainder.1) + all,
          shown.remainder.compactMap { $0 }.reduce(0, +), .text("")
        ))
    }
    return Table(
      rows,
      [
        .text(say("head", "ヘッド"), \.name), .number(PredictionWords.score(method, say), \.score),
        .cell(.init(say("logit", "ロジット"))) { $0.logit },
      ])
  }
}
