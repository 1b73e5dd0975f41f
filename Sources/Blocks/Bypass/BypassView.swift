import Analyses
import Diagnostics
import Directives
import JSONText
import Markup
import Transformers

/// `<<bypass 3->8>>`: one span, left out.
struct BypassView: View {
  let keys: [any KeyDeclaration] = BypassKeys.all
  let engine = EngineIdentity("bypass", version: 2)
  func needs(_: BoundDirective) -> ModelNeeds { [.head, .causal] }

  func requireFit(_ bound: BoundDirective, named model: String, in configuration: ModelConfiguration) throws(Misfit) {
    guard let end = bound[BypassKeys.span]?.to, end > configuration.blocks else { return }
    throw Misfit(
      "the span ends above the last depth of '\(model)', \(configuration.blocks)", at: .setting(BypassKeys.span.name))
  }

  let constants: JSONObject = ["norm": "recompute"]

  func idleKeys(of bound: BoundDirective) -> [String] { BypassKeys.unused(by: bound) }

  func faults(of bound: BoundDirective) -> [Diagnostic] { BypassKeys.faults(of: bound) }

  var isTable: Bool { true }

  func example(_ bound: BoundDirective) -> BypassResult {
    var example = BypassResult.example
    if bound[BypassKeys.measure] == .time { example.measured = .init(full: 1000, bypassed: 1500) }
    return example
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<BypassResult> {
    let model = try bench.bypassModel(of: question)
    let texts = try bench.bypassTexts(of: question)
    let bypass = try bench.bypass(of: question, texts, model)
    let level: Set<Int> = [bypass.span.lowerBound]
    let judge = try BypassJudge(model, texts.judged, levels: level, progress: bench.running(question))
    let words = try BypassJudge(model, bench.lastWords(of: question, texts, model), levels: level)
    var result = try Self.result(bypass, judge, words, by: question[BypassKeys.by], model)
    if question[BypassKeys.measure] == .time { result.measured = try BypassTiming(model, judge.texts).pair(bypass) }
    return Answer(result: result, facts: texts.facts(model.configuration, predicted: judge.texts.next.count))
  }

  func exhibit(_ shown: Shown<BypassResult>, in say: Language) -> Exhibit {
    typealias Row = (name: String, blocks: Int, value: (BypassResult.Pair) -> Double?, agreement: Double?)
    let rows: [Row] = [
      (say("full model", "全層モデル"), shown.facts.blocks, { $0.full }, 1),
      (Self.standIn(shown.by, say), shown.facts.blocks - shown.layersSkipped, { $0.bypassed }, shown.agreement),
    ]
    var columns: [TableColumn<Row>] = [
      .text(say("model", "モデル"), \.name), .count(say("blocks run", "実行ブロック数"), \.blocks),
      .number(say("perplexity", "パープレキシティ"), { $0.value(shown.perplexity) }),
      .percent(say("agreement", "一致率"), \.agreement),
      .percent(say("last word", "最終単語"), { $0.value(shown.lastWord) }),
      .count(say("multiply-adds per token", "トークン当たり積和数")) { Int($0.value(shown.cost) ?? 0) },
    ]
    if let measured = shown.measured {
      columns.append(
        .number(say("tokens per second*", "毎秒トークン数*"), { $0.value(measured) }, decimals: 0))
    }
    let (from, to) = (shown.span.first ?? 0, shown.span.last ?? 0)
    let isOne = to - from == 1
    let which =
      isOne ? say("Block \(from)", "ブロック \(from)") : say("Blocks \(from) to \(to - 1)", "ブロック \(from)〜\(to - 1)")
    return Exhibit(
      chart: nil, table: Table(rows, columns),
      caption: Exhibit.Caption(
        say(
          "\(which) of \(shown.name) left out (\(from)→\(to)) at every position, judged on texts that fitted nothing.",
          "\(shown.name) の\(which) を全位置で省略（\(from)→\(to)）。写像の推定に使っていない文で評価。")),
      notes: Exhibit.Notes(Self.notes(shown, say)))
  }

  static func standIn(_ by: String, _ say: Language) -> String {
    switch by {
    case "sparse": say("sparse map in their place", "疎な写像で置換")
    case "skip": say("nothing in their place", "置換なし")
    default: say("fitted map in their place", "線形写像で置換")
    }
  }

  private static func notes(_ shown: Shown<BypassResult>, _ say: Language) -> [String] {
    let counted = say(
      "\(NumberText.integer(shown.tokens)) predicted tokens; last word: every token of it the most likely one, in \(shown.lastWords) texts. Multiply-adds count every weight that multiplies, not attention's own sums.",
      "予測トークン数 \(NumberText.integer(shown.tokens))。最終単語は全トークンが最尤である割合（\(shown.lastWords) 文）。積和数は重みとの積のみで、注意の和は含まない。")
    guard shown.measured != nil else { return [counted] }
    return [
      counted,
      say(
        "*Measured on one machine, both models alternately in one run; another machine gives other numbers, and comparisons leave them out.",
        "*一台の計算機で両モデルを交互に実行した測定値。計算機により異なり、検証の比較対象には含めない。"),
    ]
  }
}

extension Workbench {
  /// The bypass of a question's span, fitted.
  func bypass(of question: Question, _ texts: BypassTexts, _ model: Model) throws -> Bypass {
    guard let pair = question[BypassKeys.span] else { throw EngineError("<<bypass>> names no span") }
    var fit = try BypassFit(question, texts.train, model, levels: [pair.from, pair.to], on: self)
    return Bypass(
      pair.from..<pair.to, map: try fit.map(from: pair.from, to: pair.to),
      keepsFirst: question[BypassKeys.keepFirst])
  }
}
