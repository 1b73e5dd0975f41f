import Charts
import Directives
import Files
import JSONText
import Training
import Transformers

/// `<<distill train M>>`: a model before and after it was trained to settle.
struct DistillTrainView: View {
  /// The result.
  struct Trained: Codable, Sendable {
    @Field("steps taken") var steps = 0
    @Field("L1 + λ L2 of each step's batch before the step, in nats, [steps]") var loss: [Double] = []
    @Field("L1 of each step, [steps]") var l1: [Double] = []
    @Field("L2 of each step, [steps]") var l2: [Double] = []
    @Field("the norm of each step's gradient, [steps]") var gradientNorm: [Double] = []
    @Field("windows that train") var windows = 0
    @Field("tokens of a pass over them") var tokens = 0
    @Field("passes over them that the steps made, the last one not whole") var passes = 0.0
    @Field("the model as it was") var before = SettledModel()
    @Field("the model after the last step") var after = SettledModel()
  }

  /// What the figure shows.
  enum Display: String, Sendable, CaseIterable { case distance, accuracy, perplexity, loss, path }

  static let judged = Key.int(
    "test", in: 1...1_000_000, standard: 200, "texts that judge: those behind the ones that train")
  static let display = Key<Display>.choice(
    "show", standard: .distance, "what the figure shows: movements, last words, their perplexity, the loss, or a path"
  ).presentation

  let keywords = [ViewKeyword("train", "the model before and after")]
  let keys: [any KeyDeclaration] =
    TrainKeys.all + [judged] + DistillKeys.loss + [DistillKeys.detached, display]
  let engine = EngineIdentity("distill", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { [.head, .causal] }
  let constants: JSONObject = ["optimizer": "AdamW", "schedule": "cosine"]

  func example(_: BoundDirective) -> Trained {
    let before = SettledModel(
      score: 0.7, distance: [0.3, 0.1, 0.2], accuracy: [0, 0.1, 0.3, 0.5], perplexity: [900, 200, 40, 5],
      path: [[-1, 0, 0], [0, 1, 0.5], [0.5, -0.5, 0], [1, 0, -0.5]], explained: [0.6, 0.3, 0.1])
    var after = before
    (after.score, after.distance, after.accuracy) = (0.9, [0.3, 0.1, 0.05], [0, 0.2, 0.45, 0.5])
    return Trained(
      steps: 3, loss: [3, 2, 1.5], l1: [2, 1.5, 1.25], l2: [1, 0.5, 0.25], gradientNorm: [4, 3, 2], windows: 24,
      tokens: 400, passes: 2, before: before, after: after)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Trained> {
    let (trainer, _, rest) = try bench.distillation(of: question, leaving: question[Self.judged])
    let judging = Array(rest.prefix(question[Self.judged]))
    try bench.check(
      judging.count, of: question, wanted: question[Self.judged], isGiven: question.bound.isGiven(Self.judged))
    let (model, tokenizer) = (try question.subject.model(), try question.subject.tokenizer())
    func measure(_ model: Model) throws -> SettledModel {
      try SettledModel(
        model, tokenizer, texts: judging, length: question[TrainKeys.length], memory: min(bench.memory, 256 << 20))
    }
    var result = Trained(steps: question[TrainKeys.steps])
    result.before = try measure(model)
    while !trainer.isDone {
      try trainer.advance()
      bench.monitor.progress("training \(question.subject.entry.name)", trainer.step, question[TrainKeys.steps])
    }
    let scratch = try ScratchFolder()
    try scratch.fill { try trainer.parameters.write(to: $0) }
    result.after = try withExtendedLifetime(scratch) { try measure(try Model.open(scratch.path)) }
    result.loss = trainer.losses.map(\.total)
    result.l1 = trainer.losses.compactMap(\.distillation?.l1)
    result.l2 = trainer.losses.compactMap(\.distillation?.l2)
    result.gradientNorm = trainer.norms
    (result.windows, result.tokens) = (trainer.texts.windows.count, trainer.texts.tokens)
    result.passes =
      Double(question[TrainKeys.steps]) * Double(question[TrainKeys.batch]) / Double(result.windows)
    var facts = try question.facts(texts: question[TrainKeys.texts] + judging.count, scored: result.tokens, "all")
    facts.split = Facts.Split(train: result.windows, test: judging.count)
    return Answer(result: result, facts: facts)
  }

  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }

  func exhibit(_ shown: Shown<Trained>, in say: Language) -> Exhibit { DistillTrainExhibit(shown, say).exhibit }
}
