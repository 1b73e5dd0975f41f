import Books
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
    var evaluation = try evaluate(bound, model: bound.model)
    if let second = bound.versus { evaluation.comparison = [try evaluate(bound, model: second)] }
    return evaluation
  }

  private func evaluate(_ bound: BoundDirective, model: String?) throws -> Evaluation {
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
    let key = try key(of: question, block)
    if var known = answered[key.hex + bound.canonicalText] {
      known.bound = bound
      return known
    }
    let retrieval = try retrieve(key, question, block)
    guard let result = retrieval.value["result"]?.objectValue, let facts = Facts(json: retrieval.value["facts"]) else {
      throw EngineError("the stored result of <<\(bound.name)>> cannot be understood", hint: "layerbook cache clean")
    }
    let evaluation = Evaluation(
      bound: bound, engine: block.engine(for: bound), model: try subject.identity(),
      dataset: try dataset.map { try bench.identity(of: $0) }, settings: block.settings(for: bound), result: result,
      facts: facts, key: key, wasHit: retrieval.wasHit)
    answered[key.hex + bound.canonicalText] = evaluation
    return evaluation
  }

  /// What the result depends on, and nothing else.
  private func key(of question: Question, _ block: some Block) throws -> ResultKey {
    let engine = block.engine(for: question.bound)
    return ResultKey(inputs: [
      "directive": .string(question.bound.name),
      "settings": .object(block.settings(for: question.bound)),
      "engine": .string(engine.name),
      "engine_version": .int(engine.version),
      "model": .string(try question.subject.identity().digest),
      "dataset": try question.dataset.map { .string(try bench.identity(of: $0).digest) } ?? .null,
      "numeric": "float32",
    ])
  }

  private func retrieve(
    _ key: ResultKey, _ question: Question, _ block: some Block
  ) throws -> (value: JSONValue, wasHit: Bool) {
    func compute() throws -> StoredResult {
      if bench.isFrozen {
        throw EngineError(
          "--frozen: the store has no result of <<\(question.bound.canonicalText)>>", hint: "render once without --frozen")
      }
      let answer = try block.answer(question, on: bench)
      return StoredResult(value: .object(["result": .object(answer.result), "facts": answer.facts.json]))
    }
    guard let store = bench.store else { return (try compute().value, false) }
    let retrieval = try store.value(for: key, compute: compute)
    return (retrieval.result.value, retrieval.wasHit)
  }
}
