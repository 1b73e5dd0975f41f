import Files
import Synchronization

/// Turns text into the ids a model was trained on, and back, as a Hugging Face `tokenizer.json` says.
///
/// A file that asks for something this module does not do is refused when it is loaded; what is loaded gives the ids
/// of the reference implementation (the `tokenizers` package). The file's truncation and padding are not applied.
public final class Tokenizer: Sendable {
  /// The file the tokenizer was read from.
  public let path: String
  /// Begin, end, mask and the other tokens with a task, as far as the model's files name them.
  public let specialTokens: SpecialTokens
  /// The number of ids, which is one more than the highest.
  public let vocabularySize: Int

  private let vocabulary: Vocabulary
  private let addedTokens: [Int: AddedToken]
  private let addedIDs: ByteTable
  private let rawMatcher: AddedTokenMatcher
  private let normalizedMatcher: AddedTokenMatcher
  private let normalizer: Normalizer?
  private let preTokenizer: PreTokenizer?
  private let model: TokenModel
  private let template: TokenTemplate
  private let decoder: TokenDecoder?
  /// Working memory that no call uses at the moment.
  private let idleScratch = Mutex<[EncodingScratch]>([])

  /// Loads the tokenizer of a checkpoint directory: `tokenizer.json`, or else `vocab.json` with `merges.txt`, or
  /// `vocab.txt`, of the classes that `TokenizerFamily` names.
  ///
  /// Where `tokenizer_config.json` contradicts `tokenizer.json`, the one counts that transformers 5 follows.
  ///
  /// - Throws: `TokenizerError` when a file cannot be read, contradicts itself, or asks for something unsupported.
  public static func load(directory: String) throws(TokenizerError) -> Tokenizer {
    let path = directory + "/tokenizer.json"
    let settings = try TokenizerSettings(directory: directory)
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try readFile(path)
    } catch {
      if error.isMissing, let made = try VocabularyFiles(settings: settings).tokenizerFile() {
        return try Tokenizer(tokenizerFile: made.bytes, path: made.path, settings: made.settings)
      }
      let found = ModelFolder(path: directory).explanation(missing: "tokenizer.json")
      throw TokenizerError(.unreadable, path: path, found ?? error.reason)
    }
    if LargeFilePointer.isPointer(bytes) { throw TokenizerError(.unreadable, path: path, LargeFilePointer.explanation) }
    return try Tokenizer(tokenizerFile: bytes, path: path, settings: settings)
  }

  /// Makes a tokenizer of the bytes of a `tokenizer.json`.
  ///
  /// - Parameters:
  ///   - tokenizerFile: the file's bytes.
  ///   - path: the file's name for messages.
  ///   - directory: where `tokenizer_config.json` and `config.json` are looked for; either may be missing.
  /// - Throws: `TokenizerError` when the file contradicts itself or asks for something unsupported.
  public convenience init(tokenizerFile: [UInt8], path: String, directory: String? = nil) throws(TokenizerError) {
    var settings: TokenizerSettings?
    if let directory { settings = try TokenizerSettings(directory: directory) }
    try self.init(tokenizerFile: tokenizerFile, path: path, settings: settings)
  }

  private init(tokenizerFile: [UInt8], path: String, settings: TokenizerSettings?) throws(TokenizerError) {
    var file = try TokenizerFile(path: path, bytes: tokenizerFile)
    if let settings { try file.apply(settings) }
    let component = file.component
    let normalizer = try component.member("normalizer").map(Normalizer.read)
    let preTokenizer = try component.member("pre_tokenizer").map(PreTokenizer.read)
    let endsInBytes = preTokenizer?.endsInBytes == true
    var takesBytes = false
    if endsInBytes { takesBytes = try TokenModel.canTakeBytes(file) }
    let added = try AddedToken.read(try component.member("added_tokens"), vocabulary: file.vocabulary)
    let processor = try component.member("post_processor")
    let template = try processor.map(TokenTemplate.read) ?? TokenTemplate()

    self.path = path
    self.normalizer = normalizer
    self.preTokenizer = takesBytes ? preTokenizer : preTokenizer?.writingByteAlphabet
    model = try TokenModel.read(file, takesBytes: takesBytes)
    decoder = try component.member("decoder").map(TokenDecoder.read)
    self.template = template
    vocabulary = file.vocabulary
    addedTokens = Dictionary(added.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var addedIDs = ByteTable()
    for token in added { _ = addedIDs.insert(token.content, value: token.id) }
    self.addedIDs = addedIDs
    rawMatcher = AddedTokenMatcher(added.filter { !$0.isNormalized }.map { ($0.content, $0) })
    normalizedMatcher = AddedTokenMatcher(try Self.normalizedSpellings(added, normalizer, path: path))
    vocabularySize = max(file.vocabulary.endID, (added.map(\.id).max() ?? -1) + 1)

    let names = Names(vocabulary: file.vocabulary, added: addedIDs)
    let known = Set(added.map(\.id))
    let entries = file.vocabulary
    let isKnown = { (id: Int) in entries.contains(id: id) || known.contains(id) }
    if let processor, let stranger = (template.prefix + template.suffix).first(where: { !isKnown($0) }) {
      throw processor.error(.inconsistent, "id \(stranger) is neither in the vocabulary nor among the added tokens")
    }
    let unknown = file.model["unk_token"]?.stringValue
    specialTokens =
      settings.map {
        SpecialTokensReader(settings: $0, id: names.id, isKnown: isKnown).read(template: template, unknown: unknown)
      } ?? SpecialTokens()
  }

  /// The tokens that are looked for in normalised text, each as normalisation leaves it.
  private static func normalizedSpellings(
    _ added: [AddedToken], _ normalizer: Normalizer?, path: String
  ) throws(TokenizerError) -> [(spelling: [UInt8], token: AddedToken)] {
    let tokens = added.filter(\.isNormalized)
    guard let normalizer else { return tokens.map { ($0.content, $0) } }
    var budget = EncodingBudget(textLength: tokens.reduce(0) { $0 + $1.content.count })
    var spellings: [(spelling: [UInt8], token: AddedToken)] = []
    for token in tokens {
      var text = NormalizedText(bytes: token.content)
      do throws(EncodingFailure) {
        try normalizer.apply(to: &text, budget: &budget)
        try budget.finish(length: text.bytes.count)
      } catch {
        throw TokenizerError(error, path: path, operation: .load)
      }
      spellings.append((text.bytes, token))
    }
    return spellings
  }

  /// Ids by name, the added tokens first.
  private struct Names {
    let vocabulary: Vocabulary
    let added: ByteTable

    func id(of token: String) -> Int? {
      let bytes = Array(token.utf8)
      return added.find(bytes) ?? vocabulary.id(of: bytes)
    }
  }

  // MARK: Encoding

  /// The ids of a text.
  ///
  /// - Parameters:
  ///   - text: the text; tokens that were added to the vocabulary are recognised in it.
  ///   - addSpecialTokens: whether the post-processor puts its tokens (begin of text, `[CLS]` …) around.
  /// - Throws: `TokenizerError` with code `limit` where the file's rules make the text longer than
  ///   `64 × its bytes + 65,536` or a regular expression of the file takes too many steps on it, and `inconsistent` where
  ///   a character is unknown to a model without an unknown token.
  public func encode(_ text: String, addSpecialTokens: Bool = true) throws(TokenizerError) -> [Int] {
    try encode(valid: Array(text.utf8), addSpecialTokens: addSpecialTokens)
  }

  /// The ids of a text in UTF-8; bytes that are not UTF-8 are taken for U+FFFD.
  public func encode(utf8: [UInt8], addSpecialTokens: Bool = true) throws(TokenizerError) -> [Int] {
    let isValid = String(validating: utf8, as: UTF8.self) != nil
    return try encode(valid: isValid ? utf8 : TokenDecoder.repaired(utf8), addSpecialTokens: addSpecialTokens)
  }

  private func encode(valid text: [UInt8], addSpecialTokens: Bool) throws(TokenizerError) -> [Int] {
    var scratch = idleScratch.withLock { $0.popLast() } ?? EncodingScratch()
    defer { idleScratch.withLock { $0.append(scratch) } }
    var ids: [Int] = []
    ids.reserveCapacity(text.count / 4 + 8)
    if addSpecialTokens { ids += template.prefix }
    do throws(EncodingFailure) {
      var budget = EncodingBudget(textLength: text.count)
      try budget.check(length: text.count)
      for part in rawMatcher.split(text) {
        if let id = part.id {
          ids.append(id)
        } else {
          try encode(text, part.range, budget: &budget, scratch: &scratch, to: &ids)
        }
      }
    } catch {
      throw TokenizerError(error, path: path, operation: .encode)
    }
    if addSpecialTokens { ids += template.suffix }
    return ids
  }

  /// Encodes a stretch between added tokens.
  private func encode(
    _ text: [UInt8], _ range: Range<Int>, budget: inout EncodingBudget, scratch: inout EncodingScratch,
    to ids: inout [Int]
  ) throws(EncodingFailure) {
    let startsText = range.lowerBound == 0
    guard normalizer != nil || !normalizedMatcher.isEmpty else {
      let pieces = Pieces(text: text, ranges: [range], startsText: startsText)
      return try encode(pieces, budget: &budget, scratch: &scratch, to: &ids)
    }
    var stretch = NormalizedText(bytes: range.count == text.count ? text : Array(text[range]))
    try normalizer?.apply(to: &stretch, budget: &budget)
    try budget.finish(length: stretch.bytes.count)
    for part in normalizedMatcher.split(stretch.bytes) {
      if let id = part.id {
        ids.append(id)
      } else {
        let pieces = Pieces(text: stretch.bytes, ranges: [part.range], startsText: startsText && stretch.keepsStart)
        try encode(pieces, budget: &budget, scratch: &scratch, to: &ids)
      }
    }
  }

  private func encode(
    _ pieces: Pieces, budget: inout EncodingBudget, scratch: inout EncodingScratch, to ids: inout [Int]
  ) throws(EncodingFailure) {
    var pieces = pieces
    try preTokenizer?.apply(to: &pieces, budget: &budget)
    try model.encode(pieces, scratch: &scratch, to: &ids)
  }

  // MARK: Decoding

  /// The text of some ids, as the file's decoder joins it; ids that are not used are left out.
  ///
  /// - Throws: `TokenizerError` with code `limit` where the file's rules make the text longer than 64 times the tokens
  ///   and 65,536 bytes, or a regular expression of the file takes too many steps.
  public func decode(_ ids: [Int], skipSpecialTokens: Bool = false) throws(TokenizerError) -> String {
    do throws(EncodingFailure) {
      var tokens: [[UInt8]] = []
      for id in ids {
        if let token = try decoded(id, skipSpecialTokens: skipSpecialTokens) { tokens.append(token) }
      }
      guard let decoder else {
        return String(decoding: Array(tokens.joined(separator: [UInt8(ascii: " ")])), as: UTF8.self)
      }
      var budget = EncodingBudget(textLength: tokens.reduce(0) { $0 + $1.count })
      return String(decoding: Array(try decoder.apply(tokens, budget: &budget).joined()), as: UTF8.self)
    } catch {
      throw TokenizerError(error, path: path, operation: .decode)
    }
  }

  /// A token as the decoder gets it.
  private func decoded(_ id: Int, skipSpecialTokens: Bool) throws(EncodingFailure) -> [UInt8]? {
    guard let added = addedTokens[id] else { return vocabulary.token(id) }
    if added.isSpecial, skipSpecialTokens { return nil }
    guard added.isNormalized, let normalizer else { return added.content }
    var budget = EncodingBudget(textLength: added.content.count)
    var text = NormalizedText(bytes: added.content)
    try normalizer.apply(to: &text, budget: &budget)
    return text.bytes
  }

  /// One token as text for people: its spaces are shown, and bytes that are no text by themselves as `\xNN`.
  public func display(_ id: Int) -> String {
    guard let token = bytes(of: id) else { return "<id \(id)>" }
    guard addedTokens[id] == nil else { return String(decoding: token, as: UTF8.self) }
    return TokenDisplay(decoder: decoder).text(of: token)
  }

  private func bytes(of id: Int) -> [UInt8]? { addedTokens[id]?.content ?? vocabulary.token(id) }

  // MARK: Vocabulary

  /// The id of a token spelled as in the file, if there is such a token.
  public func id(of token: String) -> Int? { Names(vocabulary: vocabulary, added: addedIDs).id(of: token) }

  /// The token with an id, spelled as in the file.
  public func token(_ id: Int) -> String? { bytes(of: id).map { String(decoding: $0, as: UTF8.self) } }

  /// Whether an id is a token that carries no text, such as begin of text.
  public func isSpecial(_ id: Int) -> Bool { addedTokens[id]?.isSpecial ?? false }
}
