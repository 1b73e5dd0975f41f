/// A change made to a text before it is split.
indirect enum Normalizer: Sendable {
  case bert(BertNormalizer)
  case composed
  case decomposed
  case lowercase
  case strip(left: Bool, right: Bool)
  case prepend([UInt8])
  case replace([UInt8], with: [UInt8])
  case sequence([Normalizer])

  /// The changed text.
  func apply(_ text: [UInt8]) -> [UInt8] {
    switch self {
    case .bert(let normalizer): return normalizer.apply(text)
    case .composed: return NormalForms.shared.composed(text)
    case .decomposed: return UTF8Text.bytes(NormalForms.shared.decomposed(UTF8Text.scalars(text)))
    case .lowercase: return UTF8Text.bytes(Self.lowercased(UTF8Text.scalars(text)))
    case .strip(let left, let right): return Self.strip(text, left: left, right: right)
    case .prepend(let prefix): return text.isEmpty ? text : prefix + text
    case .replace(let pattern, let content): return UTF8Text.replacing(pattern, with: content, in: text)
    case .sequence(let steps): return steps.reduce(text) { $1.apply($0) }
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

  private static func strip(_ text: [UInt8], left: Bool, right: Bool) -> [UInt8] {
    let classes = UnicodeClassTable.shared
    var start = 0
    var end = text.count
    while left, start < end {
      let (found, length) = classes.classify(text, start)
      guard found.contains(.space) else { break }
      start += length
    }
    while right, end > start {
      let last = UTF8Text.start(before: end, in: text)
      guard classes.classify(text, last).classes.contains(.space) else { break }
      end = last
    }
    return Array(text[start..<end])
  }
}

/// The cleaning that BERT's tokenizer begins with.
struct BertNormalizer: Sendable {
  /// Drops control characters and turns white space into spaces.
  var cleansText: Bool
  /// Puts spaces around Chinese characters.
  var spacesChineseCharacters: Bool
  /// Decomposes and drops nonspacing marks.
  var stripsAccents: Bool
  var lowercases: Bool

  /// The cleaned text.
  func apply(_ text: [UInt8]) -> [UInt8] {
    var scalars = UTF8Text.scalars(text)
    let classes = UnicodeClassTable.shared
    if cleansText { scalars = Self.cleaned(scalars, classes) }
    if spacesChineseCharacters { scalars = Self.spaced(scalars) }
    if stripsAccents {
      scalars = NormalForms.shared.decomposed(scalars)
      scalars.removeAll { $0 >= 0x300 && classes[$0].contains(.accent) }
    }
    return UTF8Text.bytes(lowercases ? Normalizer.lowercased(scalars) : scalars)
  }

  private static func cleaned(_ scalars: [UInt32], _ classes: UnicodeClassTable) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(scalars.count)
    for scalar in scalars {
      let found = classes[scalar]
      if found.contains(.control) { continue }
      result.append(found.contains(.space) ? 0x20 : scalar)
    }
    return result
  }

  private static func spaced(_ scalars: [UInt32]) -> [UInt32] {
    guard scalars.contains(where: isChinese) else { return scalars }
    var result: [UInt32] = []
    for scalar in scalars {
      result.append(contentsOf: isChinese(scalar) ? [0x20, scalar, 0x20] : [scalar])
    }
    return result
  }

  /// The blocks of CJK ideographs, with the start of the fifth extension where the reference implementation has it.
  private static func isChinese(_ scalar: UInt32) -> Bool {
    guard scalar >= 0x3400 else { return false }
    switch scalar {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F, 0x2B920...0x2CEAF,
      0xF900...0xFAFF, 0x2F800...0x2FA1F:
      return true
    default: return false
    }
  }
}
