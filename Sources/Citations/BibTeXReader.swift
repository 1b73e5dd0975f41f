import Diagnostics

/// Reads the entries of a BibTeX file.
///
/// ```
/// entry = "@" type "{" key "," *( name "=" value "," ) "}"     parentheses in the place of the outer braces, too
/// value = part *( "#" part );   part = number / name of a string / "{…}" / "\"…\""
/// ```
/// What stands between entries is a comment, as BibTeX has it.
/// - Complexity: O(bytes).
struct BibTeXReader {
  private let file: SourceFile
  private let bytes: [UInt8]
  private var place = 0
  private var strings: [String: String] = [
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "may": "May", "jun": "June", "jul": "July",
    "aug": "August", "sep": "September", "oct": "October", "nov": "November", "dec": "December",
  ]
  private var diagnostics: [Diagnostic] = []

  private static let deepest = 100

  static func read(_ file: SourceFile, into bibliography: inout Bibliography) -> [Diagnostic] {
    var reader = BibTeXReader(file: file)
    while reader.diagnostics.count < 20, let start = reader.bytes.dropFirst(reader.place).firstIndex(of: 0x40) {
      reader.place = start + 1
      reader.entry(from: start, &bibliography)
    }
    return reader.diagnostics
  }

  private init(file: SourceFile) {
    self.file = file
    bytes = file.bytes
  }

  // MARK: - Entries

  private mutating func entry(from start: Int, _ bibliography: inout Bibliography) {
    let type = word().lowercased()
    skipBlanks()
    guard let open = peek, open == 0x7B || open == 0x28, !type.isEmpty else { return }
    place += 1
    let close: UInt8 = open == 0x7B ? 0x7D : 0x29
    if type == "comment" || type == "preamble" { return skipBody(close, from: start) }
    if type == "string" { return string(close, from: start) }
    skipBlanks()
    let keyStart = place
    while let byte = peek, ![0x2C, close, 0x20, 0x09, 0x0A, 0x0D, 0x3D].contains(byte) { place += 1 }
    let key = text(keyStart..<place)
    let keySpan = SourceSpan(lower: keyStart, upper: place)
    skipBlanks()
    guard !key.isEmpty, peek == 0x2C || peek == close else {
      report(SourceSpan(lower: start, upper: keyStart), "an entry begins with a key and a comma: @article{key, …}")
      return
    }
    guard let fields = fields(close, from: start) else { return }
    var reader = ReferenceFields(key: key, fields: fields)
    let work = reader.work()
    for fault in reader.faults { report(fault.span, fault.message, hints: fault.hints) }
    if work.title.isEmpty {
      report(keySpan, "the work '\(key)' has no title", severity: .warning)
    } else if !bibliography.add(work) {
      report(keySpan, "the key '\(key)' is given twice", hints: ["rename one of the two works"])
    }
  }

  private mutating func fields(_ close: UInt8, from start: Int) -> [String: BibTeXField]? {
    var fields: [String: BibTeXField] = [:]
    while true {
      skipBlanks()
      if peek == 0x2C {
        place += 1
        continue
      }
      guard let byte = peek else {
        report(SourceSpan(lower: start, upper: start + 1), "this entry is not closed")
        return nil
      }
      if byte == close {
        place += 1
        return fields
      }
      let nameStart = place
      let name = word().lowercased()
      skipBlanks()
      guard !name.isEmpty, peek == 0x3D else {
        report(SourceSpan(lower: nameStart, upper: max(place, nameStart + 1)), "expected 'name = value' in this entry")
        return nil
      }
      place += 1
      guard let value = value() else { return nil }
      if fields[name] == nil { fields[name] = value }
    }
  }

  private mutating func string(_ close: UInt8, from start: Int) {
    skipBlanks()
    let name = word().lowercased()
    skipBlanks()
    guard !name.isEmpty, peek == 0x3D else {
      return report(SourceSpan(lower: start, upper: place), "expected @string{name = value}")
    }
    place += 1
    guard let value = value() else { return }
    strings[name] = value.raw
    skipBlanks()
    if peek == close { place += 1 }
  }

  private mutating func skipBody(_ close: UInt8, from start: Int) {
    var depth = 1
    while let byte = peek {
      place += 1
      if byte == 0x7B, close == 0x7D { depth += 1 }
      if byte == close { depth -= 1 }
      if depth == 0 { return }
    }
    report(SourceSpan(lower: start, upper: start + 1), "this entry is not closed")
  }

  // MARK: - Values

  private mutating func value() -> BibTeXField? {
    skipBlanks()
    var field = BibTeXField(raw: "", start: place)
    while true {
      guard let part = part() else { return nil }
      field.raw += part
      skipBlanks()
      guard peek == 0x23 else { return field }
      place += 1
      skipBlanks()
    }
  }

  private mutating func part() -> String? {
    let start = place
    switch peek {
    case 0x7B?: return delimited(0x7D)
    case 0x22?: return delimited(0x22)
    default:
      let name = word()
      guard !name.isEmpty else {
        report(
          SourceSpan(lower: start, upper: start + 1), "expected a value: {…}, \"…\", a number or the name of a string")
        return nil
      }
      if name.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return name }
      if let text = strings[name.lowercased()] { return text }
      report(
        SourceSpan(lower: start, upper: place), "unknown string '\(name)'",
        hints: Spelling.hints(for: name, in: strings.keys.sorted(), noun: "strings"))
      return ""
    }
  }

  /// The text up to the end of a group or a quotation, whose first byte is next.
  private mutating func delimited(_ close: UInt8) -> String? {
    let start = place
    place += 1
    var depth = 0
    while let byte = peek {
      if byte == 0x5C {
        place = min(place + 2, bytes.count)
        continue
      }
      if byte == close, depth == 0 {
        place += 1
        return text((start + 1)..<(place - 1))
      }
      if byte == 0x7B { depth += 1 }
      if byte == 0x7D { depth -= 1 }
      if depth < 0 || depth > Self.deepest { break }
      place += 1
    }
    report(SourceSpan(lower: start, upper: start + 1), "this value is not closed")
    return nil
  }

  // MARK: - Bytes

  private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipBlanks() {
    while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
  }

  private mutating func word() -> String {
    let start = place
    while let byte = peek {
      let isWord =
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "-_:.+/".utf8.contains(byte)
        || byte >= 0x80
      guard isWord else { break }
      place += 1
    }
    return text(start..<place)
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private mutating func report(
    _ span: SourceSpan, _ message: String, hints: [String] = [], severity: Diagnostic.Severity = .error
  ) {
    diagnostics.append(Diagnostic(severity, file: file, span: span, message: message, hints: hints))
  }
}

/// A field's text before TeX is taken out of it.
struct BibTeXField {
  var raw: String
  /// Where its value begins in the file.
  var start: Int
}
