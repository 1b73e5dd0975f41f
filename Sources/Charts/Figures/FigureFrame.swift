import Markup

/// A figure of the page: one or several drawings, a numbered caption, where the numbers come from, and the numbers.
///
/// Panels stand side by side, marked (a), (b), …, and one below the other on a phone. A drawing opens over the whole page,
/// and so do the numbers, which stand apart: `html` has the button, `data` the table.
public struct FigureFrame: Sendable {
  /// One drawing of a figure.
  public struct Panel: Sendable {
    public var drawing: TrustedMarkup
    /// What this panel shows; empty for a single panel.
    public var caption: TrustedMarkup
    /// The numbers behind the drawing.
    public var data: DataTable?

    public init(drawing: TrustedMarkup, caption: TrustedMarkup = .empty, data: DataTable? = nil) {
      self.drawing = drawing
      self.caption = caption
      self.data = data
    }
  }

  /// The anchor of the figure.
  public var id: String
  /// The label before the caption, with what keeps them apart; empty for a figure without number.
  ///
  /// Such as `Figure 3. ` or `図3：`.
  public var label: String
  /// What is shown, with colour scale, binning rule and n.
  public var caption: TrustedMarkup
  public var panels: [Panel]
  /// Where the numbers come from.
  public var provenance: [ProvenanceItem]
  /// How much of the page it takes: `half` or `wide` where its author says so.
  public var width: PlotSize?

  public init(
    id: String, label: String, caption: TrustedMarkup, panels: [Panel], provenance: [ProvenanceItem] = []
  ) {
    self.id = id
    self.label = label
    self.caption = caption
    self.panels = panels
    self.provenance = provenance
  }

  /// Makes a figure of charts, drawn at the size that their number leaves and with ids that cannot collide.
  ///
  /// - Parameters:
  ///   - charts: each with what its panel shows; a single chart's sub-caption is not printed.
  ///   - width: how much of the page it takes, where that is not the text column.
  ///   - heights: the height that is wanted of each chart's data area; those that are missing or nil are the chart's own.
  public init(
    id: String, label: String, caption: TrustedMarkup, charts: [(chart: any Chart, caption: TrustedMarkup)],
    provenance: [ProvenanceItem] = [], width: PlotSize? = nil, heights: [Double?] = [], words: ChartWords = .english
  ) {
    var panels = Self.panels(of: charts.map(\.chart), id: id, width: width, heights: heights, words: words)
    for (index, item) in charts.enumerated() { panels[index].caption = item.caption }
    self.init(id: id, label: label, caption: caption, panels: panels, provenance: provenance)
    self.width = width
  }

  /// The charts of a figure drawn, without captions; see the initializer that takes charts.
  public static func panels(
    of charts: [any Chart], id: String, width: PlotSize? = nil, heights: [Double?] = [], words: ChartWords = .english
  ) -> [Panel] {
    guard !charts.isEmpty else { return [] }
    let size = charts.count == 1 ? width ?? .full : PlotSize.sharing(charts.count)
    return charts.enumerated().map { index, chart in
      let prefix = charts.count == 1 ? id : id + "\u{B7}" + letter(index)
      let height = heights.indices.contains(index) ? heights[index] : nil
      return Panel(
        drawing: chart.svg(in: PlotContext(idPrefix: prefix, size: size, height: height, words: words)),
        data: chart.data(words: words))
    }
  }

  /// The mark of a panel: "a", "b", … "z", then "aa".
  public static func letter(_ index: Int) -> String {
    let last = String(UnicodeScalar(UInt8(97 + index % 26)))
    return index < 26 ? last : letter(index / 26 - 1) + last
  }

  /// The figure as HTML.
  public func html(words: ChartWords = .english) -> TrustedMarkup {
    MarkupWriter.make {
      $0.element("figure", ["id": id, "class": styleClass]) {
        $0.newLine()
        if panels.count > 1 { $0.element("div", ["class": "row"]) { writePanels(words, to: &$0) } }
        if panels.count == 1 { writeDrawing(panels[0], id + "\u{B7}z", words, to: &$0) }
        $0.newLine()
        $0.element("figcaption") {
          if !label.isEmpty { $0.element("strong", text: label) }
          $0.markup(caption)
        }
        ProvenanceItem.write(provenance, to: &$0)
        $0.newLine()
        writeDataButtons(to: &$0, words: words)
      }
      $0.newLine()
    }
  }

  private var styleClass: String? {
    let panel = panels.count > 1 ? "panels" : nil
    let size = width == .half ? "half" : width == .wide || panels.count > 2 ? "wide" : nil
    let classes = [panel, size].compactMap { $0 }
    return classes.isEmpty ? nil : classes.joined(separator: " ")
  }

  /// The tables with the numbers behind the drawings, each of which a button of the figure opens.
  public func data(words: ChartWords = .english) -> TrustedMarkup {
    let figure = String(label.prefix { $0 != "." && $0 != "：" })
    let name = figure.isEmpty ? words.data : ChartWords.fill(words.dataHeading, ["figure": figure])
    return panels.enumerated().map { index, panel -> TrustedMarkup in
      guard let data = panel.data else { return .empty }
      return data.sheet(
        id: dataID(index), heading: panels.count > 1 ? "\(name) (\(Self.letter(index)))" : name, words: words)
    }.joined()
  }

  private func dataID(_ index: Int) -> String {
    id + "\u{B7}data" + (panels.count > 1 ? "-" + Self.letter(index) : "")
  }

  /// A drawing that a button puts over the whole page and back.
  private func writeDrawing(_ panel: Panel, _ id: String, _ words: ChartWords, to writer: inout MarkupWriter) {
    writer.element("div", ["class": "z", "id": id, "popover": ""]) {
      $0.markup(panel.drawing)
      $0.element("button", ["class": "zoom", "popovertarget": id, "title": words.zoom], text: "⤢")
    }
  }

  private func writePanels(_ words: ChartWords, to writer: inout MarkupWriter) {
    for (index, panel) in panels.enumerated() {
      let mark = Self.letter(index)
      writer.element("div", ["class": "panel", "id": id + "\u{B7}panel-" + mark]) {
        writeDrawing(panel, id + "\u{B7}z-" + mark, words, to: &$0)
        $0.element("p", ["class": "sub"]) {
          $0.element("b", text: "(\(mark))")
          $0.text(" ")
          $0.markup(panel.caption)
        }
      }
      writer.newLine()
    }
  }

  private func writeDataButtons(to writer: inout MarkupWriter, words: ChartWords) {
    guard panels.contains(where: { $0.data != nil }) else { return }
    writer.element("p", ["class": "data"]) {
      for (index, panel) in panels.enumerated() where panel.data != nil {
        let text = words.data + (panels.count > 1 ? " (\(Self.letter(index)))" : "")
        $0.element("button", ["popovertarget": dataID(index)], text: text)
      }
    }
    writer.newLine()
  }
}
