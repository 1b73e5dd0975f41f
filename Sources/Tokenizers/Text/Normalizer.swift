/// A text on its way through normalisation.
struct NormalizedText {
  var bytes: [UInt8]
  /// Whether the first character comes from the start of the original stretch: false once something was cut off there.
  ///
  /// `Metaspace` with the scheme `first` looks at it.
  var keepsStart = true
}

/// A change made to a text before it is split.
indirect enum Normalizer: Sendable {
  case bert(BertNormalizer)
  case composed
  case decomposed
  case compatibilityComposed
  case compatibilityDecomposed
  case lowercase
  /// Drops nonspacing, spacing and enclosing marks.
  case stripAccents
  case strip(left: Bool, right: Bool)
  /// What SentencePiece did before its rules were compiled: drops control characters, makes spaces of others.
  case nmt
  case precompiled(CharacterMap)
  case prepend([UInt8])
  case replace(SplitRule.Pattern, with: [UInt8])
  /// Writes every byte as its character of the byte alphabet.
  case byteAlphabet
  case sequence([Normalizer])

  /// Changes a text within a budget.
  func apply(to text: inout NormalizedText, budget: inout EncodingBudget) throws(EncodingFailure) {
    switch self {
    case .bert(let normalizer): normalizer.apply(to: &text)
    case .composed: text.bytes = NormalForms.shared.composed(text.bytes)
    case .decomposed: text.map(NormalForms.shared.decomposed)
    case .compatibilityComposed: text.map(NormalForms.shared.compatibilityComposed)
    case .compatibilityDecomposed: text.map(NormalForms.shared.compatibilityDecomposed)
    case .lowercase: text.map(Self.lowercased)
    case .stripAccents: text.filter { !MarkTable.shared.contains($0) }
    case .strip(let left, let right): Self.strip(&text, left: left, right: right)
    case .nmt: NMTRules.apply(to: &text)
    case .precompiled(let map): text.bytes = try map.apply(to: text.bytes, budget: budget)
    case .prepend(let prefix):
      guard !text.bytes.isEmpty else { return }
      try budget.check(length: text.bytes.count + prefix.count)
      text.bytes = prefix + text.bytes
    case .replace(let pattern, let content):
      let matches = try pattern.matches(text.bytes, 0..<text.bytes.count, budget: &budget)
      try text.replace(matches, with: content, budget: budget)
    case .byteAlphabet: text.bytes = text.bytes.flatMap(ByteAlphabet.character)
    case .sequence(let steps): for step in steps { try step.apply(to: &text, budget: &budget) }
    }
    try budget.check(length: text.bytes.count)
  }

  /// Whether some step writes bytes as characters of the byte alphabet.
  var hasByteLevel: Bool {
    switch self {
    case .byteAlphabet: true
    case .sequence(let steps): steps.contains(where: \.hasByteLevel)
    default: false
    }
  }

  /// Every character's own lower case, whatever stands around it.
  static func lowercased(_ scalars: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(scalars.count)
    for scalar in scalars {
      if scalar < 0x80 {
        result.append((0x41...0x5A).contains(scalar) ? scalar + 0x20 : scalar)
      } else if let mapping = Unicode.Scalar(scalar)?.properties.lowercaseMapping {
        result.append(contentsOf: mapping.unicodeScalars.map(\.value))
      }
    }
    return result
  }

  private static func strip(_ text: inout NormalizedText, left: Bool, right: Bool) {
    let classes = UnicodeClassTable.shared
    let bytes = text.bytes
    var start = 0
    var end = bytes.count
    while left, start < end {
      let (found, length) = classes.classify(bytes, start)
      guard found.contains(.space) else { break }
      start += length
    }
    while right, end > start {
      let last = UTF8Text.start(before: end, in: bytes)
      guard classes.classify(bytes, last).classes.contains(.space) else { break }
      end = last
    }
    text.bytes = Array(bytes[start..<end])
    if start > 0 { text.keepsStart = false }
  }
}

extension NormalizedText {
  /// Changes the characters; the first of the result comes from the first.
  mutating func map(_ change: ([UInt32]) -> [UInt32]) { bytes = UTF8Text.bytes(change(UTF8Text.scalars(bytes))) }

  /// Drops characters.
  mutating func filter(_ isKept: (UInt32) -> Bool) {
    let scalars = UTF8Text.scalars(bytes)
    if let first = scalars.first, !isKept(first) { keepsStart = false }
    bytes = UTF8Text.bytes(scalars.filter(isKept))
  }

  /// Puts `content` in the place of every match.
  mutating func replace(
    _ matches: [Range<Int>], with content: [UInt8], budget: EncodingBudget
  ) throws(EncodingFailure) {
    guard let first = matches.first else { return }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var last = 0
    for match in matches {
      result.append(contentsOf: bytes[last..<match.lowerBound])
      result.append(contentsOf: content)
      last = match.upperBound
      try budget.check(length: result.count)
    }
    result.append(contentsOf: bytes[last...])
    if content.isEmpty, first.lowerBound == 0, !first.isEmpty { keepsStart = false }
    bytes = result
  }
}

/// The rules of `Nmt`.
private enum NMTRules {
  static func apply(to text: inout NormalizedText) {
    text.filter { !isDropped($0) }
    text.map { $0.map { isSpace($0) ? 0x20 : $0 } }
  }

  private static func isDropped(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x1...0x8, 0xB, 0xE...0x1F, 0x7F, 0x8F, 0x9F: true
    default: false
    }
  }

  private static func isSpace(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x9, 0xA, 0xC, 0xD, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD: true
    default: false
    }
  }
}
