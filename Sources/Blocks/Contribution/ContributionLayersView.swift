import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Markup

/// `<<contribution layers "prompt">>`: attention beside the feed-forward network of every block.
struct ContributionLayersView: PromptView {
  /// The result.
  struct Layers: Codable, Sendable {
    /// Two ends of the stream.
    struct Ends: Codable, Sendable {
      @Field("of the embedding, h_0") var start = 0.0
      @Field("of the last state, h_L: the model's own") var end = 0.0
    }

    /// The target's logit as a sum.
    struct Logit: Codable, Sendable {
      @Field("what the embedding gives") var embedding = 0.0
      @Field("what attention gives, [L]") var attention: [Double] = []
      @Field("what the feed-forward networks give, [L]") var ffn: [Double] = []
      @Field("what does not depend on the text: the norm's bias through the head, and the head's") var constant = 0.0
      @Field("the sum of all: the model's logit, before any soft cap") var total = 0.0
    }

    @Field("the token whose prediction is taken apart") var target = ""
    @Field("its id") var targetId = 0
    @OptionalField("the token it is set against; where contrast= names one") var contrast: String? = nil
    @Field("ln p of the target, less that of the contrast") var logprob = Ends()
    @Field("scores of what attention adds, [L]") var attention: [Double] = []
    @Field("scores of what the feed-forward networks add, [L]; in parallel blocks after attention") var ffn: [Double] =
      []
    @Field("the sum of all scores") var sum = 0.0
    @Field("the scores' sum less what lies between start and end; null where scores are no differences")
    var remainder: Double? = nil
    @Field("the target's logit, less the contrast's, in parts that add up exactly") var logit = Logit()
  }

  let keywords = [ViewKeyword("layers", "what attention and feed-forward network of every block add to the prediction")]
  let keys: [any KeyDeclaration] = PredictionKeys.prediction + [PredictionKeys.method]
  let engine = EngineIdentity("contribution", version: 2)

  func faults(of bound: BoundDirective) -> [Diagnostic] { PredictionKeys.faults(of: bound, hasCoefficients: false) }

  func example(_ bound: BoundDirective) -> Layers {
    Layers(
      target: " Paris", targetId: 7, contrast: bound[PredictionKeys.contrast], logprob: .init(start: -7.5, end: -0.25),
      attention: [0.25, 2], ffn: [1, 4], sum: 7.25, remainder: bound[PredictionKeys.method].isIncrease ? 0 : nil,
      logit: .init(embedding: 0.5, attention: [0.25, 2], ffn: [1, 4], constant: 0.25, total: 8))
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Layers> {
    let asked = try bench.prediction(of: question)
    let found = try asked.parts.layers(question[PredictionKeys.method])
    let sum = (found.attention + found.ffn).reduce(0, +)
    return Answer(
      result: Layers(
        target: asked.target, targetId: asked.parts.target.token, contrast: asked.contrast,
        logprob: .init(start: found.start, end: found.end), attention: found.attention, ffn: found.ffn, sum: sum,
        remainder: found.remainder.map { -$0 },
        logit: .init(
          embedding: found.logits.embedding, attention: found.logits.attention, ffn: found.logits.ffn,
          constant: found.logits.constant, total: found.logits.total)), facts: asked.facts)
  }

  func exhibit(_ shown: Shown<Layers>, in say: Language) -> Exhibit {
    let method = shown[PredictionKeys.method]
    let prediction = PredictionWords.prediction(shown[TextKeys.required], shown.target, shown.contrast, say)
    let (attention, ffn) = (say("attention", "注意"), say("feed-forward", "FFN"))
    return Exhibit(
      chart: BarChart(
        title: say("Contributions by layer", "層ごとの寄与"), categories: shown.attention.indices.map(String.init),
        categoryTitle: Terms.block(say), value: Axis(PredictionWords.score(method, say)),
        series: [BarSeries(attention, values: shown.attention), BarSeries(ffn, values: shown.ffn)]),
      table: Table(
        Self.rows(shown.result, isIncrease: method.isIncrease, say),
        [
          .text(Terms.block(say), \.name), .cell(.init(attention)) { $0.attention }, .cell(.init(ffn)) { $0.ffn },
          .cell(.init(say("attention, logit", "注意（ロジット）"))) { $0.attentionLogit },
          .cell(.init(say("feed-forward, logit", "FFN（ロジット）"))) { $0.ffnLogit },
        ]),
      caption: Exhibit.Caption(
        say(
          "What each block adds to \(prediction): \(PredictionWords.score(method, say)).",
          "\(prediction)の予測に各ブロックが加えるもの。縦軸は\(PredictionWords.score(method, say))。")),
      notes: Exhibit.Notes([Self.whole(shown, say), PredictionWords.frozen(say)].filter { !$0.isEmpty }))
  }

  /// One line of the table: a block, or the whole.
  private struct Row {
    var name: String
    var attention = TableFigure.Cell.text("")
    var ffn = TableFigure.Cell.text("")
    var attentionLogit = TableFigure.Cell.text("")
    var ffnLogit = TableFigure.Cell.text("")
  }

  private static func rows(_ found: Layers, isIncrease: Bool, _ say: Language) -> [Row] {
    let logit = found.logit
    var rows = found.attention.indices.map { block in
      Row(
        name: "\(block)", attention: .number(found.attention[block]), ffn: .number(found.ffn[block]),
        attentionLogit: .number(logit.attention[block]), ffnLogit: .number(logit.ffn[block]))
    }
    rows.append(
      Row(
        name: say("sum over blocks", "ブロックの和"), attention: .number(found.attention.reduce(0, +)),
        ffn: .number(found.ffn.reduce(0, +)), attentionLogit: .number(logit.attention.reduce(0, +)),
        ffnLogit: .number(logit.ffn.reduce(0, +))))
    rows.append(
      Row(
        name: say("embedding; constant (logit)", "埋め込み・定数（ロジット）"), attentionLogit: .number(logit.embedding),
        ffnLogit: .number(logit.constant)))
    if isIncrease {
      rows.append(
        Row(name: say(PredictionWords.remainder.0, PredictionWords.remainder.1), attention: .number(found.remainder)))
    }
    return rows
  }

  private static func whole(_ shown: Shown<Layers>, _ say: Language) -> String {
    guard shown[PredictionKeys.method] == .logprobIncrease else { return "" }
    func text(_ number: Double) -> String { NumberText.fixed(number, decimals: 3) }
    let (start, end) = (text(shown.logprob.start), text(shown.logprob.end))
    return say(
      "From \(start) at the embedding to \(end) at the end: the bars add up to what lies between, \(text(shown.logprob.end - shown.logprob.start)).",
      "埋め込みの \(start) から最後の \(end) まで。棒の総和はその差 \(text(shown.logprob.end - shown.logprob.start)) に等しい。")
  }
}
