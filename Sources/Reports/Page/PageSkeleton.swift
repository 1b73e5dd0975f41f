import Markup
import Results

/// A whole page: header, contents, text and where the results come from, in one file without scripts or network.
///
/// The output is HTML that also parses as XML. It holds no date but the one its author gives.
public struct PageSkeleton: Sendable {
  /// One line of the table of contents.
  public struct Heading: Sendable {
    /// 2 for a section, 3 for a subsection; others are left out of the contents.
    public var level: Int
    public var id: String
    /// The text, with its number.
    public var title: TrustedMarkup

    public init(level: Int, id: String, title: TrustedMarkup) {
      self.level = level
      self.id = id
      self.title = title
    }
  }

  /// The language (BCP 47), such as "en" or "ja".
  public var language = "en"
  public var title: String
  /// The line below the title.
  public var subtitle = ""
  public var authors: [String] = []
  /// The date as the author wrote it.
  public var date = ""
  /// What was found: a sentence with its numbers, in a box under the title.
  public var finding = TrustedMarkup.empty
  public var abstract = TrustedMarkup.empty
  /// What the page is about, for lists of search results and previews of links.
  public var description = ""
  /// The headings of the text, in order.
  public var headings: [Heading] = []
  public var body: TrustedMarkup
  /// The tables behind the figures: each opens over the page, and all of them are printed at its end.
  public var appendix = TrustedMarkup.empty
  /// What stands at the end of the page.
  public var provenance = TrustedMarkup.empty
  /// The machine-readable record of the page, as JSON text.
  public var manifest: String?
  /// What the links to other pages lead to.
  public var site = PageManifest.Site()
  /// The program and its version.
  public var generator = "layerbook"
  /// What the page may load and run: nothing but what it carries.
  ///
  /// A preview that adds a script widens it.
  public var contentPolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
  /// A style sheet that follows the built-in one; it must hold no `<` and no `&`.
  public var theme = ""
  /// The words around the text.
  public var words = PageWords.english

  public init(title: String, body: TrustedMarkup) {
    self.title = title
    self.body = body
  }

  /// The page as text.
  public func html() -> String {
    var writer = MarkupWriter()
    // Upper case, since XML knows no other and HTML takes both.
    writer.markup("<!DOCTYPE html>\n")
    writer.element("html", ["lang": language]) {
      $0.newLine()
      writeHead(to: &$0)
      $0.newLine()
      $0.element("body") { writeBody(to: &$0) }
      $0.newLine()
    }
    writer.newLine()
    return writer.result.html
  }

  private func writeBody(to writer: inout MarkupWriter) {
    writer.newLine()
    writer.element("a", ["class": "skip", "href": "#text"], text: words.skip)
    writer.newLine()
    writeHeader(to: &writer)
    writeContents(to: &writer)
    writer.element("main", ["id": "text"]) {
      $0.newLine()
      $0.markup(body)
      $0.newLine()
    }
    writer.newLine()
    if !appendix.isEmpty {
      writer.element("section", ["class": "appendix", "aria-label": words.data]) {
        $0.element("h2", text: words.data)
        $0.newLine()
        $0.markup(appendix)
      }
      writer.newLine()
    }
    writer.element("footer") {
      guard !provenance.isEmpty else { return $0.element("p", text: generator) }
      $0.element("h2", text: words.provenance)
      $0.newLine()
      $0.markup(provenance)
    }
    writer.newLine()
    guard let manifest else { return }
    writer.element(
      "script", ["type": "application/json", "id": "layerbook-manifest"],
      markup: TrustedMarkup(verbatim: Escaping.json(manifest)))
    writer.newLine()
  }

  private func writeHeader(to writer: inout MarkupWriter) {
    writer.element("header") {
      $0.newLine()
      writeLinks(to: &$0)
      $0.element("h1", text: title)
      if !subtitle.isEmpty { $0.element("p", ["class": "subtitle"], text: subtitle) }
      if !authors.isEmpty || !date.isEmpty {
        $0.element("p", ["class": "byline"]) { line in
          for author in authors { line.element("span", text: author) }
          if !date.isEmpty { line.element("time", ["datetime": Self.isDay(date) ? date : nil], text: date) }
        }
      }
      writeSection("finding", words.finding, finding, to: &$0)
      writeSection("abstract", words.abstract, abstract, to: &$0)
      $0.newLine()
    }
    writer.newLine()
  }

  private func writeSection(
    _ name: String, _ heading: String, _ content: TrustedMarkup, to writer: inout MarkupWriter
  ) {
    guard !content.isEmpty else { return }
    writer.newLine()
    writer.element("section", ["class": name]) {
      $0.element("h2", text: heading)
      $0.markup(content)
    }
  }

  /// The links to the list of reports and to other languages.
  private func writeLinks(to writer: inout MarkupWriter) {
    guard site != PageManifest.Site() else { return }
    writer.element("nav", ["class": "pages", "aria-label": words.pages]) {
      if let index = site.index { $0.element("a", ["href": index], text: words.index) }
      for edition in site.editions {
        let tag = edition.language
        $0.element(
          "a", ["href": edition.address, "hreflang": tag, "lang": tag], text: PageWords.ownName(ofLanguage: tag))
      }
    }
    writer.newLine()
  }

  /// Whether the text is a day as `<time>` takes it: 2026-11-21.
  static func isDay(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2] else { return false }
    return parts.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } }
  }

  private func writeContents(to writer: inout MarkupWriter) {
    let lines = headings.filter { $0.level == 2 || $0.level == 3 }
    guard lines.count > 1 else { return }
    writer.element("nav", ["class": "toc", "aria-label": words.contents]) {
      $0.element("ol") { list in
        var index = 0
        while index < lines.count {
          let line = lines[index]
          let rest = lines[(index + 1)...].prefix { $0.level > line.level }
          list.element("li") {
            Self.writeLink(line, to: &$0)
            guard !rest.isEmpty else { return }
            $0.element("ol") { inner in
              for child in rest { inner.element("li") { Self.writeLink(child, to: &$0) } }
            }
          }
          index += 1 + rest.count
        }
      }
    }
    writer.newLine()
  }

  private static func writeLink(_ heading: Heading, to writer: inout MarkupWriter) {
    writer.element("a", ["href": "#" + heading.id], markup: heading.title)
  }
}
