import Blocks
import Charts
import Markdown
import Markup

/// Puts exhibits into numbered figures and tables.
struct FigureAssembly {
  let language: Language

  /// One exhibit with what its author says of it.
  struct Part {
    var exhibit: Exhibit
    /// The author's caption, in Markdown.
    var caption: String?
    var provenance: [ProvenanceItem]

    /// The caption that is printed, in Markdown.
    var captionText: String { caption ?? exhibit.caption }
  }

  /// A figure of one or several panels, or a table.
  ///
  /// - Parameter number: nil for an exhibit outside a page.
  func html(of parts: [Part], id: String, number: Int?) -> TrustedMarkup {
    guard let first = parts.first else { return .empty }
    let label = number.map { language.captionLabel(first.exhibit.kind, $0) } ?? ""
    if case .table(let columns, let rows) = first.exhibit.content {
      return TableFigure(
        id: id, label: label, caption: caption(of: first), columns: columns, rows: rows, provenance: first.provenance
      ).html(words: language.chartWords)
    }
    let charts = parts.compactMap { part -> (chart: any Chart, caption: TrustedMarkup)? in
      guard case .chart(let chart) = part.exhibit.content else { return nil }
      return (chart, MarkdownText.inline(part.captionText))
    }
    return FigureFrame(
      id: id, label: label, caption: parts.count == 1 ? caption(of: first) : sharedCaption(of: parts), charts: charts,
      provenance: provenance(of: parts), words: language.chartWords
    ).html(words: language.chartWords)
  }

  /// Caption and notes of one exhibit.
  private func caption(of part: Part) -> TrustedMarkup {
    MarkdownText.inline(([part.captionText] + part.exhibit.notes).joined(separator: language(" ", "")))
  }

  /// What all panels share: each panel says itself what it shows.
  private func sharedCaption(of parts: [Part]) -> TrustedMarkup {
    let last = FigureFrame.letter(parts.count - 1)
    var sentences = [
      parts.count == 2
        ? language("Panels (a) and (b).", "パネル (a) と (b)。")
        : language("Panels (a) to (\(last)).", "パネル (a) から (\(last))。")
    ]
    for note in parts.flatMap(\.exhibit.notes) where !sentences.contains(note) { sentences.append(note) }
    return MarkdownText.inline(sentences.joined(separator: language(" ", "")))
  }

  private func provenance(of parts: [Part]) -> [ProvenanceItem] {
    var items = parts.first?.provenance ?? []
    for item in parts.dropFirst().flatMap(\.provenance) where !items.contains(item) { items.append(item) }
    return items
  }
}
