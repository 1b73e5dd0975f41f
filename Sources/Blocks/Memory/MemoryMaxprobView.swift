import Analyses
import Charts
import Directives
import JSONText
import Markup

/// `<<memory maxprob>>`: whether values that are surer of their token agree more often with their triggers.
struct MemoryMaxprobView: MemorySearchView {
  /// Neurons of about the same largest probability.
  struct Bin: Codable, Sendable {
    @Field("the least of their largest probabilities") var low = 0.0
    @Field("the greatest") var high = 0.0
    @Field("share of them that agree with their first trigger") var agreement = 0.0
    @Field("how many they are") var neurons = 0
  }

  /// The result.
  struct Bins: Codable, Sendable {
    @Field("from the least to the greatest largest probability, as many neurons in each as can be")
    var bins: [Bin] = []
    @Field("share of all neurons that agree") var overall: Double? = nil
    @Field("lower quartile, median and upper quartile of the largest probability in each block, [L][3]")
    var quartiles: [[Double?]] = []
    @Field("the probability of chance, 1 over the vocabulary") var chance = 0.0
  }

  static let bins = 10

  let keywords = [ViewKeyword("maxprob", "whether values that are surer of their top token agree more often")]
  let keys: [any KeyDeclaration] = [MemoryKeys.sign] + MemoryKeys.search
  let engine = EngineIdentity("memory-maxprob", version: 1)
  let constants: JSONObject = ["norm": "none"]
  func idleKeys(of _: BoundDirective) -> [String] { [Key.seed.name] }

  func example(_: BoundDirective) -> Bins {
    Bins(
      bins: [
        Bin(low: 0.0005, high: 0.0006, agreement: 0.125, neurons: 344),
        Bin(low: 0.0006, high: 0.001, agreement: 0.5, neurons: 344),
      ], overall: 0.3125, quartiles: [[0.0005, 0.00055, 0.0006], [0.0006, 0.0007, 0.001]], chance: 0.00048828125)
  }

  func wanted(by _: Question) -> Int { 1 }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Bins> {
    let found = try bench.memoryTriggers(of: question, wanted: wanted(by: question))
    let ranking = PredictiveValue.ranking(
      found[question[MemoryKeys.sign]], try bench.memoryValues(of: question, .none), count: 1)
    let rising = Array(ranking.reversed())
    let blocks = found[.absolute].triggers.count
    var result = Bins(
      overall: rising.isEmpty ? nil : rising.reduce(0) { $0 + $1.precision } / Double(rising.count),
      chance: 1 / Double(try question.subject.model().configuration.vocabulary))
    for bin in 0..<Self.bins {
      let part = rising[bin * rising.count / Self.bins..<(bin + 1) * rising.count / Self.bins]
      guard let low = part.first, let high = part.last else { continue }
      result.bins.append(
        Bin(
          low: low.probability, high: high.probability,
          agreement: part.reduce(0) { $0 + $1.precision } / Double(part.count), neurons: part.count))
    }
    for block in 0..<blocks {
      result.quartiles.append(Quartiles.of(rising.filter { $0.block == block }.map(\.probability)))
    }
    return Answer(result: result, facts: try question.facts(of: found))
  }

  func exhibit(_ shown: Shown<Bins>, in say: Language) -> Exhibit {
    func times(_ probability: Double) -> Double { probability / shown.chance }
    let agreement = say("agreement", "一致率")
    let unit = say("largest probability, times chance", "最大確率（一様の何倍）")
    return Exhibit(
      chart: LineChart(
        title: say("Agreement by the largest probability", "最大確率と一致率"), x: Axis(unit),
        y: Axis(say("share of neurons", "ニューロンの割合"), range: 0...0.1),
        series: [
          LineSeries(
            agreement,
            points: shown.bins.map { .init(x: times(($0.low + $0.high) / 2), y: $0.agreement) },
            style: LineStyle(color: shown.color))
        ],
        references: shown.overall.map { [ReferenceLine(.horizontal, at: $0, label: say("all", "全体"))] } ?? []),
      table: Table(
        shown.bins,
        [
          .text(unit) {
            "\(NumberText.significant(times($0.low), digits: 3)) – \(NumberText.significant(times($0.high), digits: 3))"
          },
          .count(say("neurons", "ニューロン数"), \.neurons), .percent(agreement, \.agreement),
        ]),
      caption: Exhibit.Caption(
        say(
          "Share of neurons that agree with their strongest trigger, in tenths of all neurons by the largest probability that their value gives a token.",
          "値がトークンに与える最大確率の順に全ニューロンを十等分したときの、最強のトリガーとの一致率。")),
      notes: Exhibit.Notes([
        MemoryWords.norm(.none, say),
        say(
          "A value has no scale of its own: its probabilities stay near chance, and their order counts.",
          "値それ自体には尺度がないため確率は一様に近く、意味があるのはその順序である。"),
      ]), explanations: [MemoryWords.definitions(say), MemoryWords.triggers(shown[MemoryKeys.sign], say)])
  }
}
