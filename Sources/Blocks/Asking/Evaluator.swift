import Directives
import JSONText
import Markup
import Results
import Tensors

/// Answers bound directives, out of the store where it can.
public final class Evaluator {
  /// Models, datasets and states.
  public let bench: Workbench
  /// The directives there are.
  public let registry: Registry
  /// What a page says of itself, where the answers come from it and from nothing else.
  let record: AnswerRecord?

  /// Earlier answers by their keys, whose measurements are taken over where the same is computed again.
  public var measured: [String: JSONValue] = [:]

  /// Asked once before anything is computed; where it says no, nothing is.
  public var beforeComputing: (() -> Bool)? {
    didSet { if beforeComputing != nil { mayCompute = true } }
  }
  private var mayCompute = true

  private var answered: [String: Evaluation] = [:]
  /// Answers that a pass shared with others has brought and that nobody has asked for yet.
  private var prepared: [String: JSONValue] = [:]
  /// Stored answers that were read ahead and that nobody has asked for yet.
  private var recalled: [String: Recalled] = [:]

  /// An evaluator of a bench's models and data.
  ///
  /// - Parameter registry: the directives there are; by default the built ones and the engines of the book.
  public init(bench: Workbench, registry: Registry? = nil) {
    (self.bench, self.registry, record) = (bench, registry ?? Registry(of: bench.book), nil)
  }

  /// An evaluator that knows what a page's own record says and computes nothing: no model, dataset or store is read.
  public init(record: AnswerRecord) {
    bench = Workbench(book: record.book, storeDirectory: nil, isFrozen: true)
    registry = Registry(of: record.book)
    self.record = record
  }

  /// The answer to a directive, and to the same directive about the models of `vs=`.
  ///
  /// - Throws: `EngineError`, or the error of a file, a model or a dataset.
  public func evaluate(_ bound: BoundDirective) throws -> Evaluation {
    if let record { return try recorded(bound, in: record) }
    return try evaluate(plans(bound), isStoredOnly: false)
  }

  /// The answer where it is at hand; nil where something would have to be computed.
  ///
  /// Never runs an engine.
  public func known(_ bound: BoundDirective) throws -> Evaluation? {
    do {
      return try evaluate(plans(bound), isStoredOnly: true)
    } catch is Missing {
      return nil
    }
  }

  /// The keys of a directive's results, its own and those of `vs=`, each with its canonical text.
  ///
  /// Runs no engine.
  public func keys(of bound: BoundDirective) throws -> [(directive: String, key: ResultKey)] {
    try plans(bound).map { ($0.question.bound.canonicalText, $0.key) }
  }

  /// Finds the models, datasets and files of a directive without reading them; `readFile` does so for files alone.
  ///
  /// - Throws: `EngineError` where one is not there.
  public func resolve(_ bound: BoundDirective) throws {
    guard let block = registry.block(bound.name) else { return }
    let view = block.view(of: bound)
    if view is any FileView { return }
    for name in [bound.model].compactMap({ $0 }) + bound.versus {
      let subject = try bench.subject(name)
      try subject.requireStates()
      try subject.requireFit(view, of: bound)
      guard subject.needsDataset, block.readsDataset(bound) else { continue }
      let entry = try bench.datasetEntry(bound.dataset, for: bound.name)
      try bench.requireFile(of: entry)
      try view.requireDataset(entry, of: bound, asking: subject, on: bench)
    }
    try bench.requireNamedInputs(of: bound, block.schema)
    try view.requireFiles(of: bound, on: bench)
  }

  /// Reads what a directive shows of a file alone, and finds the number in it where one is asked for.
  ///
  /// - Returns: whether it is such a directive; any other is left alone.
  /// - Throws: `EngineError` where the file, the column or the number is not there, or a claim does not hold.
  public func readFile(of meaning: Bound) throws -> Bool {
    let bound = meaning.source
    guard let view = registry.block(bound.name)?.view(of: bound) as? any FileView else { return false }
    let result = try view.json(of: bound, on: bench)
    guard case .quantity(let quantity) = meaning else { return true }
    let value = try QuantityLookup.value(of: quantity, in: result)
    if let claim = quantity.brokenClaim(by: value) {
      let found = value.map { NumberText.shortest($0, sign: .ascii) } ?? NumberText.undefined
      throw EngineError("the claim \(quantity.path) \(claim) does not hold: found \(found)")
    }
    return true
  }

  /// Reads stored answers ahead, several at a time, and runs together what can be of the others: questions that go
  /// through the same states of the same texts share one pass.
  ///
  /// Which ones is found before anything runs. What fails here fails again where it is asked for, at its place.
  public func prepare(_ questions: [BoundDirective]) {
    guard record == nil else { return }
    var plans: [Plan] = []
    var seen: Set<String> = []
    for plan in questions.flatMap({ (try? self.plans($0)) ?? [] })
    where answered[plan.key.hex] == nil && seen.insert(plan.key.hex).inserted { plans.append(plan) }
    recall(plans)
    guard !bench.isFrozen else { return }
    let open = plans.filter { plan in
      plan.view is any PassView && recalled[plan.key.hex] == nil && prepared[plan.key.hex] == nil
    }
    guard !open.isEmpty, isFreeToCompute() else { return }
    for group in PassPlanner.groups(open.map { ($0.question, $0.view) }, on: bench) {
      guard let answers = try? bench.run(group.runs) else { continue }
      for (member, answer) in zip(group.members, answers) { prepared[open[member].key.hex] = answer }
    }
  }

  /// Finds what the store has of some plans; damage and absence are left for when a plan is asked for.
  private func recall(_ plans: [Plan]) {
    guard let store = bench.store else { return }
    let found = Compute.parallelMap(count: plans.count, multiplies: false) { index -> Recalled? in
      let plan = plans[index]
      guard let stored = store.lookup(plan.key),
        let answer = plan.view.decode(stored.value, plan.question.bound)
      else { return nil }
      return Recalled(stored: stored, answer: answer)
    }
    for (plan, found) in zip(plans, found) { recalled[plan.key.hex] = found }
  }

  // MARK: - One question

  /// A question, the view that answers it and the key of its answer.
  struct Plan {
    var question: Question
    var schema: DirectiveSchema
    var view: any View
    var key: ResultKey
  }

  /// A stored answer, read.
  private struct Recalled {
    var stored: StoredResult
    var answer: DecodedAnswer
  }

  /// What is thrown where nothing may be computed and the store has no result.
  private struct Missing: Error {}

  /// Whether anything may be computed, which is asked once.
  private func isFreeToCompute() -> Bool {
    if let check = beforeComputing {
      beforeComputing = nil
      mayCompute = check()
    }
    return mayCompute
  }

  /// The plans of a directive, one for each model it asks.
  func plans(_ bound: BoundDirective) throws -> [Plan] {
    let first = try plan(bound, model: bound.model)
    return [first] + (try bound.versus.map { try plan(bound.asking($0, schema: first.schema), model: $0) })
  }

  private func evaluate(_ plans: [Plan], isStoredOnly: Bool) throws -> Evaluation {
    let all = try plans.map { try evaluate($0, isStoredOnly: isStoredOnly) }
    return all[0].compared(with: Array(all.dropFirst()))
  }

  private func plan(_ bound: BoundDirective, model: String?) throws -> Plan {
    guard let block = registry.block(bound.name) else {
      throw EngineError("the directive '\(bound.name)' has no engine")
    }
    let view = block.view(of: bound)
    guard block.schema.takesModel else {
      let question = Question(bound: bound, subject: nil, dataset: nil)
      return Plan(question: question, schema: block.schema, view: view, key: try key(of: question, view, block.schema))
    }
    guard let model else {
      throw EngineError(
        "<<\(bound.name)>> names no model, and neither does the document",
        hint: "name one, or set `model:` in the front matter")
    }
    let subject = try bench.subject(model)
    let needsDataset = subject.needsDataset && block.readsDataset(bound)
    let dataset = try needsDataset ? bench.datasetEntry(bound.dataset, for: bound.name) : nil
    let question = Question(bound: view.asked(bound, of: subject, block.schema), subject: subject, dataset: dataset)
    try bench.checkPosition(of: question)
    let key = try key(of: question, view, block.schema)
    return Plan(question: question, schema: block.schema, view: view, key: key)
  }

  func evaluate(_ plan: Plan, isStoredOnly: Bool) throws -> Evaluation {
    let bound = plan.question.bound
    if var known = answered[plan.key.hex] {
      // Two names may stand for the same files: the one that was asked for is shown.
      known.bound = bound
      if let name = plan.question.asked?.entry.name { known.model?.name = name }
      if let name = plan.question.dataset?.name { known.dataset?.name = name }
      known.settings = settings(of: plan, known.facts)
      return known
    }
    let (found, wasHit) = try found(plan, isStoredOnly: isStoredOnly)
    let (stored, answer) = (found.stored, found.answer)
    let evaluation = Evaluation(
      bound: bound, view: plan.view, model: try plan.question.asked?.identity(),
      dataset: try plan.question.dataset.map { try bench.identity(of: $0) },
      settings: settings(of: plan, answer.facts), result: answer.result, value: answer.value, facts: answer.facts,
      key: plan.key, stored: stored, wasHit: wasHit)
    answered[plan.key.hex] = evaluation
    return evaluation
  }

  private func found(_ plan: Plan, isStoredOnly: Bool) throws -> (Recalled, wasHit: Bool) {
    if let ahead = recalled.removeValue(forKey: plan.key.hex) { return (ahead, true) }
    let (stored, wasHit) = try retrieve(plan, isStoredOnly: isStoredOnly)
    guard let answer = plan.view.decode(stored.value, plan.question.bound) else {
      throw EngineError.unreadable("the result of <<\(plan.question.bound.name)>>")
    }
    return (Recalled(stored: stored, answer: answer), wasHit)
  }

  private func settings(of plan: Plan, _ facts: Facts) -> JSONObject {
    plan.view.shownSettings(
      of: plan.question.bound, plan.schema, facts, ofStates: plan.question.asked?.statesFile != nil)
  }

  private func key(of question: Question, _ view: any View, _ schema: DirectiveSchema) throws -> ResultKey {
    view.key(
      of: question.bound, schema, model: try question.asked?.components(),
      dataset: try question.dataset.map { try bench.components(of: $0) },
      named: try bench.namedInputs(of: question.bound, schema).merging(view.inputs(of: question, on: bench)))
  }

  private func retrieve(_ plan: Plan, isStoredOnly: Bool) throws -> (StoredResult, wasHit: Bool) {
    func compute() throws -> StoredResult {
      if bench.isFrozen {
        throw EngineError(
          "--frozen: the store has no result of <<\(plan.question.bound.canonicalText)>>",
          hint: "render once without --frozen; `layerbook why` says what changed")
      }
      if let answer = prepared.removeValue(forKey: plan.key.hex) { return StoredResult(value: answer) }
      guard isFreeToCompute() else {
        throw EngineError("nothing was computed: another directive can never be answered")
      }
      let value = try plan.view.compute(plan.question, on: bench)
      return StoredResult(value: measured[plan.key.hex].map { Measurements.adopt(into: value, from: $0) } ?? value)
    }
    if isStoredOnly {
      guard let stored = bench.store?.lookup(plan.key) else { throw Missing() }
      return (stored, true)
    }
    guard let store = bench.store else { return (try compute(), false) }
    let retrieval = try store.value(for: plan.key, onWait: bench.monitor.waits, compute: compute)
    return (retrieval.result, retrieval.wasHit)
  }
}
