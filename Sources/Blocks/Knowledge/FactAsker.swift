import Analyses
import Books
import Tokenizers
import Transformers

/// Puts facts to a model as it can be asked for them.
struct FactAsker {
  /// Why a fact, or one of its prompts, cannot be put to a model.
  enum Refusal: String, Error {
    /// A masked model fills in one token, and the answer is several.
    case tokens
    /// The answer has parts that the vocabulary does not know.
    case vocabulary
    /// A decoder answers at the end, and the answer stands before other words.
    case place
    /// The text is longer than the model's context.
    case context
    /// Fewer prompts than a neuron must be named by.
    case prompts
  }

  /// A fact with the prompts that the model can be asked.
  struct Asked {
    var fact: Fact
    /// The texts of these prompts.
    var texts: [String]
    var prompts: [AnsweredPrompt]
  }

  /// What stands for the answer in a prompt, whatever the model calls its mask.
  static let gap = "[MASK]"

  let model: Model
  let tokenizer: Tokenizer
  private let mask: (id: Int, text: String)?

  /// How a question's model is asked.
  ///
  /// - Throws: `EngineError` for a masked model whose files name no mask token.
  init(_ subject: Subject) throws {
    model = try subject.model()
    tokenizer = try subject.tokenizer()
    guard model.configuration.isBidirectional else {
      mask = nil
      return
    }
    guard let id = tokenizer.specialTokens.mask else {
      throw EngineError("'\(subject.entry.name)' is a masked model, and its tokenizer names no mask token")
    }
    mask = (id, TokenMarks.text(id, tokenizer))
  }

  /// Where the model answers, for captions.
  var position: String { mask == nil ? "last" : "mask" }

  /// A fact with those of its prompts that can be asked, or why there are too few.
  func asked(_ fact: Fact, atLeast fewest: Int = RefinedFact.fewest) throws -> Result<Asked, Refusal> {
    var asked = Asked(fact: fact, texts: [], prompts: [])
    var refusal = Refusal.prompts
    for text in fact.prompts {
      switch try prompt(text, answer: fact.answer) {
      case .success(let prompt):
        asked.texts.append(text)
        asked.prompts.append(prompt)
      case .failure(let why): refusal = why
      }
    }
    return asked.prompts.count < fewest ? .failure(refusal) : .success(asked)
  }

  /// A prompt with its answer as tokens.
  func prompt(_ text: String, answer: String) throws -> Result<AnsweredPrompt, Refusal> {
    let tokens = try tokenizer.encode(" " + answer, addSpecialTokens: false)
    if tokens.isEmpty || tokens.contains(where: { $0 == tokenizer.specialTokens.unk }) { return .failure(.vocabulary) }
    guard let mask else { return try continued(text, by: tokens) }
    let masked = text.contains(Self.gap) ? text.replacing(Self.gap, with: mask.text) : text + " " + mask.text + "."
    let ids = try tokenizer.encode(masked)
    let places = ids.indices.filter { ids[$0] == mask.id }
    guard places.count == 1 else {
      throw EngineError(
        "the prompt “\(text)” holds \(places.count) masks, and a fact has one answer", hint: "write \(Self.gap) once")
    }
    guard tokens.count == 1 else { return .failure(.tokens) }
    guard ids.count <= model.configuration.context else { return .failure(.context) }
    return .success(AnsweredPrompt(masked: ids, position: places[0], answer: tokens[0]))
  }

  /// A decoder's prompt ends where the answer begins; punctuation behind the gap is left out.
  private func continued(_ text: String, by tokens: [Int]) throws -> Result<AnsweredPrompt, Refusal> {
    var prompt = Substring(text)
    if let gap = text.ranges(of: Self.gap).first {
      guard !text[gap.upperBound...].contains(where: { $0.isLetter || $0.isNumber }) else { return .failure(.place) }
      prompt = text[..<gap.lowerBound]
      while prompt.last == " " { prompt.removeLast() }
    }
    let ids = try tokenizer.encode(String(prompt))
    guard !ids.isEmpty else { return .failure(.place) }
    guard ids.count + tokens.count - 1 <= model.configuration.context else { return .failure(.context) }
    return .success(AnsweredPrompt(prompt: ids, answer: tokens))
  }
}

extension FactAsker.Refusal {
  /// Why, in a few words.
  func reason(_ say: Language) -> String {
    switch self {
    case .tokens: say("an answer of several tokens", "答えが複数トークン")
    case .vocabulary: say("an answer outside the vocabulary", "答えが語彙にない")
    case .place: say("an answer that does not stand at the end", "答えが文末にない")
    case .context: say("longer than the context", "文脈長を超える")
    case .prompts: say("fewer than \(RefinedFact.fewest) prompts", "プロンプトが \(RefinedFact.fewest) 個未満")
    }
  }
}
