import Diagnostics

/// Turns the fields of a BibTeX entry into a work.
struct ReferenceFields {
  struct Fault {
    var span: SourceSpan
    var message: String
    var hints: [String]
  }

  let key: String
  let fields: [String: BibTeXField]
  private(set) var faults: [Fault] = []

  init(key: String, fields: [String: BibTeXField]) { (self.key, self.fields) = (key, fields) }

  mutating func work() -> Reference {
    var work = Reference(key: key)
    work.authors = names("author") ?? names("editor") ?? []
    work.title = text("title")
    work.container = first("journal", "journaltitle", "booktitle")
    work.year = String(first("year", "date").prefix { $0 != "-" && $0 != "/" })
    work.volume = text("volume")
    work.issue = first("number", "issue")
    work.pages = text("pages").replacing("--", with: "–")
    work.publisher = first("publisher", "school", "institution", "organization", "howpublished")
    work.doi = fields["doi"].map { Self.bare($0.raw) } ?? ""
    work.url = fields["url"].map { Self.bare($0.raw) } ?? ""
    let archive = (fields["archiveprefix"] ?? fields["eprinttype"])?.raw.lowercased() ?? "arxiv"
    if let number = fields["eprint"].map({ Self.bare($0.raw) }), archive.contains("arxiv") { work.arXiv = number }
    return work
  }

  private mutating func first(_ names: String...) -> String {
    for name in names {
      let found = text(name)
      if !found.isEmpty { return found }
    }
    return ""
  }

  private mutating func text(_ name: String) -> String {
    guard let field = fields[name] else { return "" }
    return plain(field.raw, of: field, name)
  }

  private mutating func plain(_ raw: String, of field: BibTeXField, _ name: String) -> String {
    let text = TeXText(raw)
    for command in text.unknown {
      let start = field.raw.firstRange(of: command).map {
        field.raw.utf8.distance(from: field.raw.startIndex, to: $0.lowerBound)
      }
      let lower = field.start + 1 + (start ?? 0)
      faults.append(
        Fault(
          span: SourceSpan(lower: lower, upper: lower + command.utf8.count),
          message: "the command '\(command)' in '\(name)' is not known",
          hints: ["write the character itself: the file is UTF-8"]))
    }
    return text.plain
  }

  /// An address as it is: TeX's escapes are not part of it.
  private static func bare(_ raw: String) -> String {
    raw.replacing("\\url", with: "").filter { !"{}\\ \n\t".contains($0) }
  }

  // MARK: - Names

  private mutating func names(_ name: String) -> [PersonName]? {
    guard let field = fields[name] else { return nil }
    let people = Self.split(field.raw, at: " and ").map { raw -> PersonName in
      if raw == "others" { return .others }
      return person(raw, field, name)
    }
    return people.isEmpty ? nil : people
  }

  /// One name in one of BibTeX's orders: `First von Last`, `von Last, First`, `von Last, Jr, First`; a name in braces
  /// is an institution's.
  private mutating func person(_ raw: String, _ field: BibTeXField, _ name: String) -> PersonName {
    if raw.hasPrefix("{"), raw.hasSuffix("}"), Self.split(raw, at: " ").count == 1 {
      return PersonName(family: plain(raw, of: field, name))
    }
    let parts = Self.split(raw, at: ",")
    if parts.count == 1 {
      let words = Self.split(raw, at: " ")
      // The family name begins at the first word in small letters, a particle, or is the last word.
      let start =
        words.dropLast().firstIndex { $0.unicodeScalars.first?.properties.isLowercase ?? false } ?? words.count - 1
      return PersonName(
        family: plain(words[start...].joined(separator: " "), of: field, name),
        given: plain(words[..<start].joined(separator: " "), of: field, name))
    }
    let family = parts.count > 2 ? parts[0] + " " + parts[1] : parts[0]
    return PersonName(family: plain(family, of: field, name), given: plain(parts[parts.count - 1], of: field, name))
  }

  /// Cuts a text where a separator stands outside of braces; blanks around the parts go, and so do empty parts.
  static func split(_ text: String, at separator: String) -> [String] {
    let bytes = text.utf8.map { [0x09, 0x0A, 0x0D].contains($0) ? 0x20 : $0 }
    let mark = Array(separator.utf8)
    var parts: [[UInt8]] = [[]]
    var depth = 0
    var index = 0
    while index < bytes.count {
      if depth == 0, bytes[index] | 0x20 == mark[0] | 0x20, bytes[index...].starts(with: mark) {
        parts.append([])
        index += mark.count
        continue
      }
      if bytes[index] == 0x7B { depth += 1 }
      if bytes[index] == 0x7D { depth -= 1 }
      parts[parts.count - 1].append(bytes[index])
      index += 1
    }
    return parts.map { part in
      let text = part.drop { $0 == 0x20 }
      return String(decoding: text[..<(text.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? text.startIndex)], as: UTF8.self)
    }.filter { !$0.isEmpty }
  }
}
