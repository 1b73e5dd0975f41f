import Markup

/// A row of layers that one bar above them all pulls at, and what holds neighbours together: lines as thick as their
/// shares.
public struct PullDiagram: Chart {
  /// One layer.
  public struct Layer: Sendable {
    /// How hard the bar pulls at it, 0 or more.
    public var pull: Double
    /// How strongly it is held to the one before it; nil for the first.
    public var hold: Double?

    public init(pull: Double, hold: Double?) { (self.pull, self.hold) = (pull, hold) }
  }

  /// What the drawing shows, in a few words.
  public var title: String
  /// What stands in the bar.
  public var target: String
  /// What a layer is called.
  public var layerTitle: String
  public var pullTitle: String
  public var holdTitle: String
  public var layers: [Layer]

  public init(
    title: String, target: String, layerTitle: String, pullTitle: String, holdTitle: String, layers: [Layer]
  ) {
    (self.title, self.target, self.layers, self.layerTitle) = (title, target, layers, layerTitle)
    (self.pullTitle, self.holdTitle) = (pullTitle, holdTitle)
  }

  public func svg(in context: PlotContext) -> TrustedMarkup {
    let layout = PullLayout(self, context)
    return Canvas.svg(context, height: layout.height, title: title, description: description) { layout.draw(on: &$0) }
  }

  public func data(words: ChartWords) -> DataTable {
    DataTable(
      columns: [layerTitle, pullTitle, holdTitle],
      rows: layers.enumerated().map {
        [.number(Double($0.offset)), .number($0.element.pull), .number($0.element.hold)]
      })
  }

  private var description: String {
    func list(_ values: [Double?]) -> String {
      values.map { NumberText.significant($0, digits: 2) }.joined(separator: ", ")
    }
    return "\(pullTitle): \(list(layers.map(\.pull))); \(holdTitle): \(list(layers.dropFirst().map(\.hold)))"
  }
}

/// Where the parts of a pull diagram stand.
private struct PullLayout {
  private let diagram: PullDiagram
  private let font: Double
  private let width: Double
  private let legend: Legend
  private let top: Double
  private let boxTop: Double
  private let boxHeight: Double
  let height: Double

  /// The thickest line.
  private static let thickest = 9.0

  init(_ diagram: PullDiagram, _ context: PlotContext) {
    (self.diagram, font, width) = (diagram, context.size.layoutFont, context.size.width)
    legend = Legend(
      [("ln c0", diagram.pullTitle), ("ln c1", diagram.holdTitle)].map { style, label in
        Legend.Entry(label: label) { canvas, x, y in
          var line = PathData()
          line.move(x, y)
          line.line(x + Legend.sampleWidth, y)
          canvas.path(line, style, ["stroke-width": "4"])
        }
      }, from: 0, to: width, top: 0, font: font)
    top = legend.height + 4
    boxHeight = font * 1.7
    boxTop = top + boxHeight + context.height(120, 90)
    height = boxTop + boxHeight + font * 3
  }

  private var step: Double { width / Double(max(1, diagram.layers.count)) }
  private func middle(_ layer: Int) -> Double { (Double(layer) + 0.5) * step }

  func draw(on canvas: inout Canvas) {
    legend.draw(on: &canvas)
    let strongest = diagram.layers.flatMap { [$0.pull, $0.hold ?? 0] }.max() ?? 0
    func thickness(_ value: Double) -> Double { strongest > 0 ? Self.thickest * value / strongest : 0 }
    for (index, layer) in diagram.layers.enumerated() {
      line(thickness(layer.pull), "ln c0", on: &canvas) { path in
        path.move(middle(index), boxTop)
        path.line(middle(index), top + boxHeight)
      }
      guard let hold = layer.hold, index > 0 else { continue }
      line(thickness(hold), "ln c1", on: &canvas) { path in
        path.move(middle(index - 1), boxTop + boxHeight)
        path.line(middle(index - 1), boxTop + boxHeight + font * 1.2)
        path.line(middle(index), boxTop + boxHeight + font * 1.2)
        path.line(middle(index), boxTop + boxHeight)
      }
    }
    var boxes = PathData()
    boxes.rectangle(1, top, width - 2, boxHeight)
    let inset = min(6, step * 0.12)
    for index in diagram.layers.indices {
      boxes.rectangle(Double(index) * step + inset, boxTop, step - 2 * inset, boxHeight)
    }
    canvas.path(boxes, "ax", ["fill": "var(--bg)"])
    canvas.text(width / 2, top + boxHeight / 2, diagram.target, .middle, shift: 0.35)
    let labelled = max(1, Int((font * 1.6 / step).rounded(.up)))
    for index in stride(from: 0, to: diagram.layers.count, by: labelled) {
      canvas.text(middle(index), boxTop + boxHeight / 2, "\(index)", .middle, shift: 0.35)
    }
    canvas.text(width / 2, height - font * 0.6, diagram.layerTitle, .middle, style: "mu", shift: 0.35)
  }

  private func line(
    _ thickness: Double, _ style: String, on canvas: inout Canvas, _ draw: (inout PathData) -> Void
  ) {
    guard thickness >= 0.05 else { return }
    var path = PathData()
    draw(&path)
    canvas.path(path, style, ["stroke-width": coordinate(thickness)])
  }
}
