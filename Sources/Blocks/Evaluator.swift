import Directives
import Files
import JSONText
import Results

/// Answers bound directives, out of the store where it can.
public final class Evaluator {
  /// Models, datasets and states.
  public let bench: Workbench
  /// The directives there are.
  public let registry: Registry

  private var answered: [String: Evaluation] = [:]

  /// An evaluator over one book.
  public init(bench: Workbench, registry: Registry = .standard) {
    self.bench = bench
    self.registry = registry
  }

  /// The answer to a directive, and to the same directive about the model of `vs=`.
  ///
  /// - Throws: `EngineError`, or the error of a file, a model or a dataset.
  public func evaluate(_ bound: BoundDirective) throws -> Evaluation {
    var evaluation = try evaluate(try plan(bound, model: bound.model), isStoredOnly: false)
    if let second = try secondPlan(bound) { evaluation.comparison = [try evaluate(second, isStoredOnly: false)] }
    return evaluation
  }

  /// The answer where it is at hand; nil where something would have to be computed.
  ///
  /// Never runs an engine.
  public func known(_ bound: BoundDirective) throws -> Evaluation? {
    do {
      var evaluation = try evaluate(try plan(bound, model: bound.model), isStoredOnly: true)
      if let second = try secondPlan(bound) { evaluation.comparison = [try evaluate(second, isStoredOnly: true)] }
      return evaluation
    } catch is Missing {
      return nil
    }
  }

  /// The keys of a directive's results, its own and that of `vs=`, each with its canonical text.
  ///
  /// Runs no engine.
  public func keys(of bound: BoundDirective) throws -> [(directive: String, key: ResultKey)] {
    let plans = [try plan(bound, model: bound.model), try secondPlan(bound)].compactMap { $0 }
    return plans.map { ($0.question.bound.canonicalText, $0.key) }
  }

  /// Finds the models and the dataset of a directive without reading them.
  ///
  /// - Throws: `EngineError` where one is not there.
  public func resolve(_ bound: BoundDirective) throws {
    for name in [bound.model, bound.versus].compactMap({ $0 }) {
      let subject = try bench.subject(name)
      try subject.requireStates()
      guard subject.needsDataset else { continue }
      let entry = try bench.datasetEntry(bound.dataset, for: bound.name)
      if !isFile(entry.path) { throw EngineError("dataset '\(entry.name)': no file at '\(entry.path)'") }
    }
  }

  // MARK: - One question

  /// A question and the key of its answer.
  private struct Plan {
    var question: Question
    var block: any Block
    var key: ResultKey
  }

  /// What is thrown where nothing may be computed and the store has no result.
  private struct Missing: Error {}

  private func secondPlan(_ bound: BoundDirective) throws -> Plan? {
    guard let second = bound.versus, let block = registry.block(bound.name) else { return nil }
    return try plan(bound.asking(second, schema: block.schema), model: second)
  }

  private func plan(_ bound: BoundDirective, model: String?) throws -> Plan {
    guard let block = registry.block(bound.name) else {
      throw EngineError("the directive '\(bound.name)' has no engine")
    }
    guard let model else {
      throw EngineError(
        "<<\(bound.name)>> names no model, and neither does the document",
        hint: "name one, or set `model:` in the front matter")
    }
    let subject = try bench.subject(model)
    let dataset = try subject.needsDataset ? bench.datasetEntry(bound.dataset, for: bound.name) : nil
    let question = Question(bound: bound, subject: subject, dataset: dataset)
    try bench.checkPosition(of: question)
    return Plan(question: question, block: block, key: try key(of: question, block))
  }

  private func evaluate(_ plan: Plan, isStoredOnly: Bool) throws -> Evaluation {
    let bound = plan.question.bound
    if var known = answered[plan.key.hex] {
      // Two names may stand for the same files: the one that was asked for is shown.
      known.bound = bound
      known.model.name = plan.question.subject.entry.name
      if let name = plan.question.dataset?.name { known.dataset?.name = name }
      return known
    }
    let (stored, wasHit) = try retrieve(plan, isStoredOnly: isStoredOnly)
    guard let result = stored.value["result"]?.objectValue, let facts = Facts(json: stored.value["facts"]) else {
      throw EngineError("the stored result of <<\(bound.name)>> cannot be understood", hint: "layerbook cache clean")
    }
    let evaluation = Evaluation(
      bound: bound, engine: plan.block.engine(for: bound), model: try plan.question.subject.identity(),
      dataset: try plan.question.dataset.map { try bench.identity(of: $0) },
      settings: settings(of: plan.question, plan.block, facts), result: result, facts: facts, key: plan.key,
      stored: stored, wasHit: wasHit)
    answered[plan.key.hex] = evaluation
    return evaluation
  }

  /// Every resolved setting; how captured states were sampled is for their file to say, not for the directive.
  private func settings(of question: Question, _ block: some Block, _ facts: Facts) -> JSONObject {
    var settings = block.settings(for: question.bound)
    guard question.subject.statesFile != nil else { return settings }
    if settings["position"] != nil { settings["position"] = .string(facts.position) }
    if settings["max-tokens"] != nil { settings["max-tokens"] = .null }
    return settings
  }

  /// What the result depends on, and nothing else; digests by file, so that it can be told which one changed.
  private func key(of question: Question, _ block: some Block) throws -> ResultKey {
    let engine = block.engine(for: question.bound)
    return ResultKey(inputs: [
      "directive": .string(question.bound.name),
      "settings": .object(block.settings(for: question.bound)),
      "engine": .string(engine.name),
      "engine_version": .int(engine.version),
      "model": .object(try question.subject.components()),
      "dataset": try question.dataset.map { .object(try bench.components(of: $0)) } ?? .null,
      "numeric": "float32",
    ])
  }

  private func retrieve(_ plan: Plan, isStoredOnly: Bool) throws -> (StoredResult, wasHit: Bool) {
    func compute() throws -> StoredResult {
      if bench.isFrozen {
        throw EngineError(
          "--frozen: the store has no result of <<\(plan.question.bound.canonicalText)>>",
          hint: "render once without --frozen; `layerbook why` says what changed")
      }
      let answer = try plan.block.answer(plan.question, on: bench)
      return StoredResult(value: .object(["result": .object(answer.result), "facts": answer.facts.json]))
    }
    if isStoredOnly {
      guard let stored = bench.store?.lookup(plan.key) else { throw Missing() }
      return (stored, true)
    }
    guard let store = bench.store else { return (try compute(), false) }
    let retrieval = try store.value(for: plan.key, compute: compute)
    return (retrieval.result, retrieval.wasHit)
  }
}
