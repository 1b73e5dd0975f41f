import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Tensors
import Transformers

/// `<<memory ablation>>`: what becomes of a coefficient when one token of the trigger is taken away.
struct MemoryAblationView: MemorySearchView {
  /// Mean and median over all triggers.
  struct Summary: Codable, Sendable {
    @Field("mean change") var mean: Double? = nil
    @Field("median change") var median: Double? = nil
  }

  /// Each place in sum.
  struct Overall: Codable, Sendable {
    @Field("without the first token") var first = Summary()
    @Field("without the last token") var last = Summary()
    @Field("without a token at a random place") var random = Summary()
  }

  /// The result.
  struct Ablation: Codable, Sendable {
    @Field("mean relative change of the coefficient without the first token of the text, [L]") var first: [Double?] = []
    @Field("the same without the last token, [L]") var last: [Double?] = []
    @Field("the same without a token at a random place, [L]") var random: [Double?] = []
    @Field("over all triggers of all blocks") var overall = Overall()
    @Field("triggers that were shortened") var count = 0
    @Field("triggers of a single token, which were left out") var tooShort = 0
  }

  let keywords = [ViewKeyword("ablation", "how a coefficient changes without the first, last or a random token")]
  let keys: [any KeyDeclaration] =
    [PredictionKeys.unit, MemoryKeys.keys, MemoryKeys.triggers, MemoryKeys.sign] + MemoryKeys.search
  let engine = EngineIdentity("memory-ablation", version: 1)

  func idleKeys(of bound: BoundDirective) -> [String] {
    bound[PredictionKeys.unit] == nil ? [] : [MemoryKeys.keys.name]
  }

  func faults(of bound: BoundDirective) -> [Diagnostic] { MemoryKeys.faultsOfOptionalUnit(in: bound) }

  func example(_: BoundDirective) -> Ablation {
    Ablation(
      first: [-0.0625, -0.03125], last: [-1, nil], random: [-0.25, -0.125],
      overall: Overall(
        first: .init(mean: -0.05, median: -0.007), last: .init(mean: -1, median: -0.99),
        random: .init(mean: -0.2, median: -0.02)), count: 460, tooShort: 40)
  }

  func wanted(by question: Question) -> Int { question[MemoryKeys.triggers] }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Ablation> {
    let found = try bench.memoryTriggers(of: question, wanted: wanted(by: question))
    let corpus = try bench.memoryCorpus(of: question)
    let model = try question.subject.model()
    let c = model.configuration
    let neurons = try bench.drawnNeurons(of: question)
    let triggers = neurons.enumerated().flatMap { block, neurons in
      neurons.flatMap { neuron in
        found[question[MemoryKeys.sign]][block, neuron].prefix(question[MemoryKeys.triggers]).map {
          NeuronTrigger(block: block, neuron: neuron, trigger: $0)
        }
      }
    }
    var stream = RandomStream(seed: question[.seed], stream: "memory.ablation")
    var options = CaptureOptions()
    options.memory = bench.memory / 2
    let (monitor, activity) = (bench.monitor, "shortening triggers of \(question.subject.entry.name)")
    options.progress = { monitor.progress(activity, $0.blocksDone, $0.blocks) }
    let removed = try model.removingTokens(from: triggers, in: corpus, options: options) { stream.integer(below: $0) }
    func summary(_ place: RemovedTokens.Place) -> Summary {
      let found = removed.summary(place)
      return Summary(mean: found.mean, median: found.median)
    }
    return Answer(
      result: Ablation(
        first: removed.means(.first, blocks: c.blocks), last: removed.means(.last, blocks: c.blocks),
        random: removed.means(.random, blocks: c.blocks),
        overall: Overall(first: summary(.first), last: summary(.last), random: summary(.random)),
        count: removed.changes.count, tooShort: removed.tooShort),
      facts: try question.facts(of: found))
  }

  func exhibit(_ shown: Shown<Ablation>, in say: Language) -> Exhibit {
    let all = [
      (say("first token", "最初のトークン"), shown.first, shown.overall.first),
      (say("last token", "最後のトークン"), shown.last, shown.overall.last),
      (say("random token", "無作為のトークン"), shown.random, shown.overall.random),
    ]
    let whose =
      shown[PredictionKeys.unit].map { "\($0)" }
      ?? say("\(shown[MemoryKeys.keys]) neurons of each block", "各ブロック \(shown[MemoryKeys.keys]) 個のニューロン")
    return Exhibit(
      chart: MemoryWords.lines(
        say("Coefficients after a token is taken away", "トークン除去後の係数"),
        Axis(say("relative change", "相対変化"), format: .percent(0)),
        all.enumerated().map { LineSeries($1.0, values: $1.1, style: LineStyle(color: $0, dash: $0)) }, say,
        references: [ReferenceLine(.horizontal, at: 0)]),
      table: Table(
        shown.first.indices,
        [.text(Terms.block(say)) { "\($0)" }] + all.map { part in .percent(part.0, { part.1[$0] }) }),
      caption: Exhibit.Caption(
        say(
          "Mean relative change (*m*′ − *m*) / *m* of the coefficients of \(whose) at the end of their strongest triggers when one token is taken away.",
          "最強のトリガーの末尾における\(whose)の係数の相対変化 (*m*′ − *m*) / *m* の平均（一つのトークンを除いたとき）。")),
      notes: Exhibit.Notes([
        say(
          "\(shown.count) triggers; \(shown.tooShort) of a single token are left out. The beginning-of-text token stays. Medians: "
            + all.map { "\($0.0) \(MemoryWords.percent($0.2.median, say))" }.joined(separator: ", ") + ".",
          "トリガー \(shown.count) 件。単一トークンの \(shown.tooShort) 件は除く。文頭トークンは残す。中央値："
            + all.map { "\($0.0) \(MemoryWords.percent($0.2.median, say))" }.joined(separator: "、") + "。")
      ]), explanations: [MemoryWords.definitions(say), MemoryWords.triggers(shown[MemoryKeys.sign], say)])
  }
}

extension Workbench {
  /// The neuron that is asked about, or some of each block drawn by chance.
  func drawnNeurons(of question: Question) throws -> [[Int]] {
    let c = try question.subject.model().configuration
    guard question[PredictionKeys.unit] != nil else {
      return DrawnNeurons.of(
        blocks: c.blocks, neurons: c.ffnWidth, each: question[MemoryKeys.keys], seed: question[.seed])
    }
    let (block, neuron) = try question.neuron()
    return (0..<c.blocks).map { $0 == block ? [neuron] : [] }
  }
}
