import Markup

/// Finished drawings one below the other in one drawing.
public enum SVGStack {
  /// One drawing and what stands above it.
  public struct Part: Sendable {
    public var heading: String
    public var drawing: TrustedMarkup

    public init(heading: String, drawing: TrustedMarkup) { (self.heading, self.drawing) = (heading, drawing) }
  }

  /// The drawings, each at its own size.
  public static func svg(_ parts: [Part], in context: PlotContext, title: String) -> TrustedMarkup {
    let font = context.size.layoutFont
    var top = 0.0
    var places: [(part: Part, top: Double)] = []
    for part in parts {
      places.append((part, top))
      top += font * 1.6 + height(of: part.drawing) + font
    }
    return Canvas.svg(context, height: top, title: title, description: parts.map(\.heading).joined(separator: ", ")) {
      for (part, top) in places {
        $0.text(0, top + font, part.heading)
        $0.writer.element("g", ["transform": "translate(0 \(coordinate(top + font * 1.6)))"], markup: part.drawing)
      }
    }
  }

  /// The height that a drawing's view box says.
  private static func height(of drawing: TrustedMarkup) -> Double {
    guard let start = drawing.html.firstRange(of: "viewBox=\"")?.upperBound else { return 0 }
    let box = drawing.html[start...].prefix { $0 != "\"" }.split(separator: " ")
    return box.count == 4 ? Double(box[3]) ?? 0 : 0
  }
}
