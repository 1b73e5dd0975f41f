import Analyses
import Books
import Diagnostics
import Directives
import JSONText
import Tokenizers

/// The facts that a directive is about: the first of each relation that the model can be asked for.
struct FactSample {
  /// A relation with its facts.
  struct Relation {
    var name: String
    var facts: [FactAsker.Asked]
  }

  let asker: FactAsker
  private(set) var relations: [Relation] = []
  /// Those that were looked at and left out.
  private(set) var omitted: [OmittedFact] = []

  /// Draws the facts of a question.
  ///
  /// - Parameter only: the one relation that is wanted, with a fact that must be among its facts; nil for all asked for.
  /// - Throws: `EngineError` where a relation has none.
  init(_ question: Question, on bench: Workbench, only wanted: (relation: String, fact: Fact?)? = nil) throws {
    let set = try bench.facts(of: question)
    asker = try FactAsker(question.subject)
    let names = wanted.map { [$0.relation] } ?? KnowledgeKeys.named(question.bound) ?? set.relations
    for name in names {
      let facts = set.facts.filter { $0.relation == name }
      relations.append(
        Relation(name: name, facts: try take(facts, question[KnowledgeKeys.facts], with: wanted?.fact)))
    }
    guard relations.contains(where: { !$0.facts.isEmpty }) else {
      throw EngineError(
        "none of the facts of '\(question.dataset?.name ?? "")' can be put to '\(question.subject.entry.name)': \(omitted.first.map { "\($0.fact): \($0.refusal?.reason(.english) ?? "")" } ?? "there are none")",
        hint: "see `layerbook directives knowledge` for what a fact must have")
    }
  }

  /// The first that can be asked; a fact that must be among them takes the place of the last.
  private mutating func take(_ facts: [Fact], _ count: Int, with wanted: Fact?) throws -> [FactAsker.Asked] {
    var taken: [FactAsker.Asked] = []
    for fact in facts where taken.count < count {
      switch try asker.asked(fact) {
      case .success(let asked): taken.append(asked)
      case .failure(let why): omitted.append(OmittedFact(fact: fact.id, reason: why.rawValue))
      }
    }
    guard let wanted, !taken.contains(where: { $0.fact.id == wanted.id }) else { return taken }
    switch try asker.asked(wanted) {
    case .success(let asked):
      if taken.count >= count { taken.removeLast() }
      return taken + [asked]
    case .failure(let why):
      throw EngineError("'\(wanted.id)' cannot be put to the model: \(why.reason(.english))")
    }
  }

  /// Prompts of all facts.
  var promptCount: Int { relations.reduce(0) { $0 + $1.facts.reduce(0) { $0 + $1.prompts.count } } }

  /// What captions state.
  func facts(prompts: Int? = nil) -> Facts {
    let c = asker.model.configuration
    return Facts(
      blocks: c.blocks, width: c.width, family: c.family.rawValue, texts: prompts ?? promptCount,
      positions: prompts ?? promptCount, position: asker.position)
  }
}

/// A fact that was left out.
struct OmittedFact: Codable, Sendable {
  @Field("the fact's id") var fact = ""
  @Field(
    "why: tokens (a masked model fills in one token), vocabulary (an answer it does not know), place (words behind the answer), context (too long), prompts (fewer than three)"
  ) var reason = ""

  var refusal: FactAsker.Refusal? { FactAsker.Refusal(rawValue: reason) }
}

extension Workbench {
  /// The facts of a question's dataset.
  func facts(of question: Question) throws -> FactSet {
    try question.requireTexts()
    guard let entry = question.dataset else { throw EngineError("<<\(question.bound.name)>> names no dataset") }
    return try FactSet(reading: entry)
  }

  /// The fact that a question names.
  func fact(of question: Question) throws -> Fact {
    let id = question[KnowledgeKeys.fact] ?? ""
    let set = try facts(of: question)
    guard let fact = set[id] else { throw set.misfit(id, in: question.dataset?.name ?? "") }
    return fact
  }
}

extension FactSet {
  /// What is wrong with an id that no fact has.
  func misfit(_ id: String, in dataset: String) -> Misfit {
    Misfit(
      "dataset '\(dataset)' has no fact '\(id)'",
      hint: Spelling.hint(for: id, in: facts.map(\.id))
        ?? "its ids are such as \(facts.prefix(3).map(\.id).joined(separator: ", "))",
      at: .setting(KnowledgeKeys.fact.name))
  }

  /// Stops where a directive names a fact or relations that are not there.
  ///
  /// - Throws: `Misfit`.
  func require(_ bound: BoundDirective, _ names: KnowledgeName, in dataset: String) throws {
    let named = bound[KnowledgeKeys.fact] ?? ""
    switch names {
    case .nothing: break
    case .fact: if self[named] == nil { throw misfit(named, in: dataset) }
    case .factOrPrompt: if self[named] == nil, !bound.namesPrompt { throw misfit(named, in: dataset) }
    case .relation: try requireRelation(named, in: dataset, at: KnowledgeKeys.fact.name)
    }
    for relation in KnowledgeKeys.named(bound) ?? [] {
      try requireRelation(relation, in: dataset, at: KnowledgeKeys.relations.name)
    }
    let index = bound[KnowledgeKeys.prompt]
    if let fact = self[named], index >= fact.prompts.count {
      throw Misfit(
        fact.prompts.count == 1
          ? "'\(fact.id)' has one prompt, 0"
          : "'\(fact.id)' has \(fact.prompts.count) prompts, 0 to \(fact.prompts.count - 1)",
        at: .setting(KnowledgeKeys.prompt.name))
    }
  }

  private func requireRelation(_ name: String, in dataset: String, at key: String) throws {
    guard !relations.contains(name) else { return }
    throw Misfit(
      "dataset '\(dataset)' has no relation '\(name)'",
      hint: Spelling.hint(for: name, in: relations)
        ?? "its relations are \(relations.prefix(12).joined(separator: ", "))",
      at: .setting(key))
  }
}

extension Workbench {
  /// Stops where a file of facts, or what a directive names of it, can never be asked for; runs nothing.
  ///
  /// - Throws: `Misfit`.
  func requireFacts(
    of entry: DatasetEntry, named names: KnowledgeName, in bound: BoundDirective, asking subject: Subject
  ) throws {
    let set: FactSet
    do { set = try FactSet(reading: entry) } catch {
      // A prompt needs no facts.
      if names == .factOrPrompt, bound.namesPrompt { return }
      throw Misfit(error.message, hint: error.hint, at: .dataset)
    }
    try set.require(bound, names, in: entry.name)
    guard names == .fact || names == .factOrPrompt, let fact = set[bound[KnowledgeKeys.fact] ?? ""] else { return }
    // What follows needs the tokenizer and the names of the model's tensors, no weights.
    let fewest = names == .fact ? RefinedFact.fewest : 1
    if case .failure(let why) = try FactAsker(subject).asked(fact, atLeast: fewest) {
      throw Misfit(
        "'\(fact.id)' cannot be put to '\(subject.entry.name)': \(why.reason(.english))",
        at: .setting(KnowledgeKeys.fact.name))
    }
  }
}

extension BoundDirective {
  /// Whether the text of a directive can be a prompt: an id of a fact is one word.
  var namesPrompt: Bool { (self[KnowledgeKeys.fact] ?? "").contains(" ") }
}
