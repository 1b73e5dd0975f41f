extension TokenDecoder {
  private static let supported = [
    "BPEDecoder", "ByteFallback", "ByteLevel", "Fuse", "Metaspace", "Replace", "Sequence", "Strip", "WordPiece",
  ]

  /// Reads the `decoder` of a tokenizer file.
  static func read(_ component: Component) throws(TokenizerError) -> TokenDecoder {
    let type = try component.required("type").string()
    switch type {
    case "BPEDecoder": return .wordEnding(Array(try component.member("suffix")?.string().utf8 ?? "</w>".utf8))
    case "ByteFallback": return .byteFallback
    case "ByteLevel": return .byteLevel
    case "Fuse": return .fuse
    case "Metaspace":
      let metaspace = try Metaspace.read(component)
      return .metaspace(replacement: metaspace.replacement, dropsFirst: metaspace.scheme != .never)
    case "Replace":
      let pattern = try PatternReader.read(component.required("pattern"))
      return .replace(pattern, with: Array(try component.required("content").string().utf8))
    case "Sequence":
      var steps: [TokenDecoder] = []
      for step in try component.required("decoders").elements() { steps.append(try read(step)) }
      return .sequence(steps)
    case "Strip": return try readStrip(component)
    case "WordPiece":
      return .wordPiece(
        prefix: Array(try component.required("prefix").string().utf8),
        cleansUp: try component.flag("cleanup", default: true))
    default: throw component.unsupported("decoder", type, supported: supported)
    }
  }

  private static func readStrip(_ component: Component) throws(TokenizerError) -> TokenDecoder {
    let content = Array(try component.required("content").string().utf8)
    let counts = [try component.required("start").integer(), try component.required("stop").integer()]
    guard !content.isEmpty, counts.allSatisfy({ (0...1_000_000).contains($0) }) else {
      throw component.error(.malformed, "expected a character and how often it is stripped on both sides")
    }
    return .strip(content: content, start: counts[0], stop: counts[1])
  }
}
