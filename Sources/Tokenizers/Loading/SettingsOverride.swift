import JSONText

extension TokenizerFile {
  /// Settles where `tokenizer_config.json` and this file contradict each other, as the reference implementation does:
  /// for the classes of `TokenizerFamily` the settings win, for the generic class this file does.
  ///
  /// - Throws: `TokenizerError` where they contradict each other and the class is another.
  mutating func apply(_ settings: TokenizerSettings) throws(TokenizerError) {
    guard !settings.isGeneric else { return }
    if let lowercases = settings.flag("do_lower_case") {
      try settle(settings, "do_lower_case", lowercases, in: "normalizer", Self.lowercases)
    }
    if let spaces = settings.flag("tokenize_chinese_chars") {
      setNormalizer(settings, "handle_chinese_chars", spaces)
    }
    if let strips = settings.flag("strip_accents") { setNormalizer(settings, "strip_accents", strips) }
    if let adds = settings.flag("add_prefix_space") {
      try settle(settings, "add_prefix_space", adds, in: "pre_tokenizer", Self.addsPrefixSpace)
    }
  }

  private mutating func settle(
    _ settings: TokenizerSettings, _ name: String, _ value: Bool, in member: String, _ found: (JSONValue) -> Bool?
  ) throws(TokenizerError) {
    let component = members[member] ?? .null
    guard let written = found(component), written != value else { return }
    switch (settings.family, member) {
    case (.bert, "normalizer") where component["type"]?.stringValue == "BertNormalizer":
      setNormalizer(settings, "lowercase", value)
    case (.gpt2, "pre_tokenizer"), (.roberta, "pre_tokenizer"), (.qwen2, "pre_tokenizer"):
      members[member] = Self.setPrefixSpace(value, in: component)
    default:
      let name = "'\(name)': \(value) in tokenizer_config.json"
      let named = settings.className.map { " of class '\(Component.quoted($0))'" } ?? ""
      throw TokenizerError(
        .inconsistent, path: path, place: .component(member),
        "\(name) contradicts it, and which of the two a tokenizer\(named) follows is not known; make them agree")
    }
  }

  private mutating func setNormalizer(_ settings: TokenizerSettings, _ key: String, _ value: Bool) {
    guard settings.family == .bert, case .object(var object)? = members["normalizer"],
      object["type"]?.stringValue == "BertNormalizer"
    else { return }
    object[key] = .bool(value)
    members["normalizer"] = .object(object)
  }

  /// Whether a normaliser makes letters small; nil where there is none.
  private static func lowercases(_ value: JSONValue) -> Bool? {
    switch value["type"]?.stringValue {
    case nil: nil
    case "BertNormalizer": value["lowercase"]?.boolValue ?? true
    case "Lowercase": true
    case "Sequence": (value["normalizers"]?.arrayValue ?? []).contains { lowercases($0) == true }
    // Rules compiled by SentencePiece may hold the lower case of letters.
    case "Precompiled": nil
    default: false
    }
  }

  /// Whether a pre-tokeniser begins a text with a space; nil where it has no such setting.
  private static func addsPrefixSpace(_ value: JSONValue) -> Bool? {
    switch value["type"]?.stringValue {
    case "ByteLevel": return value["add_prefix_space"]?.boolValue ?? true
    case "Metaspace":
      if let scheme = value["prepend_scheme"]?.stringValue { return scheme != "never" }
      return value["add_prefix_space"]?.boolValue ?? true
    case "Sequence":
      let found = (value["pretokenizers"]?.arrayValue ?? []).compactMap(addsPrefixSpace)
      return found.isEmpty ? nil : found.contains(true)
    default: return nil
    }
  }

  private static func setPrefixSpace(_ value: Bool, in component: JSONValue) -> JSONValue {
    guard case .object(var object) = component else { return component }
    if object["type"]?.stringValue == "ByteLevel" { object["add_prefix_space"] = .bool(value) }
    if let steps = object["pretokenizers"]?.arrayValue {
      object["pretokenizers"] = .array(steps.map { setPrefixSpace(value, in: $0) })
    }
    return .object(object)
  }
}
