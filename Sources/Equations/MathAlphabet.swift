/// The letter styles of mathematics as Unicode characters: MathML Core knows no other way to write them.
///
/// Source: Unicode Standard, Mathematical Alphanumeric Symbols (U+1D400–U+1D7FF) and the letterlike symbols that fill
/// its holes.
enum MathAlphabet: String {
  case bold
  case italic
  case boldItalic
  case script
  case fraktur
  case doubleStruck
  case sans
  case monospace
  case upright

  /// The alphabet of a command such as `mathbb`.
  static let commands: [String: MathAlphabet] = [
    "mathbf": .bold, "bm": .boldItalic, "boldsymbol": .boldItalic, "mathit": .italic, "mathcal": .script,
    "mathscr": .script, "mathfrak": .fraktur, "mathbb": .doubleStruck, "mathsf": .sans, "mathtt": .monospace,
    "mathrm": .upright,
  ]

  /// The character in this alphabet; unchanged where the alphabet has none.
  func character(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if let exception = exceptions[scalar] { return exception }
    let value = scalar.value
    switch value {
    case 0x41...0x5A: return shifted(value - 0x41, capitals)
    case 0x61...0x7A: return shifted(value - 0x61, capitals.map { $0 + 26 })
    case 0x30...0x39: return shifted(value - 0x30, digits)
    case 0x391...0x3A9: return shifted(value - 0x391, greek)
    case 0x3B1...0x3C9: return shifted(value - 0x3B1, greek.map { $0 + 26 })
    default: return scalar
    }

    func shifted(_ offset: UInt32, _ base: UInt32?) -> Unicode.Scalar {
      base.flatMap { Unicode.Scalar($0 + offset) } ?? scalar
    }
  }

  private var capitals: UInt32? {
    switch self {
    case .bold: 0x1D400
    case .italic: 0x1D434
    case .boldItalic: 0x1D468
    case .script: 0x1D49C
    case .fraktur: 0x1D504
    case .doubleStruck: 0x1D538
    case .sans: 0x1D5A0
    case .monospace: 0x1D670
    case .upright: nil
    }
  }

  private var digits: UInt32? {
    switch self {
    case .bold, .boldItalic: 0x1D7CE
    case .doubleStruck: 0x1D7D8
    case .sans: 0x1D7E2
    case .monospace: 0x1D7F6
    default: nil
    }
  }

  private var greek: UInt32? {
    switch self {
    case .bold: 0x1D6A8
    case .italic: 0x1D6E2
    case .boldItalic: 0x1D71C
    default: nil
    }
  }

  private var exceptions: [Unicode.Scalar: Unicode.Scalar] {
    switch self {
    case .italic: ["h": "ℎ"]
    case .script:
      [
        "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ", "e": "ℯ", "g": "ℊ", "o": "ℴ",
      ]
    case .fraktur: ["C": "ℭ", "H": "ℌ", "I": "ℑ", "R": "ℜ", "Z": "ℨ"]
    case .doubleStruck: ["C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"]
    default: [:]
    }
  }
}
