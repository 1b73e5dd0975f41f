import Analyses
import Charts
import Directives
import JSONText

/// `<<memory agreement>>`: how often a value's top token is the one that follows the neuron's first trigger.
struct MemoryAgreementView: MemorySearchView {
  /// The result.
  struct Agreement: Codable, Sendable {
    @Field("share of each block's neurons whose value's top token follows their first trigger, [L]")
    var rate: [Double] = []
    @Field("share of all neurons, mean over blocks") var overall: Double? = nil
    @Field("the same with each value judged by the first trigger of another neuron, mean over blocks")
    var random: Double? = nil
    @Field("the same by block: the mean over all other neurons of the block, [L]") var randomByBlock: [Double?] = []
    @Field("share of the triggers that the value's top token follows, over all neurons of a block, [L]")
    var precision: [Double?] = []
    @Field("neurons of each block whose first place is shared by texts that go on differently, [L]")
    var tiedFirst: [Int] = []
    @Field("neurons of each block without a trigger or with a value of zeros, which count as not agreeing, [L]")
    var undefined: [Int] = []
    @Field("neurons of a block") var neurons = 0
    @Field("triggers of each neuron that count for the precision") var triggers = 0
    @Field("what stands between values and the vocabulary") var norm = ""
  }

  let keywords = [
    ViewKeyword("agreement", "how often a value's top token is what follows the neuron's first trigger, beside chance")
  ]
  let keys: [any KeyDeclaration] =
    [MemoryKeys.sign, MemoryKeys.norm, MemoryKeys.triggers] + MemoryKeys.search
  let engine = EngineIdentity("memory-agreement", version: 1)
  func idleKeys(of _: BoundDirective) -> [String] { [Key.seed.name] }
  func overlays(_ bound: BoundDirective) -> Bool { bound.form != .table }

  func example(_: BoundDirective) -> Agreement {
    Agreement(
      rate: [0.1, 0.25], overall: 0.175, random: 0.01, randomByBlock: [0.0125, nil], precision: [0.09, 0.2],
      tiedFirst: [20, 3],
      undefined: [0, 1], neurons: 344, triggers: 25, norm: "frozen")
  }

  func wanted(by question: Question) -> Int { question[MemoryKeys.triggers] }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Agreement> {
    let norm = question[MemoryKeys.norm] ?? .frozen
    let found = try bench.memoryTriggers(of: question, wanted: wanted(by: question))
    let table = found[question[MemoryKeys.sign]]
    let agreement = TriggerAgreement(
      table, try bench.memoryValues(of: question, norm), count: question[MemoryKeys.triggers])
    return Answer(
      result: Agreement(
        rate: agreement.rate, overall: MemoryRate.mean(agreement.rate), random: MemoryRate.mean(agreement.chance),
        randomByBlock: agreement.chance, precision: agreement.precision, tiedFirst: agreement.tiedFirst,
        undefined: agreement.undefined, neurons: table.neurons, triggers: question[MemoryKeys.triggers],
        norm: norm.rawValue),
      facts: try question.facts(of: found))
  }

  func exhibit(_ shown: Shown<Agreement>, in say: Language) -> Exhibit {
    let (rate, random) = (say("agreement", "一致率"), say("another neuron's trigger", "他のニューロンのトリガー"))
    let precision = say("of all \(shown.triggers) triggers", "全 \(shown.triggers) トリガー")
    let series = MemoryWords.besideChance(shown, (rate, { $0.rate }), (random, { $0.randomByBlock }))
    let tied = shown.tiedFirst.reduce(0, +)
    let all = shown.neurons * shown.rate.count
    return Exhibit(
      chart: MemoryWords.lines(
        say("Agreement of values with triggers", "値とトリガーの一致"),
        Axis(say("share of neurons", "ニューロンの割合"), range: 0...0.1), series, say),
      table: Table(
        shown.rate.indices,
        [
          .text(Terms.block(say)) { "\($0)" }, .percent(rate, { shown.rate[$0] }),
          .percent(random, { shown.randomByBlock[$0] }), .percent(precision, { shown.precision[$0] }),
          .count(say("tied first places", "首位の同着"), { shown.tiedFirst[$0] }),
        ]),
      caption: Exhibit.Caption(
        say(
          "Share of the neurons of each block whose value gives most to the token that follows their strongest trigger; beside it the same with the trigger of another neuron of the block.",
          "各ブロックのニューロンのうち、最強のトリガーに続くトークンを値が最も高くするものの割合。併せて、同じブロックの他のニューロンのトリガーで測った割合を示す。")),
      notes: Exhibit.Notes([
        MemoryWords.norm(ProjectionNorm(rawValue: shown.norm) ?? .frozen, say),
        say(
          "The control is the mean over all other neurons of the block, not a draw. \(tied) of \(all) first places are shared by texts that go on differently.",
          "対照は抽出ではなく、ブロック内の他の全ニューロンにわたる平均。首位 \(all) 件のうち \(tied) 件は、続きの異なるテキストが分け合う。"),
      ]), explanations: [MemoryWords.definitions(say), MemoryWords.triggers(shown[MemoryKeys.sign], say)])
  }
}
