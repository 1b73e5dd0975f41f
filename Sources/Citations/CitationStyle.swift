import Markup

/// How the works that one text cites are printed: author and year in the text, a list at its end.
public struct CitationStyle: Sendable {
  /// One work in a citation.
  public struct Item: Sendable {
    public var key: String
    /// What stands before it, such as `see`.
    public var prefix: String
    /// What stands behind it, such as `p. 3`.
    public var locator: String
    /// Whether the author is left out.
    public var yearOnly: Bool

    public init(key: String, prefix: String = "", locator: String = "", yearOnly: Bool = false) {
      (self.key, self.prefix, self.locator, self.yearOnly) = (key, prefix, locator, yearOnly)
    }
  }

  /// The works in the order of the list.
  private let works: [Reference]
  /// The year of each with the letter that tells it from others of the same author and year.
  private var years: [String: String] = [:]
  private var anchors: [String: String] = [:]

  /// The style for the works of some keys; keys of no work are passed over.
  public init(_ bibliography: Bibliography, citing keys: Set<String>) {
    let cited = keys.compactMap { bibliography[$0] }
    works = cited.sorted { Self.order($0).lexicographicallyPrecedes(Self.order($1)) }
    let groups = Dictionary(grouping: works) { Self.author($0) + "\u{0}" + $0.year }
    for (index, work) in works.enumerated() {
      let year = work.year.isEmpty ? "n.d." : work.year
      let same = groups[Self.author(work) + "\u{0}" + work.year] ?? []
      let place = same.firstIndex { $0.key == work.key } ?? 0
      let letter = same.count > 1 ? String(UnicodeScalar(UInt8(0x61 + min(place, 25)))) : ""
      years[work.key] = year + (work.year.isEmpty && !letter.isEmpty ? "-" : "") + letter
      let isPlain = work.key.utf8.allSatisfy {
        (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2D
      }
      anchors[work.key] = "ref-" + (isPlain ? work.key : String(index + 1))
    }
  }

  /// A citation in brackets: `(see Sun & Li, 2024a, p. 3; Ng, 2020)`.
  public func bracketed(_ items: [Item]) -> TrustedMarkup {
    MarkupWriter.make { out in
      out.text("(")
      for (index, item) in items.enumerated() {
        if index > 0 { out.text("; ") }
        if !item.prefix.isEmpty { out.text(item.prefix + " ") }
        link(item.key, (item.yearOnly ? "" : author(item.key) + ", ") + (years[item.key] ?? ""), &out)
        if !item.locator.isEmpty { out.text(", " + item.locator) }
      }
      out.text(")")
    }
  }

  /// A work in a sentence: `Sun & Li (2024a)`.
  public func narrative(_ key: String) -> TrustedMarkup {
    MarkupWriter.make { out in
      out.text(author(key) + " (")
      link(key, years[key] ?? "", &out)
      out.text(")")
    }
  }

  /// The list of those works that have these keys.
  public func list(of keys: Set<String>) -> TrustedMarkup {
    MarkupWriter.make { out in
      out.element("ul") { out in
        for work in works where keys.contains(work.key) {
          out.newLine()
          out.element("li", ["id": anchors[work.key]]) { entry(work, &$0) }
        }
        out.newLine()
      }
    }
  }

  /// The anchors of the list.
  public var listAnchors: [String] { works.compactMap { anchors[$0.key] } }

  // MARK: - Parts

  private func link(_ key: String, _ text: String, _ out: inout MarkupWriter) {
    out.element("a", ["href": anchors[key].map { "#" + $0 }, "role": "doc-biblioref"], text: text)
  }

  private func author(_ key: String) -> String { works.first { $0.key == key }.map(Self.author) ?? key }

  /// What a work is called by: its authors' family names, at most two of them, or the beginning of its title.
  private static func author(_ work: Reference) -> String {
    let names = work.authors.filter { !$0.isOthers }
    guard let first = names.first else {
      let words = work.title.split(separator: " ")
      return "“" + words.prefix(4).joined(separator: " ") + (words.count > 4 ? " …" : "") + "”"
    }
    if work.authors.count == 1 { return first.family }
    return work.authors.count == 2 && names.count == 2
      ? first.family + " & " + names[1].family : first.family + " et al."
  }

  /// Authors, year, title and key in small letters, by their scalars: no locale has a part in it.
  private static func order(_ work: Reference) -> [UInt32] {
    let names = work.authors.filter { !$0.isOthers }.map { $0.family + " " + $0.given }.joined(separator: ", ")
    let text = [names.isEmpty ? work.title : names, work.year, work.title, work.key].joined(separator: "\u{1}")
    return text.lowercased().unicodeScalars.map(\.value)
  }

  /// One line of the list.
  private func entry(_ work: Reference, _ out: inout MarkupWriter) {
    var names = work.authors.prefix(20).map { $0.isOthers ? "et al." : $0.listed }
    if work.authors.count > 20 { names.append("et al.") }
    if names.count > 1, let last = names.popLast() {
      out.text(names.joined(separator: ", ") + (last == "et al." ? ", " : " & ") + last + " ")
    } else if let only = names.first {
      out.text(only + " ")
    }
    out.text("(\(years[work.key] ?? "")). ")
    let isPart = !work.container.isEmpty
    if isPart { out.text(Self.ended(work.title) + " ") } else { out.element("em", text: Self.ended(work.title)) }
    if isPart {
      out.element("em", text: work.container)
      var place = work.volume.isEmpty ? "" : ", " + work.volume
      if !work.issue.isEmpty { place += work.volume.isEmpty ? ", \(work.issue)" : "(\(work.issue))" }
      if !work.pages.isEmpty { place += ", " + work.pages }
      out.text(place + ".")
    }
    if !work.publisher.isEmpty { out.text(" " + Self.ended(work.publisher)) }
    guard let address = work.address else { return }
    out.text(" ")
    out.element("a", ["href": address], text: address)
  }

  /// A sentence with its stop.
  private static func ended(_ text: String) -> String {
    text.last.map { ".!?。".contains($0) } ?? true ? text : text + "."
  }
}
