/// A regular expression of a tokenizer file, made ready for the library: what it may not do is refused, and character
/// properties are named so that they mean the same on every machine.
struct PatternText {
  /// What to compile.
  private(set) var prepared: [UInt8] = []
  /// Whether something may be repeated any number of times.
  private(set) var repeatsUnbounded = false
  /// The product of all counts in braces.
  private var repetitions = 1
  private let source: [UInt8]
  private var index = 0
  /// How many character classes are open; in them parentheses and braces are characters.
  private var openClasses = 0
  /// Whether `\d` and `\w` are the Unicode classes throughout.
  private let namesClasses: Bool

  /// Longer patterns, in bytes, are refused.
  static let longestPattern = 1 << 16
  /// Patterns whose counts in braces multiply to more are refused: they would be repeated as often at one place.
  static let mostRepetitions = 10_000

  /// Groups and escapes that tokenizers do not use and that make a pattern's cost unbounded.
  private static let refusals: [(spelling: String, meaning: String)] = [
    ("(?{", "a callout"), ("(*", "a callout"), ("(?~", "an absence operator"), ("(?(", "a conditional group"),
    ("(?<@", "a history group"), (#"\g"#, "a call of a group"), (#"\K"#, "a moved start"), (#"\M"#, "a meta character"),
    (#"\C"#, "a control character"), (#"\c"#, "a control character"),
  ]

  /// Reads a pattern.
  ///
  /// - Returns: nil with the reason in `refusal` where it cannot be used.
  init?(_ text: String, refusal: inout String) {
    source = Array(text.utf8)
    namesClasses = !Self.changesClasses(source)
    guard source.count <= Self.longestPattern else {
      refusal = "it is longer than \(Self.longestPattern) bytes"
      return nil
    }
    while index < source.count {
      if let found = Self.refusals.first(where: { isHere($0.spelling) }) {
        refusal = "'\(found.spelling)', \(found.meaning), is not supported"
        return nil
      }
      readItem()
      guard repetitions <= Self.mostRepetitions else {
        refusal = "its repetition counts multiply to more than \(Self.mostRepetitions)"
        return nil
      }
    }
  }

  /// Whether a group changes what `\d`, `\w` and their like mean, as `(?W)` does.
  private static func changesClasses(_ text: [UInt8]) -> Bool {
    for index in text.indices.dropLast(2) where text[index] == UInt8(ascii: "(") && text[index + 1] == UInt8(ascii: "?")
    {
      let options = text[(index + 2)...].prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
      if options.contains(where: { "DWSPy".utf8.contains($0) }) { return true }
    }
    return false
  }

  private func isHere(_ spelling: String) -> Bool {
    source[index...].starts(with: spelling.utf8) && (openClasses == 0 || spelling.hasPrefix("\\"))
  }

  private mutating func readItem() {
    switch source[index] {
    case UInt8(ascii: "\\") where index + 1 < source.count: readEscape()
    case UInt8(ascii: "["): openClass()
    case UInt8(ascii: "]"):
      openClasses = max(openClasses - 1, 0)
      copy(1)
    case UInt8(ascii: "{") where openClasses == 0:
      let braces = source[index...].prefix(16).prefix { $0 != UInt8(ascii: "}") }
      repeatsUnbounded = repeatsUnbounded || braces.last == UInt8(ascii: ",")
      if let count = repetitionCount() { repetitions = min(repetitions * max(count, 1), Self.mostRepetitions + 1) }
      copy(1)
    case UInt8(ascii: "*"), UInt8(ascii: "+"):
      repeatsUnbounded = repeatsUnbounded || openClasses == 0
      copy(1)
    default: copy(1)
    }
  }

  /// A bracket with the `^` and the `]` that may follow it as characters.
  private mutating func openClass() {
    openClasses += 1
    copy(1)
    if index < source.count, source[index] == UInt8(ascii: "^") { copy(1) }
    if index < source.count, source[index] == UInt8(ascii: "]") { copy(1) }
  }

  private mutating func copy(_ count: Int) {
    prepared += source[index..<min(index + count, source.count)]
    index += count
  }

  private mutating func readEscape() {
    switch source[index + 1] {
    case UInt8(ascii: "d") where namesClasses: replaceEscape("Nd", isNegative: false)
    case UInt8(ascii: "D") where namesClasses: replaceEscape("Nd", isNegative: true)
    case UInt8(ascii: "w") where namesClasses: replaceEscape("Word", isNegative: false)
    case UInt8(ascii: "W") where namesClasses: replaceEscape("Word", isNegative: true)
    case UInt8(ascii: "p"), UInt8(ascii: "P"): readProperty()
    case UInt8(ascii: "x"), UInt8(ascii: "o"), UInt8(ascii: "k"): copyBraces()
    default: copy(2)
    }
  }

  private mutating func replaceEscape(_ property: String, isNegative: Bool) {
    append(property: PatternProperties.definedName(of: property) ?? property, isNegative: isNegative)
    index += 2
  }

  private mutating func append(property: String, isNegative: Bool) {
    prepared += Array("\\\(isNegative ? "P" : "p"){\(property)}".utf8)
  }

  /// `\p{…}`, `\P{…}` or `\p{^…}`.
  private mutating func readProperty() {
    guard let end = endOfBraces() else { return copy(2) }
    var name = source[(index + 3)..<end]
    var isNegative = source[index + 1] == UInt8(ascii: "P")
    if name.first == UInt8(ascii: "^") {
      isNegative.toggle()
      name = name.dropFirst()
    }
    guard let defined = PatternProperties.definedName(of: String(decoding: name, as: UTF8.self)) else {
      return copy(end + 1 - index)
    }
    append(property: defined, isNegative: isNegative)
    index = end + 1
  }

  /// An escape with an argument in braces, which holds no counts.
  private mutating func copyBraces() {
    copy(endOfBraces().map { $0 + 1 - index } ?? 2)
  }

  /// The place of the `}` of an escape whose braces follow at once.
  private func endOfBraces() -> Int? {
    guard index + 2 < source.count, source[index + 2] == UInt8(ascii: "{") else { return nil }
    return source[(index + 3)...].firstIndex(of: UInt8(ascii: "}"))
  }

  /// The larger number of `{n}`, `{n,}`, `{,m}` or `{n,m}`.
  private func repetitionCount() -> Int? {
    let rest = source[(index + 1)...]
    guard let end = rest.prefix(16).firstIndex(of: UInt8(ascii: "}")) else {
      return rest.prefix(16).allSatisfy { (0x30...0x39).contains($0) } ? Self.mostRepetitions + 1 : nil
    }
    let numbers = rest[..<end].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard numbers.count <= 2, numbers.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } }) else { return nil }
    return numbers.map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }.max()
  }
}
