import JSONText

extension TokenModel {
  private static let supported = ["BPE", "Unigram", "WordLevel", "WordPiece"]

  /// Reads the `model` of a tokenizer file; `takesBytes` says that the pieces are bytes, not characters.
  static func read(_ file: TokenizerFile, takesBytes: Bool) throws(TokenizerError) -> TokenModel {
    let component = file.modelComponent
    let type = try self.type(of: file)
    guard supported.contains(type) else { throw component.unsupported("model", type, supported: supported) }
    guard (type == "Unigram") == (file.scores != nil) else {
      let form = type == "Unigram" ? "pairs of tokens and scores" : "an object of tokens and ids"
      throw component.error(.malformed, "the vocabulary of model '\(type)' must be \(form)")
    }
    switch type {
    case "BPE": return .bytePair(try readBytePair(file, component, takesBytes: takesBytes))
    case "Unigram": return .unigram(try readUnigram(file, component))
    default: return try readWords(file, component, type: type)
    }
  }

  /// Whether the model can be keyed by the bytes of a text: byte-pair encoding that never needs an unknown token.
  static func canTakeBytes(_ file: TokenizerFile) throws(TokenizerError) -> Bool {
    guard try type(of: file) == "BPE" else { return false }
    let component = file.modelComponent
    for option in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = try component.member(option), try !affix.string().isEmpty { return false }
    }
    if try component.member("unk_token") == nil, try !component.flag("byte_fallback", default: false) { return true }
    return (0..<256).allSatisfy {
      file.vocabulary.id(of: ByteAlphabet.character(of: UInt8(truncatingIfNeeded: $0))) != nil
    }
  }

  /// What kind of model a file has, as its `type` says or, in an old file, its members.
  static func type(of file: TokenizerFile) throws(TokenizerError) -> String {
    try file.modelComponent.member("type")?.string() ?? guessedType(file)
  }

  /// Old files do not say what their model is.
  private static func guessedType(_ file: TokenizerFile) -> String {
    if file.merges != nil { return "BPE" }
    if file.scores != nil { return "Unigram" }
    return file.model["max_input_chars_per_word"] == nil ? "" : "WordPiece"
  }

  private static func readWords(
    _ file: TokenizerFile, _ component: Component, type: String
  ) throws(TokenizerError) -> TokenModel {
    let unknown = try component.member("unk_token")?.string() ?? (type == "WordLevel" ? "<unk>" : "[UNK]")
    guard let unknownID = file.vocabulary.id(of: Array(unknown.utf8)) else {
      throw missingUnknown(component, unknown)
    }
    if type == "WordLevel" { return .wordLevel(WordLevelModel(table: file.vocabulary.table, unknownID: unknownID)) }
    let longest = try component.member("max_input_chars_per_word")?.integer() ?? 100
    guard longest >= 0 else { throw component.error(.malformed, "'max_input_chars_per_word' is negative") }
    return .wordPiece(
      WordPieceModel(
        table: file.vocabulary.table, unknownID: unknownID,
        continuation: try component.continuation(default: "##"),
        longestWord: longest))
  }

  private static func readUnigram(_ file: TokenizerFile, _ component: Component) throws(TokenizerError) -> UnigramModel
  {
    let scores = file.scores ?? []
    let unknown = try component.member("unk_id")
    let unknownID = try unknown?.integer()
    if let unknown, let unknownID, !scores.indices.contains(unknownID) {
      throw unknown.error(.inconsistent, "id \(unknownID) is not in the vocabulary of \(scores.count) tokens")
    }
    guard file.vocabulary.table.longestKey <= UnigramModel.longestToken else {
      throw component.error(.unsupported, "a token is longer than \(UnigramModel.longestToken) bytes")
    }
    let fallsBack = try component.flag("byte_fallback", default: false)
    return UnigramModel(
      vocabulary: file.vocabulary, scores: scores, unknownID: unknownID,
      byteIDs: fallsBack ? fallbackIDs(file.vocabulary) : [])
  }

  private static func missingUnknown(_ component: Component, _ token: String) -> TokenizerError {
    component.error(.inconsistent, "the unknown token '\(Component.quoted(token))' is not in the vocabulary")
  }

  private static func readBytePair(
    _ file: TokenizerFile, _ component: Component, takesBytes: Bool
  ) throws(TokenizerError) -> BytePairModel {
    if let dropout = try component.member("dropout"), dropout.value.doubleValue != 0 {
      throw dropout.error(.unsupported, "random merges (dropout \(JSON.write(dropout.value))) are not supported")
    }
    guard let merges = file.merges else { throw component.error(.malformed, "'merges' is missing") }
    var table = MergeTable(capacity: merges.count)
    for (rank, merge) in merges.enumerated() {
      table.insert(merge.left, merge.right, rank: rank, newID: merge.joined)
    }
    let entries = takesBytes ? file.vocabulary.byteLevelTable() : file.vocabulary.table
    return BytePairModel(
      table: entries, merges: table, ignoresMerges: try component.flag("ignore_merges", default: false),
      alphabet: try readAlphabet(file, component, takesBytes ? entries : nil))
  }

  private static func readAlphabet(
    _ file: TokenizerFile, _ component: Component, _ byteTable: ByteTable?
  ) throws(TokenizerError) -> BytePairModel.Alphabet {
    let unknown = try component.member("unk_token")?.string()
    let unknownID = unknown.flatMap { file.vocabulary.id(of: Array($0.utf8)) }.map { Int32(clamping: $0) }
    if let byteTable {
      return .bytes((0..<256).map { Int32(clamping: byteTable.find([UInt8(truncatingIfNeeded: $0)]) ?? -1) })
    }
    if let unknown, unknownID == nil { throw missingUnknown(component, unknown) }
    var fallback = BytePairModel.Fallback(
      byteIDs: try component.flag("byte_fallback", default: false) ? fallbackIDs(file.vocabulary) : [],
      unknownID: unknownID, fusesUnknown: try component.flag("fuse_unk", default: false))
    fallback.continuation = try component.continuation(default: "")
    fallback.ending = Array(try component.member("end_of_word_suffix")?.string().utf8 ?? "".utf8)
    if try !component.flag("ignore_merges", default: false), !fallback.hasAffixes { fallback.wordMark = wordMark(file) }
    return .characters(fallback)
  }

  private static func fallbackIDs(_ vocabulary: Vocabulary) -> [Int32] {
    (0..<256).map { Int32(clamping: vocabulary.id(of: fallbackName($0)) ?? -1) }
  }

  /// SentencePiece's word mark, unless some token holds it behind another character.
  private static func wordMark(_ file: TokenizerFile) -> [UInt8]? {
    let mark = Array("▁".utf8)
    guard file.vocabulary.id(of: mark) != nil else { return nil }
    for merge in file.merges ?? [] {
      let token = file.vocabulary.token(Int(merge.joined)) ?? []
      var isAfterMark = true
      var index = 0
      while index < token.count {
        let isMark = token[index...].starts(with: mark)
        if isMark, !isAfterMark { return nil }
        isAfterMark = isMark
        index += isMark ? mark.count : UTF8Text.length(leadingByte: token[index])
      }
    }
    return mark
  }

  /// The name of a byte's own token, such as `<0x0A>`.
  private static func fallbackName(_ byte: Int) -> [UInt8] {
    let digits = String(byte, radix: 16, uppercase: true)
    return Array("<0x\(byte < 16 ? "0" : "")\(digits)>".utf8)
  }
}
