import Markup

/// Writes the elements of one plot.
struct Canvas {
  enum Anchor: String {
    case start, middle, end
  }

  var writer = MarkupWriter()

  /// A path of a style class, without fill unless the class says otherwise.
  mutating func path(_ data: PathData, _ style: String, _ more: Attributes = [:]) {
    guard !data.isEmpty else { return }
    writer.empty("path", ["class": style, "d": data.text] + more)
  }

  /// A line of text; `shift` moves it down in its own size, .35 centres it on `y`.
  mutating func text(
    _ x: Double, _ y: Double, _ string: String, _ anchor: Anchor = .start, style: String? = nil, shift: Double = 0,
    _ more: Attributes = [:]
  ) {
    let attributes: Attributes = [
      "x": coordinate(x), "y": coordinate(y), "dy": shift == 0 ? nil : coordinate(shift, decimals: 2) + "em",
      "text-anchor": anchor == .start ? nil : anchor.rawValue, "class": style,
    ]
    writer.element("text", attributes + more, text: string)
  }

  /// A group of elements of one style class.
  mutating func group(_ style: String?, _ more: Attributes = [:], _ body: (inout Canvas) -> Void) {
    var inner = Canvas()
    body(&inner)
    writer.element("g", ["class": style] + more, markup: inner.writer.result)
  }

  /// The whole drawing, with the parts that make it accessible.
  ///
  /// `role="img"` with the title as its name and the generated description as its description.
  static func svg(
    _ context: PlotContext, height: Double, title: String, description: String, body: (inout Canvas) -> Void
  ) -> TrustedMarkup {
    var canvas = Canvas()
    body(&canvas)
    let titleID = context.id("t")
    let descriptionID = context.id("d")
    var writer = MarkupWriter()
    let attributes: Attributes = [
      "xmlns": "http://www.w3.org/2000/svg", "class": context.size.styleClass, "role": "img",
      "viewBox": "0 0 \(coordinate(context.size.width)) \(coordinate(height.rounded(.up)))",
      "aria-labelledby": titleID, "aria-describedby": descriptionID,
    ]
    writer.element("svg", attributes) {
      $0.element("title", ["id": titleID], text: title)
      $0.element("desc", ["id": descriptionID], text: description)
      $0.markup(canvas.writer.result)
    }
    return writer.result
  }
}
