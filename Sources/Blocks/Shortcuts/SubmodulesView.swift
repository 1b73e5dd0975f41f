import Analyses
import Charts
import Directives
import JSONText
import Regression
import Tensors

extension Block {
  /// `<<submodules precision|surprisal>>`: which part of the blocks a fitted map can stand in for.
  static let submodules = Block(
    "submodules", "sub-modules replaced by fitted maps from a block on: which part of the network is nearly linear",
    views: [SubmodulesView()], examples: ["<<submodules precision>>", "<<submodules surprisal n=600 intercept=on>>"])
}

/// Agreement and surprisal with each kind of sub-module replaced from block l on.
struct SubmodulesResult: Codable, Sendable {
  /// One kind of replacement; entry l: blocks 0..l-1 exact, the sub-module replaced in all others.
  struct Curve: Codable, Sendable {
    @Field("share of samples whose top token is the full model's, [L+1]; the last entry is the model itself")
    var precision: [Double?] = []
    @Field("share of samples whose top token is among the full model's five largest, [L+1]")
    var precision5: [Double?] = []
    @Field("share of samples whose top token is among the full model's ten largest, [L+1]")
    var precision10: [Double?] = []
    @Field("mean of -ln p under the full model of the top token, in nats, [L+1]; null where a state overflowed")
    var surprisal: [Double?] = []
    @Field("samples whose state overflowed, which agree with nothing, [L+1]") var overflows: [Int] = []
  }

  @Field("attention, so that nothing moves between positions") var attention = Curve()
  @Field("the feed-forward network") var ffn = Curve()
  @Field("every norm of the block") var norms = Curve()
  @Field("all blocks from l on by one map from state l to the last") var block = Curve()
  @Field("all blocks from l on by a map for each, one after the other") var blockChain = Curve()
  @Field("surprisal of the full model's own tokens") var floor: Double? = nil
  @Field("whether there were fewer training samples than dimensions") var minimumNorm = false
}

struct SubmodulesView: ShortcutView {
  static let sample = SplitKeys(texts: SampleKeys.texts(1000), position: ShortcutKeys.position)

  let keywords = [
    ViewKeyword("precision", "agreement with the full model"),
    ViewKeyword("surprisal", "how unlikely the full model holds the prediction"),
  ]
  let keys: [any KeyDeclaration] = SubmodulesView.sample.all + MapKeys.all
  let engine = EngineIdentity("submodules", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { .head }
  let constants: JSONObject = ["norm": "recompute"]

  /// Both words show one result.
  func resultWord(_: String) -> String { "precision" }

  func example(_: BoundDirective) -> SubmodulesResult {
    let curve = SubmodulesResult.Curve(
      precision: [0.2, 0.7, 1], precision5: [0.4, 0.8, 1], precision10: [0.5, 0.9, 1], surprisal: [nil, 2, 0.5],
      overflows: [1, 0, 0])
    return SubmodulesResult(attention: curve, ffn: curve, norms: curve, block: curve, blockChain: curve, floor: 0.5)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<SubmodulesResult> {
    let model = try question.subject.model()
    let options = MapKeys.options(of: question.bound)
    let sample = try bench.splitTexts(of: question, Self.sample)
    let test = sample.states.test
    let maps = try SubmoduleMaps(
      model, train: sample.train, options: options, memory: bench.memory / 2, monitor: bench.monitor)
    let run = ReplacedRun(
      model, texts: sample.test.map(\.ids), positions: sample.test.flatMap(\.positions), memory: bench.memory / 2)
    let monitor = bench.monitor
    let replaced = try run.tops(from: Submodule.allCases.map { maps.taps($0, model.configuration) }) {
      monitor.progress("running replaced sub-modules", $0, $1)
    }
    let finalMaps = try bench.finalMaps(sample.states, question.bound)
    let whole = try zip(test, finalMaps.maps).map { try LensReading.read($1.apply($0), through: model).top }
    let chain = try Self.chain(sample.states.train, test, options).map { try LensReading.read($0, through: model).top }
    let full = try LensReading.read(test[test.count - 1], through: model).top
    let kinds = replaced + [whole, chain]
    let outcomes = try ShortcutJudge.outcomes(
      of: kinds.flatMap { $0 + [full] }, final: test[test.count - 1], head: model)
    let curves = kinds.indices.map { kind in
      SubmodulesResult.Curve(Array(outcomes[kind * test.count..<(kind + 1) * test.count]))
    }
    return Answer(
      result: SubmodulesResult(
        attention: curves[0], ffn: curves[1], norms: curves[2], block: curves[3], blockChain: curves[4],
        floor: outcomes.last?.surprisal, minimumNorm: finalMaps.isMinimumNorm),
      facts: question.facts(sample.states))
  }

  /// The states that a chain of maps, one for each block from l on, makes of each h_l, `[L]`.
  private static func chain(_ train: [Matrix], _ test: [Matrix], _ options: LinearMapOptions) throws -> [Matrix] {
    let steps = try (0..<train.count - 1).map { block in
      AffineMap(try LinearMapSolver(source: train[block], options: options).map(to: train[block + 1]), options)
    }
    return steps.indices.map { level in steps[level...].reduce(test[level]) { $1.apply($0) } }
  }
}

extension SubmodulesResult.Curve {
  /// The curve of the outcomes at each state.
  init(_ outcomes: [ShortcutOutcome]) {
    self.init(
      precision: outcomes.map { $0.precision(at: 1) }, precision5: outcomes.map { $0.precision(at: 5) },
      precision10: outcomes.map { $0.precision(at: 10) }, surprisal: outcomes.map(\.surprisal),
      overflows: outcomes.map(\.overflows))
  }
}
