import Citations
import Diagnostics
import Markup

extension MarkdownPass {
  /// The works that marks cite, as they are printed.
  static func style(_ marks: [SyntaxMark], _ bibliography: Bibliography?) -> CitationStyle? {
    guard let bibliography else { return nil }
    let keys = marks.flatMap { mark -> [String] in
      if case .citation(let citation) = mark.kind { citation.items.map(\.key) } else { [] }
    }
    return CitationStyle(bibliography, citing: Set(keys))
  }

  /// What is printed for a citation.
  func cite(_ citation: CitationMark, _ mark: SyntaxMark, isPlain: Bool) -> InlinePiece {
    guard let bibliography = surroundings.bibliography, let style = citations else {
      report(
        .error, at: mark.span, "'\(mark.source)' cites a work where there is no bibliography",
        hints: [
          "name a file in the front matter: bibliography: references.bib", "captions and front matter cite nothing",
          "write '\\[' for literal text",
        ])
      return .text(mark.source)
    }
    var isKnown = true
    for item in citation.items where bibliography[item.key] == nil {
      isKnown = false
      let lower = mark.span.lower + item.offset
      report(
        .error, at: SourceSpan(lower: lower, upper: lower + 1 + item.key.utf8.count),
        "no work has the key '\(quotable(item.key))'",
        hints: Spelling.hints(for: item.key, in: bibliography.works.map(\.key), noun: "keys"))
    }
    guard isKnown else { return .text(mark.source) }
    for item in citation.items { cited.insert(item.key) }
    features.insert(.citation)
    let markup =
      citation.isBracketed
      ? style.bracketed(
        citation.items.map {
          CitationStyle.Item(key: $0.key, prefix: $0.prefix, locator: $0.locator, yearOnly: $0.yearOnly)
        })
      : style.narrative(citation.items[0].key)
    return isPlain ? .text(markup.plainText) : .markup(markup.html)
  }

  /// The list of the works that were cited, for the end of the text.
  func references() -> String {
    guard !cited.isEmpty, let citations else { return "" }
    let id = anchors.anchor(for: options.words.references)
    let level = min(6, 2 + options.headingShift)
    headings.append(Heading(level: level, number: nil, id: id, text: options.words.references))
    return MarkupWriter.make { out in
      out.element("section", ["class": "references", "role": "doc-bibliography"]) { out in
        out.newLine()
        out.element("h\(level)", ["id": id], text: options.words.references)
        out.newLine()
        out.markup(citations.list(of: cited))
        out.newLine()
      }
      out.newLine()
    }.html
  }
}
