/// How a token is shown to people.
struct TokenDisplay {
  private var isByteLevel = false
  private var hasByteFallback = false
  private var spaces: [[UInt8]] = []

  /// What the decoder knows of the spelling of tokens.
  init(decoder: TokenDecoder?) {
    if let decoder { learn(from: decoder) }
  }

  private mutating func learn(from decoder: TokenDecoder) {
    switch decoder {
    case .byteLevel: isByteLevel = true
    case .byteFallback: hasByteFallback = true
    case .metaspace(let replacement, _): spaces.append(replacement)
    case .replace(.literal(let pattern), let content) where content == [UInt8(ascii: " ")]: spaces.append(pattern)
    case .wordEnding(let mark): spaces.append(mark)
    case .sequence(let steps): for step in steps { learn(from: step) }
    default: break
    }
  }

  /// A token of the vocabulary in readable form.
  func text(of token: [UInt8]) -> String {
    if isByteLevel, let bytes = ByteAlphabet.bytes(of: token) { return Self.text(ofBytes: bytes) }
    if hasByteFallback, let byte = TokenDecoder.fallbackByte(token) { return Self.text(ofBytes: [byte]) }
    let shown = spaces.reduce(token) { UTF8Text.replacing($1, with: [UInt8(ascii: " ")], in: $0) }
    return String(decoding: shown, as: UTF8.self)
  }

  /// Well-formed stretches as they are, every other byte as `\xNN`.
  private static func text(ofBytes bytes: [UInt8]) -> String {
    var text = ""
    var index = 0
    while index < bytes.count {
      let length = UTF8Text.length(leadingByte: bytes[index])
      let end = min(index + length, bytes.count)
      if let character = String(validating: bytes[index..<end], as: UTF8.self) {
        text += character
        index = end
      } else {
        let digits = String(bytes[index], radix: 16, uppercase: true)
        text += "\\x\(digits)"
        index += 1
      }
    }
    return text
  }
}
