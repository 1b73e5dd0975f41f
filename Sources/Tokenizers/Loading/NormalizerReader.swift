extension Normalizer {
  private static let supported = [
    "BertNormalizer", "ByteLevel", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Nmt", "Precompiled", "Prepend",
    "Replace", "Sequence", "Strip", "StripAccents",
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
    case "ByteLevel": return .byteAlphabet
    case "Lowercase": return .lowercase
    case "NFC": return .composed
    case "NFD": return .decomposed
    case "NFKC": return .compatibilityComposed
    case "NFKD": return .compatibilityDecomposed
    case "Nmt": return .nmt
    case "Precompiled": return .precompiled(try readCharacterMap(component.required("precompiled_charsmap")))
    case "Prepend": return .prepend(Array(try component.required("prepend").string().utf8))
    case "Replace":
      let pattern = try PatternReader.read(component.required("pattern"))
      return .replace(pattern, with: Array(try component.required("content").string().utf8))
    case "Sequence":
      var steps: [Normalizer] = []
      for step in try component.required("normalizers").elements() { steps.append(try read(step)) }
      return .sequence(steps)
    case "Strip":
      return .strip(
        left: try component.required("strip_left").bool(), right: try component.required("strip_right").bool())
    case "StripAccents": return .stripAccents
    default: throw component.unsupported("normalizer", type, supported: supported)
    }
  }

  private static func readCharacterMap(_ component: Component) throws(TokenizerError) -> CharacterMap {
    guard let bytes = Base64.bytes(of: try component.string()) else {
      throw component.error(.malformed, "it is not in base 64")
    }
    guard let map = CharacterMap(bytes) else {
      throw component.error(.malformed, "it is no compiled map of characters, or is cut off")
    }
    return map
  }
}
