import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Markup
import Transformers

/// `<<bypass auto budget=10%>>`: every span tried, the longest within the budget chosen, and judged once more.
///
/// One half of the judging texts chooses and the other half judges what was chosen: the best of many is partly luck.
struct BypassSearchView: View {
  let keys: [any KeyDeclaration] = BypassKeys.all
  let engine = EngineIdentity("bypass-search", version: 2)
  func needs(_: BoundDirective) -> ModelNeeds { [.head, .causal] }

  let constants: JSONObject = ["norm": "recompute"]

  let selectors: [String: SettingValue] = [BypassKeys.search.name: .word(BypassKeys.Search.auto.rawValue)]

  func idleKeys(of bound: BoundDirective) -> [String] { BypassKeys.unused(by: bound) }

  func faults(of bound: BoundDirective) -> [Diagnostic] { BypassKeys.faults(of: bound) }

  func example(_: BoundDirective) -> BypassSearch { .example }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<BypassSearch> {
    let model = try bench.bypassModel(of: question)
    let texts = try bench.bypassTexts(of: question)
    let half = (texts.test.count + 1) / 2
    let choosing = BypassTexts(train: texts.train, test: Array(texts.test[..<half]))
    let confirming = BypassTexts(train: texts.train, test: Array(texts.test[half...]))
    var fit = try BypassFit(
      question, texts.train, model, levels: Set(0...model.configuration.blocks), on: bench)
    var result = try search(question, choosing.judged, &fit, model, on: bench)
    let chosen = result.chosen.span
    let judge = try BypassJudge(model, confirming.judged, levels: Set(chosen))
    let words = try BypassJudge(model, bench.lastWords(of: question, confirming, model), levels: Set(chosen))
    if result.chosen.layersSkipped == 0 {
      result.confirmed = .unchanged(judge, words, model, by: question[BypassKeys.by])
    } else {
      let bypass = Bypass(
        chosen[0]..<chosen[1], map: try fit.map(from: chosen[0], to: chosen[1]),
        keepsFirst: question[BypassKeys.keepFirst])
      result.confirmed = try BypassView.result(bypass, judge, words, by: question[BypassKeys.by], model)
    }
    return Answer(
      result: result, facts: texts.facts(model.configuration, predicted: texts.judged.next.count))
  }

  private func search(
    _ question: Question, _ texts: JudgedTexts, _ fit: inout BypassFit, _ model: Model, on bench: Workbench
  ) throws -> BypassSearch {
    let last = model.configuration.blocks
    let judge = try BypassJudge(model, texts, levels: Set(0..<last))
    guard let full = judge.full.perplexity else { throw EngineError("the judging texts have no token to predict") }
    var spans: [BypassSearch.Point] = []
    for i in 0..<last {
      for j in i + 1...last {
        bench.monitor.progress("bypassing \(question.subject.entry.name)", spans.count, last * (last + 1) / 2)
        let bypass = Bypass(i..<j, map: try fit.map(from: i, to: j), keepsFirst: question[BypassKeys.keepFirst])
        let found = try judge.predictions(of: bypass)
        spans.append(
          .init(
            span: [i, j], layersSkipped: j - i, perplexity: found.perplexity ?? 0,
            agreement: found.agreement(with: judge.full) ?? 0))
      }
    }
    let allowed = full * (1 + question[BypassKeys.budget])
    let frontier = BypassSearch.frontier(
      full: .init(span: [0, 0], layersSkipped: 0, perplexity: full, agreement: 1), spans)
    return BypassSearch(
      frontier: frontier, chosen: frontier.last { $0.perplexity <= allowed } ?? frontier[0], allowed: allowed,
      spans: spans)
  }

  func exhibit(_ shown: Shown<BypassSearch>, in say: Language) -> Exhibit {
    let budget = NumberText.percent(shown[BypassKeys.budget], decimals: 0)
    return Exhibit(
      chart: BypassFrontierChart.make(shown, say),
      table: Table(
        shown.frontier,
        [
          .text(say("span", "区間"), \.name), .count(say("blocks left out", "省略ブロック数"), \.layersSkipped),
          .number(say("perplexity", "パープレキシティ"), \.perplexity), .percent(say("agreement", "一致率"), \.agreement),
        ]),
      caption: Exhibit.Caption(
        say(
          "Blocks of \(shown.name) left out, at what price: every span was tried on texts that fitted nothing.",
          "\(shown.name) のブロックを省略したときの代償。写像の推定に使っていない文で全区間を試した。"),
        chart: say(
          " Line: the spans that no other one beats in blocks left out and perplexity; triangles: all others.",
          "線は省略数とパープレキシティの両方で他に劣らない区間、三角はその他の区間。")),
      notes: Exhibit.Notes([Self.choice(shown, budget, say)]))
  }

  private static func choice(_ shown: Shown<BypassSearch>, _ budget: String, _ say: Language) -> String {
    let (chosen, again) = (shown.chosen, shown.confirmed)
    guard chosen.layersSkipped > 0 else {
      return say("No span keeps the perplexity within \(budget).", "パープレキシティの増加を \(budget) 以内に保つ区間はない。")
    }
    func number(_ value: Double?) -> String { NumberText.fixed(value, decimals: 3) }
    func share(_ value: Double?) -> String { value.map { NumberText.percent($0, decimals: 1) } ?? NumberText.undefined }
    return say(
      """
      Of the spans whose perplexity rises by at most \(budget) the longest is \(chosen.name). On texts that had no part in \
      choosing it (\(NumberText.integer(again.tokens)) predicted tokens, \(again.lastWords) last words): perplexity \
      \(number(again.perplexity.bypassed)) (full \(number(again.perplexity.full))), agreement \(share(again.agreement)), \
      last words \(share(again.lastWord.bypassed)) (full \(share(again.lastWord.full))).
      """,
      """
      増加 \(budget) 以内で最長の区間は \(chosen.name)。選択に使っていない文（予測トークン \(NumberText.integer(again.tokens))、最終単語 \
      \(again.lastWords)）では、パープレキシティ \
      \(number(again.perplexity.bypassed))（全層 \(number(again.perplexity.full))）、一致率 \(share(again.agreement))、\
      最終単語 \(share(again.lastWord.bypassed))（全層 \(share(again.lastWord.full))）。
      """)
  }
}

extension BypassSearch.Point {
  /// `3→8`, or a dash where nothing is left out.
  var name: String { layersSkipped == 0 ? "–" : "\(span[0])→\(span[1])" }
}

extension BypassResult {
  /// The full model beside itself, where nothing is left out.
  static func unchanged(
    _ judge: BypassJudge, _ words: BypassJudge, _ model: Model, by: BypassKeys.StandIn
  ) -> BypassResult {
    func both(_ value: Double?) -> Pair { Pair(full: value, bypassed: value) }
    return BypassResult(
      by: by.rawValue, span: [0, 0], layersSkipped: 0, perplexity: both(judge.full.perplexity),
      agreement: judge.full.agreement(with: judge.full), lastWord: both(words.full.wholeHits(of: words.texts)),
      cost: both(MultiplyAdds.model(model.configuration)), speedup: 1, tokens: judge.texts.next.count,
      lastWords: words.texts.texts.count)
  }
}
