import Files
import JSONText

/// Makes the `tokenizer.json` that the reference implementation would of a folder that has only `vocab.json` and
/// `merges.txt`, or only `vocab.txt`.
struct VocabularyFiles {
  let settings: TokenizerSettings

  /// The file's bytes, the path to name in messages, and the settings with the names of its special tokens; nil where
  /// the folder has no vocabulary either.
  ///
  /// - Throws: `TokenizerError` where no file names a class or model type that says how the words are cut.
  func tokenizerFile() throws(TokenizerError) -> (bytes: [UInt8], path: String, settings: TokenizerSettings)? {
    let folder = settings.directory
    let isPaired = isFile(folder + "/vocab.json") && isFile(folder + "/merges.txt")
    guard isPaired || isFile(folder + "/vocab.txt") else { return nil }
    let path = folder + (isPaired ? "/vocab.json" : "/vocab.txt")
    guard let family = settings.family, isPaired == (family != .bert) else {
      throw unknownFamily(path, isPaired: isPaired)
    }
    let vocabulary = try isPaired ? tokens(path) : lines(path)
    let added = try AddedTokenList(settings: settings, family: family, vocabulary: vocabulary)
    var model: JSONObject =
      family == .bert
      ? ["type": "WordPiece", "unk_token": .string(added.names["unk"] ?? "[UNK]"), "max_input_chars_per_word": 100]
      : ["type": "BPE"]
    model["vocab"] = .object(vocabulary)
    if isPaired { model["merges"] = .array(try merges(folder + "/merges.txt").map { .string($0) }) }
    var members = family.pipeline(settings, special: added.id)
    members["added_tokens"] = .array(added.list)
    members["model"] = .object(model)
    var settings = settings
    settings.defaults = added.names
    return (Array(JSON.write(.object(members)).utf8), path, settings)
  }

  private func unknownFamily(_ path: String, isPaired: Bool) -> TokenizerError {
    let known = TokenizerFamily.allCases.filter { ($0 != .bert) == isPaired }.flatMap(\.classNames)
    let found = settings.className ?? settings.modelType
    let reason =
      found.map { "how '\(Component.quoted($0))' uses it is not known" } ?? "no file beside it says how to use it"
    return TokenizerError(
      .unsupported, path: path,
      "there is no tokenizer.json, and \(reason); 'tokenizer_class' in tokenizer_config.json may be "
        + known.joined(separator: ", "))
  }

  private func read(_ path: String) throws(TokenizerError) -> [UInt8] {
    do throws(FileError) {
      return try readFile(path)
    } catch {
      throw TokenizerError(.unreadable, path: path, error.reason)
    }
  }

  /// `vocab.json`: tokens and ids.
  private func tokens(_ path: String) throws(TokenizerError) -> JSONObject {
    let value: JSONValue
    do {
      value = try JSON.parse(try read(path))
    } catch let error as JSONError {
      throw TokenizerError(error, path: path)
    } catch {
      throw TokenizerError(.unreadable, path: path, "\(error)")
    }
    guard let object = value.objectValue else {
      throw TokenizerError(.malformed, path: path, "expected an object of tokens and ids")
    }
    return object
  }

  /// `vocab.txt`: a token a line, of equal ones the last.
  private func lines(_ path: String) throws(TokenizerError) -> JSONObject {
    var object = JSONObject()
    for (id, line) in try textLines(path).enumerated() {
      let end = line.lastIndex { !$0.properties.isWhitespace }
      let token = end.map { String(String.UnicodeScalarView(line[...$0])) } ?? ""
      object[token] = .int(id)
    }
    return object
  }

  /// `merges.txt`: a pair a line, less the line with the version.
  private func merges(_ path: String) throws(TokenizerError) -> [String] {
    try textLines(path).map { String(String.UnicodeScalarView($0)) }.filter { !$0.hasPrefix("#version") }
  }

  private func textLines(_ path: String) throws(TokenizerError) -> [ArraySlice<Unicode.Scalar>] {
    guard let text = String(validating: try read(path), as: UTF8.self) else {
      throw TokenizerError(.malformed, path: path, "it is not UTF-8")
    }
    var lines = Array(text.unicodeScalars).split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.last == "\r" ? $0.dropLast() : $0 }
  }
}

extension TokenizerFamily {
  /// The parts of a tokenizer file apart from model and added tokens.
  fileprivate func pipeline(_ settings: TokenizerSettings, special: (String) -> (name: String, id: Int)?) -> JSONObject
  {
    var members: JSONObject = ["decoder": ["type": "ByteLevel"]]
    let prefix = JSONValue.bool(settings.flag("add_prefix_space") ?? false)
    switch self {
    case .bert:
      members["normalizer"] = [
        "type": "BertNormalizer", "clean_text": true, "lowercase": .bool(settings.flag("do_lower_case") ?? true),
        "handle_chinese_chars": .bool(settings.flag("tokenize_chinese_chars") ?? true),
        "strip_accents": settings.flag("strip_accents").map { .bool($0) } ?? .null,
      ]
      members["pre_tokenizer"] = ["type": "BertPreTokenizer"]
      members["decoder"] = ["type": "WordPiece", "prefix": "##"]
      members["post_processor"] = Self.template(special("cls"), special("sep"))
    case .gpt2, .roberta:
      members["pre_tokenizer"] = ["type": "ByteLevel", "add_prefix_space": prefix]
    case .qwen2:
      let pattern = JSONValue.string(WordPattern.qwen2.rawValue)
      members["normalizer"] = ["type": "NFC"]
      members["pre_tokenizer"] = [
        "type": "Sequence",
        "pretokenizers": [
          ["type": "Split", "pattern": ["Regex": pattern], "behavior": "Isolated"],
          ["type": "ByteLevel", "add_prefix_space": prefix, "use_regex": false],
        ],
      ]
    }
    switch self {
    case .bert: break
    case .roberta: members["post_processor"] = Self.template(special("cls"), special("sep"))
    case .gpt2, .qwen2:
      let begins = settings.flag("add_bos_token") == true ? special("bos") : nil
      let ends = settings.flag("add_eos_token") == true ? special("eos") : nil
      members["post_processor"] = Self.template(begins, ends)
    }
    return members
  }

  private static func template(_ first: (name: String, id: Int)?, _ last: (name: String, id: Int)?) -> JSONValue {
    let place = { (token: (name: String, id: Int)) -> JSONValue in ["SpecialToken": ["id": .string(token.name)]] }
    var single: [JSONValue] = [["Sequence": ["id": "A"]]]
    if let first { single.insert(place(first), at: 0) }
    if let last { single.append(place(last)) }
    var tokens = JSONObject()
    for token in [first, last] {
      if let token { tokens[token.name] = ["id": .string(token.name), "ids": [.int(token.id)]] }
    }
    return ["type": "TemplateProcessing", "single": .array(single), "special_tokens": .object(tokens)]
  }
}
