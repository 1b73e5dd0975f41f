import Analyses
import Diagnostics
import Directives
import JSONText
import Regression
import Transformers

extension Block {
  /// `<<earlyexit M 95%>>`: how many blocks early exit saves through the `mat` and `id` lenses at a wanted agreement.
  static let earlyexit = Block(
    "earlyexit",
    "blocks saved by early exit at a share of agreement with the full model, through fitted maps and without",
    views: [EarlyExitView()],
    examples: [
      "<<earlyexit 95%>>", "<<earlyexit atlas-gpt2 90% n=1000>>", "<<earlyexit 95% as=table>>",
      "<<earlyexit 95% targets=90,99 rule=entropy as=table>>", "<<earlyexit 95% vs=atlas-gpt2>>",
    ])
}

struct EarlyExitView: ShortcutView {
  static let target = Key.share(
    "target", in: 0.1...100, standard: 95, "wanted share of agreement with the full model"
  ).bare
  static let targets = Key<[Double]>(
    SettingKey("targets", .doubles, "further targets for the table, separated by commas", unit: "%"), standard: []
  ) { if case .doubles(let values) = $0 { values } else { nil } }
  static let rule = Key<ExitRule.Confidence>.choice(
    "rule", standard: .gap,
    "what is held against the threshold: the gap between the two largest probabilities, the largest, or 1 - H / ln V")
  static let tau = Key.number(
    "tau", in: 0...1e6, standard: 4, "speed at which the threshold decays with the position")
  static let decay = Key<ExitRule.Decay>.choice(
    "decay", standard: .position, "whether the threshold decays with the token's position")
  static let published = Key.flag(
    "published", standard: true, "whether the study's own savings at 95% are marked beside"
  ).presentation

  let keys: [any KeyDeclaration] =
    [EarlyExitView.target, targets] + ShortcutKeys.all + [EarlyExitView.rule, tau, decay, published]
  let engine = EngineIdentity("earlyexit", version: 3)
  func needs(_: BoundDirective) -> ModelNeeds { .head }

  /// A lens reads a state with the final norm's statistics taken anew from that state.
  let constants: JSONObject = ["norm": "recompute"]

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    let strange = bound[Self.targets].filter { !(0.1...100).contains($0) }
    return ShortcutKeys.faults(of: bound, Self.sample)
      + strange.map {
        bound.directive.diagnostic(
          at: bound.directive.span, "'targets' must be percentages from 0.1 to 100, found \($0)")
      }
  }

  func overlays(_: BoundDirective) -> Bool { true }

  func example(_: BoundDirective) -> ExitResult { .example }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<ExitResult> {
    let model = try question.subject.model()
    let split = try bench.splitStates(of: question, ShortcutKeys.sample)
    let maps = try bench.lensMaps(split, of: question)
    let rule = ExitRule(
      confidence: question[Self.rule], tau: question[Self.tau], decay: question[Self.decay])
    let decays = rule.decays(positions: split.testRows.map { split.sample.positions[$0] })
    let test = split.test
    let full = try LensReading.read(test[test.count - 1], through: model)
    func curve(_ lens: Lens) throws -> ExitCurve {
      ExitCurve(
        readings: try LensReading.all(test, lens: lens, maps: maps.maps, head: model, full: full), decays: decays,
        lambdas: ExitRule.lambdas(for: lens), confidence: rule.confidence)
    }
    let targets = Set(question[Self.targets].map { $0 / 100 } + [question[Self.target]]).sorted()
    return Answer(
      result: ExitResult(
        mat: try curve(.mat), id: try curve(.id), target: question[Self.target], targets: targets,
        costs: ExitCosts(model.configuration), minimumNorm: maps.isMinimumNorm),
      facts: question.facts(split))
  }
}

extension ExitCosts {
  /// Multiply-adds of a model's parts, per token.
  fileprivate init(_ configuration: ModelConfiguration) {
    let width = configuration.width
    self.init(
      block: Double(configuration.weightsPerBlock), head: Double(configuration.vocabulary * width),
      map: Double(width * width))
  }
}
