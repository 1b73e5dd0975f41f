import Citations
import Diagnostics
import Markup

extension MarkdownPass {
  /// What is printed for a citation.
  func cite(_ citation: CitationMark, _ mark: SyntaxMark, isPlain: Bool) -> InlinePiece {
    if let item = citation.items.first(where: { isCrossReference($0.key) }) {
      report(
        .error, at: mark.span, "'@\(quotable(item.key))' is how another tool refers to a figure, table or formula",
        hints: ["write <<ref \(item.key)>>, which prints its number as a link", "write '\\@' for literal text"])
      return .text(mark.source)
    }
    guard let works = surroundings.works else {
      report(
        .error, at: mark.span, "'\(mark.source)' cites a work where there is no bibliography",
        hints: [
          "name a file in the front matter: bibliography: references.bib",
          "write '\\\(citation.isBracketed ? "[" : "@")' for literal text",
        ])
      return .text(mark.source)
    }
    var isKnown = true
    for item in citation.items where works.bibliography[item.key] == nil {
      isKnown = false
      let lower = mark.span.lower + item.offset
      report(
        .error, at: SourceSpan(lower: lower, upper: lower + 1 + item.key.utf8.count),
        "no work has the key '\(quotable(item.key))'",
        hints: Spelling.hints(for: item.key, in: works.bibliography.works.map(\.key), noun: "keys")
          + (citation.isBracketed ? [] : ["write '\\@' for literal text"]))
    }
    guard isKnown else { return .text(mark.source) }
    let markup =
      citation.isBracketed
      ? works.style.bracketed(
        citation.items.map {
          CitationStyle.Item(key: $0.key, prefix: $0.prefix, locator: $0.locator, yearOnly: $0.yearOnly)
        })
      : works.style.narrative(citation.items[0].key)
    return isPlain ? .text(markup.plainText) : .markup(markup.html)
  }

  private func isCrossReference(_ key: String) -> Bool {
    CitationScan.isCrossReference(key) && surroundings.works?.bibliography[key] == nil
  }

  /// The list of the works that the page cites, for the end of its text.
  func references() -> String {
    guard surroundings.listsWorks, let works = surroundings.works, !works.isEmpty else { return "" }
    features.insert(.citation)
    let id = anchors.anchor(for: options.words.references)
    let level = min(6, 2 + options.headingShift)
    headings.append(Heading(level: level, number: nil, id: id, text: options.words.references))
    return MarkupWriter.make { out in
      out.element("section", ["class": "references", "role": "doc-bibliography"]) { out in
        out.newLine()
        out.element("h\(level)", ["id": id], text: options.words.references)
        out.newLine()
        out.markup(works.style.list(of: works.keys))
        out.newLine()
      }
      out.newLine()
    }.html
  }
}
