import Analyses
import ArgumentParser
import Books
import Tokenizers
import Transformers

/// Puts texts and facts to a model as it can be asked for them.
struct ModelAsker {
  /// How many prompts of a relation a model answers.
  struct Relation {
    var relation: String
    var known = 0
    var prompts = 0
  }

  private let model: Model
  private let tokenizer: Tokenizer
  /// The token that hides others; nil for decoders.
  private let mask: Int?

  var isMasked: Bool { mask != nil }

  /// Opens a checkpoint.
  init(_ path: String) throws {
    model = try Model.open(path)
    tokenizer = try Tokenizer.load(directory: path)
    mask = model.configuration.isBidirectional ? tokenizer.specialTokens.mask : nil
    if model.configuration.isBidirectional, mask == nil { throw ValidationError("\(path): the tokenizer has no mask") }
  }

  /// Surprise at the tokens of texts, in nats, and how many characters these tokens stand for.
  func loss(of texts: [String]) throws -> (mean: Double, tokens: Int, characters: Int) {
    let ids = try texts.map { Array(try tokenizer.encode($0).prefix(model.configuration.context)) }
    let questions = mask.map { mask in ids.flatMap { hidden($0, behind: mask) } } ?? ids.map(following)
    let asked = questions.filter { !$0.targets.isEmpty }
    let scores = try model.scoreDepths(asked).logLikelihood.last ?? []
    let tokens = asked.reduce(0) { $0 + $1.targets.count }
    let characters = try ids.reduce(0) { count, ids in
      let judged = isMasked ? ids : Array(ids.dropFirst())
      return count + (try tokenizer.decode(judged, skipSpecialTokens: true)).unicodeScalars.count
    }
    return (-scores.reduce(0, +) / Double(max(1, tokens)), tokens, characters)
  }

  private func following(_ ids: [Int]) -> ScoredText {
    ScoredText(ids: ids, positions: Array(ids.indices.dropLast()), targets: Array(ids.dropFirst()))
  }

  /// How many tokens lie between two that are hidden at once: about the share that training hides.
  private static let stride = 7

  /// A text as often as it takes to hide every token once.
  private func hidden(_ ids: [Int], behind mask: Int) -> [ScoredText] {
    let special = tokenizer.specialTokens
    let open = ids.indices.filter { ![special.cls, special.sep, special.bos, special.eos].contains(ids[$0]) }
    return (0..<Self.stride).map { first in
      let positions = Swift.stride(from: first, to: open.count, by: Self.stride).map { open[$0] }
      var shown = ids
      for position in positions { shown[position] = mask }
      return ScoredText(ids: shown, positions: positions, targets: positions.map { ids[$0] })
    }
  }

  /// Which prompts of facts a model answers, relation by relation in their order.
  func known(_ facts: [Fact]) throws -> [Relation] {
    let questions = try facts.flatMap { fact in
      try fact.prompts.compactMap { prompt in try question(prompt, fact.answer).map { (fact.relation, $0) } }
    }
    let hits = try model.scoreDepths(questions.map(\.1)).isHit.last ?? []
    var relations: [Relation] = []
    for ((name, _), isHit) in zip(questions, hits) {
      if relations.last?.relation != name { relations.append(Relation(relation: name)) }
      relations[relations.count - 1].prompts += 1
      if isHit { relations[relations.count - 1].known += 1 }
    }
    return relations
  }

  /// A prompt as the model is asked it; nil where it cannot be.
  private func question(_ prompt: String, _ answer: String) throws -> ScoredText? {
    let tokens = try tokenizer.encode(" " + answer, addSpecialTokens: false)
    guard let mask else {
      let asked = AnsweredPrompt(prompt: try tokenizer.encode(prompt), answer: tokens)
      return ScoredText(ids: asked.ids, positions: asked.positions, targets: asked.answer)
    }
    let ids = try tokenizer.encode(prompt + " " + tokenizer.display(mask) + ".")
    guard tokens.count == 1, let place = ids.firstIndex(of: mask) else { return nil }
    return ScoredText(ids: ids, positions: [place], targets: tokens)
  }
}
