/// Unicode's normal forms (UAX #15) over the tables of Unicode 9.0.
struct NormalForms: Sendable {
  /// The tables, expanded once.
  static let shared = NormalForms(words: unicode9NormalForms)

  private var decompositions: [UInt32: [UInt32]] = [:]
  /// Apart from the canonical ones, which go on where these end.
  private static let compatibilityDecompositions: [UInt32: [UInt32]] = {
    var table: [UInt32: [UInt32]] = [:]
    var last: UInt32 = 0
    for word in unicode9CompatibilityForms.utf8.split(separator: UInt8(ascii: " ")) {
      let halves = word.split(separator: UInt8(ascii: "~"))
      last += UInt32(Base36.value(halves[0]))
      table[last] = halves[1].split(separator: UInt8(ascii: ",")).map { UInt32(Base36.value($0)) }
    }
    return table
  }()

  private var compositions: [UInt64: UInt32] = [:]
  private var combiningClasses: [UInt32: UInt8] = [:]
  /// For each 256 code points, whether one of them may make a text differ from its composed form.
  private var isActiveBlock = [Bool](repeating: false, count: 0x1100)

  private init(words: String) {
    var last: UInt32 = 0
    for word in words.utf8.split(separator: UInt8(ascii: " ")) {
      let mark = word.firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "~") } ?? word.endIndex
      let head = word[..<mark].split(separator: UInt8(ascii: "+"))
      last += UInt32(Base36.value(head[0]))
      if head.count > 1 {
        combiningClasses[last] = UInt8(Base36.value(head[1]))
        activate(last)
      }
      guard mark < word.endIndex else { continue }
      let parts = word[word.index(after: mark)...].split(separator: UInt8(ascii: ",")).map { UInt32(Base36.value($0)) }
      decompositions[last] = parts
      if word[mark] == UInt8(ascii: "=") {
        compositions[UInt64(parts[0]) << 32 | UInt64(parts[1])] = last
        activate(parts[1])
      } else {
        activate(last)
      }
    }
    for jamo in Hangul.vowels { activate(jamo) }
    for jamo in Hangul.trails { activate(jamo) }
  }

  private mutating func activate(_ scalar: UInt32) { isActiveBlock[Int(scalar >> 8)] = true }

  /// Normal form C of a text.
  func composed(_ text: [UInt8]) -> [UInt8] {
    var index = 0
    var isComposed = true
    while index < text.count, isComposed {
      let (scalar, length) = UTF8Text.decode(text, index)
      isComposed = !isActiveBlock[Int(scalar >> 8)]
      index += length
    }
    return isComposed ? text : UTF8Text.bytes(compose(decomposed(UTF8Text.scalars(text))))
  }

  /// Normal form D of a text.
  func decomposed(_ scalars: [UInt32]) -> [UInt32] { decomposed(scalars, compatibility: [:]) }

  /// Normal form KD of a text.
  func compatibilityDecomposed(_ scalars: [UInt32]) -> [UInt32] {
    decomposed(scalars, compatibility: Self.compatibilityDecompositions)
  }

  /// Normal form KC of a text.
  func compatibilityComposed(_ scalars: [UInt32]) -> [UInt32] {
    scalars.allSatisfy { $0 < 0xA0 } ? scalars : compose(compatibilityDecomposed(scalars))
  }

  private func decomposed(_ scalars: [UInt32], compatibility: [UInt32: [UInt32]]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(scalars.count)
    for scalar in scalars {
      if scalar < 0xA0 {
        result.append(scalar)
      } else {
        appendDecomposition(of: scalar, compatibility, to: &result)
      }
    }
    sortMarks(&result)
    return result
  }

  private func appendDecomposition(
    of scalar: UInt32, _ compatibility: [UInt32: [UInt32]], to result: inout [UInt32]
  ) {
    if Hangul.syllables.contains(scalar) {
      Hangul.appendJamo(of: scalar, to: &result)
    } else if let parts = compatibility[scalar] ?? decompositions[scalar] {
      for part in parts { appendDecomposition(of: part, compatibility, to: &result) }
    } else {
      result.append(scalar)
    }
  }

  private func combiningClass(_ scalar: UInt32) -> UInt8 { scalar < 0x300 ? 0 : combiningClasses[scalar] ?? 0 }

  /// Sorts each run of marks by combining class, keeping the order of equals.
  private func sortMarks(_ scalars: inout [UInt32]) {
    var index = 0
    while index < scalars.count {
      guard combiningClass(scalars[index]) > 0 else {
        index += 1
        continue
      }
      var end = index
      while end < scalars.count, combiningClass(scalars[end]) > 0 { end += 1 }
      if end - index > 1 {
        let run = scalars[index..<end].enumerated().sorted {
          (combiningClass($0.element), $0.offset) < (combiningClass($1.element), $1.offset)
        }
        scalars.replaceSubrange(index..<end, with: run.map(\.element))
      }
      index = end
    }
  }

  /// Joins what a decomposed text can join: each mark with the last starter unless another mark blocks it.
  private func compose(_ scalars: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(scalars.count)
    var starter = -1
    var lastClass: UInt8 = 0
    for scalar in scalars {
      let combiningClass = combiningClass(scalar)
      let isAdjacent = starter == result.count - 1
      if starter >= 0, isAdjacent || lastClass < combiningClass, let joined = join(result[starter], scalar) {
        result[starter] = joined
        continue
      }
      if combiningClass == 0 { starter = result.count }
      lastClass = combiningClass
      result.append(scalar)
    }
    return result
  }

  private func join(_ first: UInt32, _ second: UInt32) -> UInt32? {
    Hangul.join(first, second) ?? compositions[UInt64(first) << 32 | UInt64(second)]
  }
}

/// Hangul syllables, composed by arithmetic (The Unicode Standard, section 3.12).
enum Hangul {
  static let syllables: Range<UInt32> = 0xAC00..<0xD7A4
  static let leads: Range<UInt32> = 0x1100..<0x1113
  static let vowels: Range<UInt32> = 0x1161..<0x1176
  /// U+11A7 itself stands for "no trailing consonant" and never occurs in a decomposition.
  static let trails: Range<UInt32> = 0x11A8..<0x11C3
  private static let trailBase: UInt32 = 0x11A7

  static func appendJamo(of syllable: UInt32, to result: inout [UInt32]) {
    let index = syllable - syllables.lowerBound
    result.append(leads.lowerBound + index / 588)
    result.append(vowels.lowerBound + index % 588 / 28)
    if index % 28 > 0 { result.append(trailBase + index % 28) }
  }

  static func join(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if leads.contains(first), vowels.contains(second) {
      return syllables.lowerBound + ((first - leads.lowerBound) * 21 + (second - vowels.lowerBound)) * 28
    }
    if syllables.contains(first), (first - syllables.lowerBound) % 28 == 0, trails.contains(second) {
      return first + (second - trailBase)
    }
    return nil
  }
}
