import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Tensors

extension Block {
  /// `<<intervene top=10>>`: whether zeroing what a score names takes the answer away.
  static let intervene = Block(
    "intervene",
    "the answers of a dataset after zeroing the units that each score names, beside as many drawn by chance",
    views: [InterveneView()],
    examples: ["<<intervene dataset=facts>>", "<<intervene top=10 method=logprob-increase,coef dataset=facts>>"])
}

struct InterveneView: View {
  /// Which units are zeroed.
  enum Units: String, CaseIterable { case neurons, heads }
  /// Where.
  enum Place: String, CaseIterable { case last, all }

  static let top = Key.int("top", in: 1...100_000, standard: 10, "how many units of each prompt are zeroed")
  static let units = Key<Units>.choice("units", standard: .neurons, "whether neurons or heads are zeroed")
  static let place = Key<Place>.choice("at", standard: .last, "whether they are zero at the last position or at all")
  static let methods = Key<[String]>(
    SettingKey(
      "method", .choices(ContributionMethod.allCases.map(\.rawValue)),
      "the scores that choose units, separated by commas; all that units have where not given"), standard: []
  ) {
    switch $0 {
    case .words(let words): words
    case .word(let word): [word]
    default: nil
    }
  }

  let keys: [any KeyDeclaration] = [top, methods, units, place, AnsweredKeys.prompts]
  let engine = EngineIdentity("intervene", version: 1)
  let constants: JSONObject = ["norm": "frozen"]

  var isTable: Bool { false }

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    guard bound[Self.units] == .heads else { return [] }
    return Self.named(bound).filter(\.needsCoefficient).map {
      PredictionKeys.fault(
        bound, "method=\($0.rawValue) asks for a coefficient, which heads do not have", "leave it out, or units=heads")
    }
  }

  func needs(_: BoundDirective) -> ModelNeeds { [.head, .sum] }
  var readsPrompts: Bool { true }

  func example(_ bound: BoundDirective) -> InterveneResult {
    var example = InterveneResult(
      original: .init(mrr: 0.9, probability: 0.8), random: .init(mrr: 0.875, probability: 0.75), prompts: 40, seen: 50)
    for method in Self.methods(of: bound) { example[method] = .init(mrr: 0.25, probability: 0.125) }
    return example
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<InterveneResult> {
    let prompts = try AnsweredPrompts(question)
    let methods = Self.methods(of: question.bound)
    let c = try question.subject.model().configuration
    let isHeads = question[Self.units] == .heads
    let width = isHeads ? c.heads : c.ffnWidth
    let top = min(question[Self.top], c.blocks * width)
    var stream = RandomStream(seed: question[.seed], stream: "intervene.random")
    var sums = [(rank: Double, probability: Double)](repeating: (0, 0), count: methods.count + 2)
    let (used, counts) = try prompts.forEach(question[AnsweredKeys.prompts], progress: bench.scoring(question)) {
      _, parts in
      let chosen =
        isHeads ? try parts.headRankings(by: methods, top: top) : try parts.neuronRankings(by: methods, top: top)
      let drawn = stream.sample(top, below: c.blocks * width).map { place -> StreamUnit in
        isHeads ? .head(block: place / width, place % width) : .neuron(block: place / width, place % width)
      }
      let outcomes = try parts.trace.model.outcomes(
        of: parts.trace.ids, token: parts.target.token, zeroing: [[], drawn] + chosen.map { $0.map(\.unit) },
        everywhere: question[Self.place] == .all)
      for (place, outcome) in outcomes.enumerated() {
        sums[place].rank += 1 / Double(outcome.rank)
        sums[place].probability += outcome.probability
      }
    }
    let means = sums.map {
      InterveneResult.Outcome(mrr: $0.rank / Double(used), probability: $0.probability / Double(used))
    }
    var result = InterveneResult(original: means[0], random: means[1], prompts: used, seen: counts.seen)
    for (place, method) in methods.enumerated() { result[method] = means[place + 2] }
    return Answer(result: result, facts: prompts.facts(used))
  }

  private static func named(_ bound: BoundDirective) -> [ContributionMethod] {
    bound[methods].compactMap { ContributionMethod(rawValue: $0) }
  }

  /// The methods asked for, in their own order.
  static func methods(of bound: BoundDirective) -> [ContributionMethod] {
    let named = named(bound)
    return ContributionMethod.allCases.filter { method in
      named.isEmpty ? bound[units] == .neurons || !method.needsCoefficient : named.contains(method)
    }
  }

  func exhibit(_ shown: Shown<InterveneResult>, in say: Language) -> Exhibit {
    typealias Row = (name: String, outcome: InterveneResult.Outcome)
    let methods = ContributionMethod.allCases.compactMap { method in shown.result[method].map { (method.rawValue, $0) }
    }
    let rows: [Row] =
      [(say("nothing zeroed", "介入なし"), shown.original), (say("drawn by chance", "無作為"), shown.random)] + methods
    let noun = shown[Self.units] == .heads ? say("heads", "ヘッド") : say("neurons", "ニューロン")
    let place = shown[Self.place] == .last ? say("at the last position", "最終位置で") : say("at every position", "全位置で")
    let (mrr, probability) = (say("mean reciprocal rank", "平均逆順位"), say("probability of the answer", "答えの確率"))
    return Exhibit(
      chart: BarChart(
        title: say("The answer after zeroing", "ゼロ化後の答え"), categories: rows.map(\.name),
        categoryTitle: say("zeroed by", "選び方"), value: Axis(say("mean over prompts", "文にわたる平均"), range: 0...1),
        series: [
          BarSeries(probability, values: rows.map(\.outcome.probability)),
          BarSeries(mrr, values: rows.map(\.outcome.mrr)),
        ], isHorizontal: true, format: .fixed(3)),
      table: Table(
        rows,
        [
          .text(say("zeroed by", "選び方"), \.name), .number(mrr, \.outcome.mrr),
          .percent(probability, \.outcome.probability),
          .percent(say("change of probability", "確率の変化")) { row in
            shown.original.probability == 0 ? nil : row.outcome.probability / shown.original.probability - 1
          },
        ]),
      caption: Exhibit.Caption(
        say(
          "The answers after \(shown[Self.top]) \(noun) of each prompt are zeroed \(place), chosen by each score or drawn by chance.",
          "各文で \(shown[Self.top]) 個の\(noun)を\(place)ゼロにした後の答え。スコアごとの選択と無作為な選択。")),
      notes: Exhibit.Notes([
        say("The random units are as many, drawn anew for every prompt.", "無作為なユニットは同数で、文ごとに新たに抽出する。"),
        AnsweredPrompts.sample(shown.prompts, of: shown.seen, say),
      ]))
  }
}
