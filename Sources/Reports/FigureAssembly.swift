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
  /// - Returns: the figure, and the tables behind it, which open over the page.
  func html(of parts: [Part], id: String, number: Int?) -> (figure: TrustedMarkup, data: TrustedMarkup) {
    guard let first = parts.first else { return (.empty, .empty) }
    let label = number.map { language.captionLabel(first.exhibit.kind, $0) } ?? ""
    if case .table(let table) = first.exhibit.content {
      let figure = TableFigure(
        id: id, label: label, caption: caption(of: first), columns: table.columns, rows: table.rows,
        provenance: first.provenance
      ).html(words: language.chartWords)
      return (figure, .empty)
    }
    let charts = parts.compactMap { part -> (chart: any Chart, caption: TrustedMarkup)? in
      guard case .chart(let chart) = part.exhibit.content else { return nil }
      return (chart, MarkdownText.inline(part.captionText))
    }
    let frame = FigureFrame(
      id: id, label: label, caption: parts.count == 1 ? caption(of: first) : sharedCaption(of: parts), charts: charts,
      provenance: provenance(of: parts), words: language.chartWords)
    return (frame.html(words: language.chartWords), frame.data(words: language.chartWords))
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
    let notes = parts.map(\.exhibit.notes)
    sentences += Self.shared(notes)
    for (index, own) in Self.own(notes).enumerated() { sentences += own.map { "(\(FigureFrame.letter(index))) " + $0 } }
    return MarkdownText.inline(sentences.joined(separator: language(" ", "")))
  }

  /// What holds for every panel, then what holds for one, after the panel's letter.
  private func provenance(of parts: [Part]) -> [ProvenanceItem] {
    let items = parts.map(\.provenance)
    return Self.shared(items)
      + Self.own(items).enumerated().flatMap { index, own -> [ProvenanceItem] in
        guard parts.count > 1, var first = own.first else { return own }
        first.name = "(\(FigureFrame.letter(index))) " + first.name
        return [first] + own.dropFirst()
      }
  }

  /// The entries that every list has.
  private static func shared<Item: Equatable>(_ lists: [[Item]]) -> [Item] {
    (lists.first ?? []).filter { item in lists.allSatisfy { $0.contains(item) } }
  }

  /// The entries of each list that not every list has.
  private static func own<Item: Equatable>(_ lists: [[Item]]) -> [[Item]] {
    let shared = shared(lists)
    return lists.map { $0.filter { !shared.contains($0) } }
  }
}
