import Files
import JSONText

/// Trains the vocabulary of a tokenizer anew, as the reference implementation (the `tokenizers` package) does.
///
/// Everything that is a setting comes from a tokenizer that is there: how it normalises and splits, what it puts around a
/// text and how it decodes, its special tokens, which keep their ids. Entries and merges come from the texts.
public struct TokenizerTrainer {
  /// What training makes.
  public struct Trained {
    /// The bytes of a `tokenizer.json`.
    public let file: [UInt8]
    /// The tokenizer which that is; its messages name the file that its settings come from.
    public let tokenizer: Tokenizer
    /// How many merges its entries are made by.
    public let merges: Int
    /// How many different words the texts have.
    public let words: Int
  }

  /// The models whose training is known.
  private enum Kind: String, CaseIterable {
    /// Byte-pair encoding.
    case bytePair = "BPE"
    /// Byte-pair encoding, too, of which the entries are kept and the merges are not.
    case wordPiece = "WordPiece"
  }

  private let file: TokenizerFile
  private let kind: Kind
  private let normalizer: Normalizer?
  private let preTokenizer: PreTokenizer?
  private let special: [[UInt8]]
  private let continuation: [UInt8]

  /// As many entries as the tokenizer has whose settings these are.
  public var entries: Int { file.vocabulary.count }

  /// Takes the settings of a folder's `tokenizer.json`, as far as its `tokenizer_config.json` does not contradict them.
  ///
  /// - Throws: `TokenizerError` where it cannot be loaded, or where a vocabulary for it cannot be trained here: a model
  ///   that is neither BPE nor WordPiece, entries for bytes or for ends of words, special tokens that do not come first.
  public init(like directory: String) throws(TokenizerError) {
    _ = try Tokenizer.load(directory: directory)
    let path = directory + "/tokenizer.json"
    var file = try TokenizerFile(path: path, bytes: Self.bytes(path))
    try file.apply(try TokenizerSettings(directory: directory))
    let component = file.component
    let added = try AddedToken.read(try component.member("added_tokens"), vocabulary: file.vocabulary)
    kind = try Self.kind(of: file)
    normalizer = try component.member("normalizer").map(Normalizer.read)
    preTokenizer = try component.member("pre_tokenizer").map(PreTokenizer.read)?.writingByteAlphabet
    continuation = try file.modelComponent.continuation(default: kind == .wordPiece ? "##" : "")
    special = added.map(\.content)
    self.file = file
    guard added.map(\.id) == Array(added.indices) else {
      throw refusal("added_tokens", "ids from 0 are needed, in their order: training puts these tokens first")
    }
    try requireSpecialTokens()
  }

  private static func bytes(_ path: String) throws(TokenizerError) -> [UInt8] {
    do throws(FileError) { return try readFile(path) } catch {
      throw TokenizerError(.unreadable, path: path, operation: .train, error.reason)
    }
  }

  private static func kind(of file: TokenizerFile) throws(TokenizerError) -> Kind {
    let type = try TokenModel.type(of: file)
    guard let kind = Kind(rawValue: type) else {
      let known = Kind.allCases.map(\.rawValue).joined(separator: " and ")
      throw refusal(file, "model", "a model '\(Component.quoted(type))', and only \(known) are trained here")
    }
    let model = file.modelComponent
    if try model.flag("byte_fallback", default: false) {
      throw refusal(file, "model.byte_fallback", "entries that stand for bytes are not trained here")
    }
    if let ending = try model.member("end_of_word_suffix")?.string(), !ending.isEmpty {
      throw refusal(file, "model.end_of_word_suffix", "entries that end words are not trained here")
    }
    return kind
  }

  /// Every token that a setting names is a special one: no other keeps its id.
  private func requireSpecialTokens() throws(TokenizerError) {
    if let unknown = try file.modelComponent.member("unk_token")?.string(), !special.contains(Array(unknown.utf8)) {
      throw refusal("model.unk_token", "'\(Component.quoted(unknown))' is not among the added tokens")
    }
    let template = try file.component.member("post_processor").map(TokenTemplate.read) ?? TokenTemplate()
    if let id = (template.prefix + template.suffix).first(where: { !special.indices.contains($0) }) {
      throw refusal("post_processor", "id \(id) is not among the added tokens")
    }
  }

  // MARK: Training

  /// Trains a vocabulary on texts.
  ///
  /// - Parameters:
  ///   - texts: The texts, one after another; special tokens in them are text like any other.
  ///   - entries: How many entries it may have; it has fewer where no pair is left to join.
  ///   - least: How often a pair must stand in the texts to be joined, at least 1.
  /// - Throws: `TokenizerError` where there are no words, where special tokens and characters alone are more entries than
  ///   that, and as `Tokenizer.encode` where a text is beyond the limits.
  public func train(on texts: [String], entries: Int, atLeast least: Int = 1) throws(TokenizerError) -> Trained {
    precondition(least >= 1, "a pair that does not occur cannot be joined")
    let words = try words(of: texts)
    guard !words.counts.isEmpty else {
      throw TokenizerError(.inconsistent, path: file.path, operation: .train, "the texts have no words")
    }
    var training = PairTraining(
      special: special, alphabet: takesBytes ? ByteAlphabet.all : [], words: words, continuation: continuation)
    guard training.vocabulary.count <= entries else {
      throw TokenizerError(
        .inconsistent, path: file.path, operation: .train,
        "\(entries) entries are asked for, and the special tokens and single characters alone are "
          + "\(training.vocabulary.count)")
    }
    training.join(upTo: min(entries, Vocabulary.largestID + 1), atLeast: least)
    let bytes = written(training)
    return Trained(
      file: bytes, tokenizer: try Tokenizer(tokenizerFile: bytes, path: file.path), merges: training.merges.count,
      words: words.counts.count)
  }

  /// Whether words are written in the byte alphabet, all of which is then in the vocabulary.
  private var takesBytes: Bool { preTokenizer?.hasByteLevel == true || normalizer?.hasByteLevel == true }

  /// The words of texts, as the model would be handed them.
  private func words(of texts: [String]) throws(TokenizerError) -> WordCounts {
    var words = WordCounts()
    for (number, text) in texts.enumerated() {
      do throws(EncodingFailure) {
        try words.add(pieces(of: Array(text.utf8)))
      } catch {
        throw TokenizerError(
          error.code, path: file.path, operation: .train, "text \(number + 1) of the corpus: \(error.message)")
      }
    }
    return words
  }

  private func pieces(of text: [UInt8]) throws(EncodingFailure) -> Pieces {
    var budget = EncodingBudget(textLength: text.count)
    try budget.check(length: text.count)
    var stretch = NormalizedText(bytes: text)
    try normalizer?.apply(to: &stretch, budget: &budget)
    try budget.finish(length: stretch.bytes.count)
    var pieces = Pieces(text: stretch.bytes, ranges: [0..<stretch.bytes.count], startsText: stretch.keepsStart)
    try preTokenizer?.apply(to: &pieces, budget: &budget)
    return pieces
  }

  /// The file with other entries and merges.
  private func written(_ training: PairTraining) -> [UInt8] {
    let tokens = (0..<training.vocabulary.count).map {
      String(decoding: training.vocabulary.token($0) ?? [], as: UTF8.self)
    }
    var model = file.model
    model["type"] = .string(kind.rawValue)
    model["vocab"] = .object(JSONObject(tokens.enumerated().map { ($0.element, .int($0.offset)) }))
    if kind == .bytePair {
      model["merges"] = .array(
        training.merges.map { [.string(tokens[Int($0.left)]), .string(tokens[Int($0.right)])] })
    }
    var members = file.members
    members["model"] = .object(model)
    return Array((JSON.write(.object(members), pretty: true) + "\n").utf8)
  }

  // MARK: Refusals

  private func refusal(_ place: String, _ message: String) -> TokenizerError {
    Self.refusal(file, place, message)
  }

  private static func refusal(_ file: TokenizerFile, _ place: String, _ message: String) -> TokenizerError {
    TokenizerError(.unsupported, path: file.path, place: .component(place), operation: .train, message)
  }
}
