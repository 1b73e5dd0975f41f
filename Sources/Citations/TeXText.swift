/// Text with the TeX that bibliographies have in it: accents, letters, dashes, braces.
struct TeXText {
  /// The text as Unicode in composed form.
  private(set) var plain = ""
  /// Commands that are not known.
  private(set) var unknown: [String] = []

  private var rest: Substring.UnicodeScalarView
  private static let marks: [Unicode.Scalar: Unicode.Scalar] = [
    "\"": "\u{308}", "'": "\u{301}", "`": "\u{300}", "^": "\u{302}", "~": "\u{303}", "=": "\u{304}", ".": "\u{307}",
    "c": "\u{327}", "v": "\u{30C}", "u": "\u{306}", "H": "\u{30B}", "k": "\u{328}", "r": "\u{30A}", "d": "\u{323}",
    "b": "\u{331}",
  ]
  private static let letters: [String: String] = [
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ",
    "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…", "textquoteright": "’", "textquoteleft": "‘",
    "textasciitilde": "~", "textbackslash": "\\", "textsuperscript": "", "TeX": "TeX", "LaTeX": "LaTeX",
    // Styles: the words stay, their face does not.
    "emph": "", "textit": "", "textbf": "", "textsc": "", "texttt": "", "textrm": "", "textsf": "", "mbox": "",
    "url": "", "em": "", "it": "", "bf": "", "sc": "", "rm": "", "textup": "", "relax": "",
  ]

  init(_ text: String) {
    rest = Substring(text).unicodeScalars
    while let scalar = rest.popFirst() { take(scalar) }
    plain = plain.split { $0.isWhitespace && $0 != "\u{A0}" }.joined(separator: " ")
  }

  private mutating func take(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\\": command()
    case "{", "}", "$": break
    case "~": plain += "\u{A0}"
    case "-" where rest.first == "-":
      rest.removeFirst()
      let isLong = rest.first == "-"
      if isLong { rest.removeFirst() }
      plain += isLong ? "—" : "–"
    case "`" where rest.first == "`":
      rest.removeFirst()
      plain += "“"
    case "'" where rest.first == "'":
      rest.removeFirst()
      plain += "”"
    default: plain.unicodeScalars.append(scalar)
    }
  }

  private mutating func command() {
    guard let first = rest.first else { return }
    if !Self.isLetter(first) {
      rest.removeFirst()
      if let mark = Self.marks[first] { return accent(mark) }
      // `\&`, `\%` and the like; `\ ` and `\,` are blanks.
      plain += [" ", ",", ";", "/"].contains(first) ? " " : String(Character(first))
      return
    }
    var name = ""
    while let scalar = rest.first, Self.isLetter(scalar) {
      name.unicodeScalars.append(scalar)
      rest.removeFirst()
    }
    let isShort = name.unicodeScalars.count == 1
    // Blanks after a command of letters belong to it.
    while rest.first == " " { rest.removeFirst() }
    if isShort, let mark = Self.marks[first], rest.first.map({ $0 == "{" || Self.isLetter($0) || $0 == "\\" }) ?? false
    {
      return accent(mark)
    }
    if let text = Self.letters[name] { plain += text } else { unknown.append("\\" + name) }
  }

  /// Puts a mark on the next letter: `\"u`, `\"{u}`, `\v{s}`, `\'{\i}`.
  private mutating func accent(_ mark: Unicode.Scalar) {
    while rest.first == " " || rest.first == "{" { rest.removeFirst() }
    guard var letter = rest.popFirst() else { return }
    if letter == "\\" {
      // A letter without its dot takes the mark as one with it.
      guard let next = rest.popFirst(), next == "i" || next == "j" else { return unknown.append("\\") }
      letter = next
    }
    plain += Self.composed(letter, mark)
  }

  private static func composed(_ letter: Unicode.Scalar, _ mark: Unicode.Scalar) -> String {
    // Swift compares strings by canonical equivalence but keeps their scalars: bytes must not depend on the spelling.
    var text = String.UnicodeScalarView()
    text.append(letter)
    text.append(mark)
    let pair = String(text)
    return compositions[pair] ?? pair
  }

  /// The letters with marks that Unicode has of its own, by their decompositions (canonically equivalent keys).
  private static let compositions: [String: String] = {
    var table: [String: String] = [:]
    for value in Array(UInt32(0xC0)...UInt32(0x17F)) + Array(UInt32(0x1CD)...UInt32(0x233))
      + Array(UInt32(0x1E00)...UInt32(0x1EF9))
    {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(Character(scalar))
      // The key is found by its canonical equivalent, whatever its scalars.
      table[text] = text
    }
    return table
  }()

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    (0x61...0x7A).contains(scalar.value | 0x20) && scalar.isASCII
  }
}
