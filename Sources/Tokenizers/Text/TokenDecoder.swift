/// The way back from tokens to text.
indirect enum TokenDecoder: Sendable {
  /// Characters of the byte alphabet stand for bytes.
  case byteLevel
  case wordPiece(prefix: [UInt8], cleansUp: Bool)
  case metaspace(replacement: [UInt8], dropsFirst: Bool)
  /// Tokens `<0x00>` to `<0xFF>` stand for bytes.
  case byteFallback
  case fuse
  case strip(content: [UInt8], start: Int, stop: Int)
  case replace(SplitRule.Pattern, with: [UInt8])
  /// A mark behind the last token of each word, which becomes a space.
  case wordEnding([UInt8])
  case sequence([TokenDecoder])

  /// The tokens changed, joined or split; the text is all of them one after another.
  func apply(_ tokens: [[UInt8]], budget: inout EncodingBudget) throws(EncodingFailure) -> [[UInt8]] {
    let result = try changed(tokens, &budget)
    try budget.check(length: result.reduce(0) { $0 + $1.count })
    return result
  }

  private func changed(_ tokens: [[UInt8]], _ budget: inout EncodingBudget) throws(EncodingFailure) -> [[UInt8]] {
    switch self {
    case .byteLevel:
      return [Self.repaired(tokens.flatMap { ByteAlphabet.bytes(of: $0) ?? $0 })]
    case .wordPiece(let prefix, let cleansUp): return Self.joinWordPieces(tokens, prefix, cleansUp)
    case .metaspace(let replacement, let dropsFirst):
      return tokens.enumerated().map { index, token in
        let space = index == 0 && dropsFirst ? [] : [UInt8(ascii: " ")]
        return UTF8Text.replacing(replacement, with: space, in: token)
      }
    case .byteFallback: return Self.joinBytes(tokens)
    case .fuse: return [Array(tokens.joined())]
    case .strip(let content, let start, let stop):
      return tokens.map { Self.strip($0, content, start: start, stop: stop) }
    case .replace(let pattern, let content):
      var result: [[UInt8]] = []
      for token in tokens {
        var text = NormalizedText(bytes: token)
        let matches = try pattern.matches(token, 0..<token.count, budget: &budget)
        try text.replace(matches, with: content, budget: budget)
        result.append(text.bytes)
      }
      return result
    case .wordEnding(let mark):
      return tokens.enumerated().map { index, token in
        let space = index == tokens.count - 1 ? [] : [UInt8(ascii: " ")]
        return UTF8Text.replacing(mark, with: space, in: token)
      }
    case .sequence(let steps):
      var result = tokens
      for step in steps { result = try step.apply(result, budget: &budget) }
      return result
    }
  }

  /// Well-formed UTF-8, with U+FFFD for what was not.
  static func repaired(_ bytes: [UInt8]) -> [UInt8] { Array(String(decoding: bytes, as: UTF8.self).utf8) }

  private static func joinWordPieces(_ tokens: [[UInt8]], _ prefix: [UInt8], _ cleansUp: Bool) -> [[UInt8]] {
    tokens.enumerated().map { index, token in
      var text = token
      if index > 0 { text = token.starts(with: prefix) ? Array(token.dropFirst(prefix.count)) : [0x20] + token }
      if cleansUp {
        for (from, to) in cleanUps { text = UTF8Text.replacing(Array(from.utf8), with: Array(to.utf8), in: text) }
      }
      return text
    }
  }

  private static let cleanUps = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
    (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ]

  /// The byte of a token such as `<0x0A>`.
  static func fallbackByte(_ token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: Array("<0x".utf8)), token[5] == UInt8(ascii: ">") else { return nil }
    return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
  }

  private static func joinBytes(_ tokens: [[UInt8]]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var pending: [UInt8] = []
    func flush() {
      guard !pending.isEmpty else { return }
      let isText = String(validating: pending, as: UTF8.self) != nil
      result += isText ? [pending] : pending.map { _ in Array("\u{FFFD}".utf8) }
      pending = []
    }
    for token in tokens {
      if let byte = fallbackByte(token) {
        pending.append(byte)
      } else {
        flush()
        result.append(token)
      }
    }
    flush()
    return result
  }

  private static func strip(_ token: [UInt8], _ content: [UInt8], start: Int, stop: Int) -> [UInt8] {
    var rest = token[...]
    for _ in 0..<start where rest.starts(with: content) { rest = rest.dropFirst(content.count) }
    for _ in 0..<stop where rest.suffix(content.count).elementsEqual(content) { rest = rest.dropLast(content.count) }
    return Array(rest)
  }
}
