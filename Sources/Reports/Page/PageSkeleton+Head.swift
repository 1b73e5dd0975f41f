import Markup

extension PageSkeleton {
  /// What browsers, search engines, link previews and reference managers read of a page.
  func writeHead(to writer: inout MarkupWriter) {
    writer.element("head") {
      $0.newLine()
      $0.empty("meta", ["charset": "utf-8"])
      $0.newLine()
      $0.element("title", text: title)
      $0.newLine()
      Self.write([("viewport", "width=device-width, initial-scale=1"), ("generator", generator)], to: &$0)
      $0.empty("meta", ["http-equiv": "Content-Security-Policy", "content": contentPolicy])
      $0.newLine()
      Self.write(named, to: &$0)
      for (property, content) in preview {
        $0.empty("meta", ["property": property, "content": content])
        $0.newLine()
      }
      for edition in site.editions {
        $0.empty("link", ["rel": "alternate", "hreflang": edition.language, "href": edition.address])
        $0.newLine()
      }
      $0.element("style", markup: TrustedMarkup(verbatim: "\n" + PageStyle.css + runningTitle + "\n" + theme))
      $0.newLine()
    }
  }

  /// Author, description, and what reference managers read: the names that Google Scholar documents.
  private var named: [(String, String)] {
    var entries = authors.map { ("author", $0) }
    if !description.isEmpty { entries.append(("description", description)) }
    guard !authors.isEmpty else { return entries }
    entries.append(("citation_title", title))
    entries += authors.map { ("citation_author", $0) }
    if !date.isEmpty { entries.append(("citation_publication_date", date.replacing("-", with: "/"))) }
    entries.append(("citation_language", language))
    return entries
  }

  /// Open Graph, which link previews read.
  ///
  /// Without an address of its own the page names none, and no picture.
  private var preview: [(String, String)] {
    guard !description.isEmpty else { return [] }
    var entries = [("og:type", "article"), ("og:title", title), ("og:description", description)]
    entries.append(("og:locale", language))
    if Self.isDay(date) { entries.append(("article:published_time", date)) }
    return entries
  }

  private static func write(_ entries: [(name: String, content: String)], to writer: inout MarkupWriter) {
    for entry in entries {
      writer.empty("meta", ["name": entry.name, "content": entry.content])
      writer.newLine()
    }
  }

  /// The title at the head of each printed page but the first.
  ///
  /// What would end the string or the style, in CSS or in XML, becomes a look-alike: a backslash is no part of a page's style.
  private var runningTitle: String {
    let alike: [Character: Character] = [
      "\"": "\u{201D}", "\\": "\u{2216}", "<": "\u{2039}", ">": "\u{203A}", "&": "\u{FF06}", "\n": " ", "\r": " ",
      "\r\n": " ",
    ]
    let text = String(title.map { alike[$0] ?? $0 })
    return "\n@page{@top-left{content:\"\(text)\"}}@page:first{@top-left{content:none}}"
  }
}
