import JSONText

extension Normalizer {
  private static let supported = [
    "BertNormalizer", "Lowercase", "NFC", "NFD", "Prepend", "Replace", "Sequence", "Strip",
  ]

  /// Reads the `normalizer` of a tokenizer file.
  static func read(_ component: Component) throws(TokenizerError) -> Normalizer {
    let type = try component.required("type").string()
    switch type {
    case "BertNormalizer":
      let lowercases = try component.flag("lowercase", default: true)
      return .bert(
        BertNormalizer(
          cleansText: try component.flag("clean_text", default: true),
          spacesChineseCharacters: try component.flag("handle_chinese_chars", default: true),
          stripsAccents: try component.flag("strip_accents", default: lowercases),
          lowercases: lowercases))
    case "Lowercase": return .lowercase
    case "NFC": return .composed
    case "NFD": return .decomposed
    case "Prepend": return .prepend(Array(try component.required("prepend").string().utf8))
    case "Replace":
      let pattern = try PatternReader.literal(component.required("pattern"))
      return .replace(pattern, with: Array(try component.required("content").string().utf8))
    case "Sequence":
      var steps: [Normalizer] = []
      for step in try component.required("normalizers").elements() { steps.append(try read(step)) }
      return .sequence(steps)
    case "Strip":
      return .strip(
        left: try component.required("strip_left").bool(), right: try component.required("strip_right").bool())
    default: throw component.unsupported("normalizer", type, supported: supported)
    }
  }
}

/// Reads the patterns of splitters and replacements: `{"String": …}` or `{"Regex": …}`.
enum PatternReader {
  /// The characters that `\s*x\s*` is understood for.
  private static let delimiters = Array(",;:/".utf8)

  /// A pattern that is a plain string.
  static func literal(_ component: Component) throws(TokenizerError) -> [UInt8] {
    if let regex = try component.member("Regex") {
      throw regex.unsupported("regular expression", try regex.string(), supported: ["plain strings"])
    }
    let text = try component.required("String").string()
    guard !text.isEmpty else { throw component.error(.malformed, "the pattern is empty") }
    return Array(text.utf8)
  }

  /// A pattern to split by.
  static func splitPattern(_ component: Component) throws(TokenizerError) -> SplitRule.Pattern {
    guard let regex = try component.member("Regex") else { return .literal(try literal(component)) }
    let text = try regex.string()
    let bytes = Array(text.utf8)
    if let words = WordPattern.allCases.first(where: { $0.rawValue.utf8.elementsEqual(bytes) }) { return .words(words) }
    let space = Array(#"\s*"#.utf8)
    if bytes.count == 7, bytes.starts(with: space), bytes[4...].elementsEqual(space), delimiters.contains(bytes[3]) {
      return .delimiter(bytes[3])
    }
    let names = WordPattern.allCases.map { "\($0)'s: \($0.rawValue)" }
    throw regex.unsupported("regular expression", text, supported: names + [#"\s*x\s* for x one of , ; : /"#])
  }
}
