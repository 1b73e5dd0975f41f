import Analyses
import Books
import Transformers

/// A fact that is to get another answer: its own neurons and what they are to write.
struct FactEdit {
  let parameters: ParameterList
  let fact: FactAsker.Asked
  let update: FactUpdate
  /// The new answer as it was asked for.
  let answer: String
  /// The fact's neurons that no more than a tenth of the relation's facts have, or no other fact has.
  let units: [StreamUnit]

  var model: Model { parameters.model }

  /// Finds what has to be changed.
  ///
  /// - Throws: `EngineError` where an answer is no single token or no neuron is the fact's own.
  init(updating fact: Fact, to target: String, _ question: Question, on bench: Workbench) throws {
    let found = try bench.knowledge(of: question, only: (fact.relation, fact))
    let relation = found.relations[0]
    guard let place = relation.facts.firstIndex(where: { $0.fact.id == fact.id }) else {
      throw EngineError("'\(fact.id)' cannot be put to '\(question.subject.entry.name)'")
    }
    self.fact = relation.facts[place]
    answer = String(target.drop { $0 == " " })
    let new = try found.sample.asker.token(answer)
    let old = try found.sample.asker.token(fact.answer)
    guard new != old else {
      throw EngineError("'\(answer)' is the answer of '\(fact.id)' already", hint: "name another one")
    }
    units = relation.knowledge.own(of: place)
    guard !units.isEmpty else {
      throw EngineError(
        "'\(fact.id)' has no neuron that no more than a tenth of the facts of '\(fact.relation)' have",
        hint:
          "take more facts with n=, or name another fact: `<<knowledge neurons \"\(fact.id)\">>` shows how many facts share each"
      )
    }
    update = FactUpdate(from: old, to: new)
    parameters = try ParameterList(question.subject.model())
  }

  /// What neurons are to write so that the answer changes.
  func columns(of units: [StreamUnit]) throws -> [NeuronColumn] {
    let coefficients = try model.activations(of: units, in: [fact.prompts[0]])[0]
    return try update.columns(of: units, coefficients: coefficients, in: parameters)
  }
}

extension FactAsker {
  /// The one token of an answer.
  ///
  /// - Throws: `EngineError` where it is several, or unknown.
  func token(_ answer: String) throws -> Int {
    let ids = try tokenizer.encode(" " + answer, addSpecialTokens: false)
    guard ids.count == 1, ids[0] != tokenizer.specialTokens.unk else {
      let parts = ids.map { "'" + TokenMarks.text($0, tokenizer) + "'" }.joined(separator: " ")
      throw EngineError(
        ids.count == 1
          ? "'\(answer)' is outside the vocabulary"
          : "'\(answer)' is \(ids.count) tokens here (\(parts)), and one is wanted",
        hint: "name an answer that is a single token")
    }
    return ids[0]
  }
}
