import Blocks
import Charts
import Directives
import Markdown
import Markup

/// Puts exhibits into numbered figures and tables.
struct FigureAssembly {
  let language: Language
  /// What the page says once.
  var memory = PageMemory()
  /// The works that captions may cite.
  var works: CitedWorks?

  /// One exhibit with what its author says of it.
  struct Part {
    var exhibit: Exhibit
    /// The author's caption, in Markdown.
    var caption: String?
    var provenance: [ProvenanceItem]
    var size = FigureSize()
    /// What stands before the caption of a panel of several models: the model.
    var name = ""

    /// The drawing; nil of a table.
    var chart: (any Chart)? { if case .chart(let chart) = exhibit.content { chart } else { nil } }

    /// The caption that is printed, in Markdown.
    var captionText: String { caption ?? exhibit.caption }
  }

  /// A directive's exhibits: one, or one for each model.
  func parts(of evaluation: Evaluation, caption: String?, size: FigureSize = FigureSize()) -> [Part] {
    let exhibits = evaluation.exhibits(in: language)
    let provenance = memory.settings.own(Provenance.items(evaluation, in: language))
    return exhibits.map { model, exhibit in
      Part(
        exhibit: exhibit, caption: caption, provenance: provenance, size: size, name: exhibits.count > 1 ? model : "")
    }
  }

  /// The drawings of a figure, which hang on nothing that the page has said so far; none of a table.
  func panels(of parts: [Part], id: String) -> [FigureFrame.Panel] {
    FigureFrame.panels(
      of: parts.compactMap(\.chart), id: id, width: Self.width(of: parts),
      heights: parts.map { $0.size.height.map(Double.init) },
      words: language.chartWords)
  }

  private static func width(of parts: [Part]) -> PlotSize? {
    switch parts.compactMap(\.size.width).first {
    case .half: .half
    case .wide: .wide
    case .full, nil: nil
    }
  }

  /// A figure of one or several panels, or a table.
  ///
  /// - Parameters:
  ///   - number: nil for an exhibit outside a page.
  ///   - panels: its drawings, where they are at hand.
  /// - Returns: the figure, and the tables behind it, which open over the page.
  mutating func html(
    of parts: [Part], id: String, number: Int?, panels: [FigureFrame.Panel]? = nil
  ) -> (figure: TrustedMarkup, data: TrustedMarkup) {
    guard let first = parts.first else { return (.empty, .empty) }
    let label = number.map { language.captionLabel(first.exhibit.kind, $0) } ?? ""
    if case .table(let table) = first.exhibit.content {
      return (html(of: table, first, id: id, label: label), .empty)
    }
    let common = Self.commonCaption(of: parts)
    var panels = panels ?? self.panels(of: parts, id: id)
    for (index, part) in parts.filter({ $0.chart != nil }).enumerated() {
      panels[index].caption = subCaption(of: part, isShort: common != nil)
    }
    var frame = FigureFrame(
      id: id, label: label, caption: parts.count == 1 ? caption(of: first) : sharedCaption(of: parts, common: common),
      panels: panels, provenance: provenance(of: parts))
    frame.width = Self.width(of: parts)
    return (frame.html(words: language.chartWords), frame.data(words: language.chartWords))
  }

  private mutating func html(of table: Table, _ part: Part, id: String, label: String) -> TrustedMarkup {
    let figure = TableFigure(
      id: id, label: label, caption: caption(of: part), columns: table.columns, rows: table.rows,
      provenance: part.provenance)
    var words = language.chartWords
    if figure.hasUndefined, memory.unsaid([words.undefinedNote]).isEmpty { words.undefinedNote = "" }
    return figure.html(words: words)
  }

  /// The caption of all panels, where they show several models alike; nil where each has its own.
  private static func commonCaption(of parts: [Part]) -> String? {
    let captions = Set(parts.map(\.captionText))
    return parts.count > 1 && captions.count == 1 && parts.allSatisfy { !$0.name.isEmpty } ? captions.first : nil
  }

  private func subCaption(of part: Part, isShort: Bool) -> TrustedMarkup {
    guard !part.name.isEmpty else { return MarkdownText.inline(part.captionText, citing: works) }
    let name = TrustedMarkup(text: part.name)
    if isShort { return name }
    return name + TrustedMarkup(text: language(": ", "：")) + MarkdownText.inline(part.captionText, citing: works)
  }

  /// Caption, notes and what they need once of one exhibit.
  private mutating func caption(of part: Part) -> TrustedMarkup {
    joined([part.captionText] + part.exhibit.notes + memory.unsaid(part.exhibit.explanations))
  }

  /// Sentences one after the other; one that its author did not close is closed before the next begins.
  private func joined(_ sentences: [String]) -> TrustedMarkup {
    let closed = sentences.enumerated().map { index, sentence in
      index + 1 < sentences.count && !Self.isClosed(sentence) ? sentence + language(".", "。") : sentence
    }
    return MarkdownText.inline(closed.joined(separator: language(" ", "")), citing: works)
  }

  /// Whether a sentence ends with a mark that ends one; emphasis, quotes and brackets may follow it.
  private static func isClosed(_ sentence: String) -> Bool {
    let end = sentence.last { !"*_`)]）」』”’\" ".contains($0) }
    return end.map { ".!?…。！？:：;；".contains($0) } ?? true
  }

  /// What all panels share: each panel says itself what it shows.
  private mutating func sharedCaption(of parts: [Part], common: String?) -> TrustedMarkup {
    let last = FigureFrame.letter(parts.count - 1)
    var sentences = [
      common
        ?? (parts.count == 2
          ? language("Panels (a) and (b).", "パネル (a) と (b)。")
          : language("Panels (a) to (\(last)).", "パネル (a) から (\(last))。"))
    ]
    let notes = parts.map(\.exhibit.notes)
    sentences += Self.shared(notes)
    for (index, own) in Self.own(notes).enumerated() { sentences += own.map { "(\(FigureFrame.letter(index))) " + $0 } }
    return joined(sentences + memory.unsaid(parts.flatMap(\.exhibit.explanations)))
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
