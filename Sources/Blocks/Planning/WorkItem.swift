import Directives
import JSONText
import Results

/// Something that the store has or lacks: a result, or a part under results that is kept by itself.
public struct WorkItem {
  /// What is at stake.
  public enum Task: Equatable, Sendable {
    /// A result that a directive shows.
    case result
    /// A part under one or more results, in a few words.
    case part(String)
  }

  /// The key that names it; for a result the key of the store.
  public let key: ResultKey
  public let task: Task
  /// The directive that asks for it, alone about its model.
  public let bound: BoundDirective
  /// Whether the store has it.
  public let isKept: Bool
  /// Models, datasets and files that it is made of, with their digests.
  public let inputs: JSONObject
  /// How long it takes, roughly.
  public let seconds: Double
  /// Keys of the work that it rests on and that is missing too.
  public let waitsFor: [String]
  /// Whether cutting the corpus into shards was asked for and cannot be done.
  public let isWhole: Bool
  let compute: () throws -> Void
}

extension Evaluator {
  /// What is missing in the store of a directive's results, its own and those of `vs=`.
  ///
  /// Parts come first, then what rests on them. Runs no engine. Into how many shards a corpus is cut is the bench's
  /// `shards`.
  ///
  /// - Parameter all: Whether what the store has is named, too.
  public func work(for bound: BoundDirective, all: Bool = false) throws -> [WorkItem] {
    try plans(bound).flatMap { plan -> [WorkItem] in
      let isKept = bench.store?.lookup(plan.key, check: .valueOnly) != nil
      guard all || !isKept else { return [] }
      let (question, view) = (plan.question, plan.view)
      let inputs = try inputs(of: plan)
      let parts = try view.parts(of: question, on: bench)
      let missing = parts.filter { !$0.isKept }
      let names = Set(missing.map(\.key.hex))
      func waits(_ keys: [ResultKey]) -> [String] { keys.map(\.hex).filter(names.contains).sorted() }
      let items = (all ? parts : missing).map { part in
        WorkItem(
          key: part.key, task: .part(part.name), bound: question.bound, isKept: part.isKept, inputs: inputs,
          seconds: WorkEstimate.seconds(part.effort), waitsFor: waits(part.waits), isWhole: false,
          compute: part.compute)
      }
      let own = parts.isEmpty ? WorkEstimate.own(view, of: question, on: bench) : 0
      let result = WorkItem(
        key: plan.key, task: .result, bound: question.bound, isKept: isKept, inputs: inputs,
        seconds: WorkEstimate.seconds(own), waitsFor: waits(missing.map(\.key)),
        isWhole: bench.shards > 1 && view.isWhole(question)
      ) { [self] in _ = try evaluate(plan, isStoredOnly: false) }
      return items + [result]
    }
  }

  /// Does the work, unless the store has it meanwhile or another process is at it, which is then waited for.
  ///
  /// - Returns: how many entries of the store this process computed for it.
  /// - Throws: `EngineError`, or the error of a file, a model or a dataset.
  public func compute(_ item: WorkItem) throws -> Int {
    let before = bench.store?.counts.computed ?? 0
    try item.compute()
    return (bench.store?.counts.computed ?? 0) - before
  }

  private func inputs(of plan: Plan) throws -> JSONObject {
    var inputs = JSONObject()
    inputs["model"] = try plan.question.asked?.identity().json
    inputs["dataset"] = try plan.question.dataset.map { try bench.identity(of: $0).json }
    inputs["named"] = plan.key.inputs["inputs"]
    return inputs
  }
}

extension View {
  /// Whether a question goes over texts in one piece, however many machines there are.
  fileprivate func isWhole(_ question: Question) -> Bool {
    guard question.asked != nil, readsDataset(question.bound), !(self is any SplitView) else { return false }
    return !((self as? any CorpusView)?.passes(question) ?? false)
  }
}
