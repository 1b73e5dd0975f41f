import Markup

/// A figure of the page: one or several drawings, a numbered caption, where the numbers come from, and the numbers.
///
/// Panels stand side by side, marked (a), (b), …, and one below the other on a phone.
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
    let size = charts.count == 1 ? width ?? .full : PlotSize.sharing(charts.count)
    let panels = charts.enumerated().map { index, item in
      let prefix = charts.count == 1 ? id : id + "\u{B7}" + Self.letter(index)
      return Panel(
        drawing: item.chart.svg(
          in: PlotContext(
            idPrefix: prefix, size: size, height: heights.indices.contains(index) ? heights[index] : nil, words: words)),
        caption: item.caption,
        data: item.chart.data(words: words))
    }
    self.init(id: id, label: label, caption: caption, panels: panels, provenance: provenance)
    self.width = width
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
        if panels.count > 1 { $0.element("div", ["class": "row"]) { writePanels(to: &$0) } }
        if panels.count == 1 { $0.markup(panels[0].drawing) }
        $0.newLine()
        $0.element("figcaption") {
          if !label.isEmpty { $0.element("strong", text: label) }
          $0.markup(caption)
        }
        ProvenanceItem.write(provenance, to: &$0)
        $0.newLine()
        writeData(to: &$0, words: words)
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

  private func writePanels(to writer: inout MarkupWriter) {
    for (index, panel) in panels.enumerated() {
      let mark = Self.letter(index)
      writer.element("div", ["class": "panel", "id": id + "\u{B7}panel-" + mark]) {
        $0.markup(panel.drawing)
        $0.element("p", ["class": "sub"]) {
          $0.element("b", text: "(\(mark))")
          $0.text(" ")
          $0.markup(panel.caption)
        }
      }
      writer.newLine()
    }
  }

  private func writeData(to writer: inout MarkupWriter, words: ChartWords) {
    for (index, panel) in panels.enumerated() {
      guard let data = panel.data else { continue }
      var named = words
      if panels.count > 1 { named.dataHeading += " (\(Self.letter(index)))" }
      writer.markup(data.details(words: named))
      writer.newLine()
    }
  }
}
