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
      top += font * 1.6 + (size(of: part.drawing)?.height ?? 0) + font
    }
    return Canvas.svg(context, height: top, title: title, description: parts.map(\.heading).joined(separator: ", ")) {
      for (part, top) in places {
        $0.text(0, top + font, part.heading)
        $0.writer.element(
          "g", ["transform": "translate(0 \(coordinate(top + font * 1.6)))"], markup: sized(part.drawing))
      }
    }
  }

  /// The drawing with the size of its view box, without which it would fill the whole.
  private static func sized(_ drawing: TrustedMarkup) -> TrustedMarkup {
    guard let box = size(of: drawing) else { return drawing }
    let attributes = " width=\"\(coordinate(box.width))\" height=\"\(coordinate(box.height))\""
    return TrustedMarkup(
      verbatim: String(drawing.html[..<box.start]) + attributes + String(drawing.html[box.start...]))
  }

  /// The size that a drawing's view box says, and where that attribute begins.
  private static func size(of drawing: TrustedMarkup) -> (width: Double, height: Double, start: String.Index)? {
    guard let found = drawing.html.firstRange(of: " viewBox=\"") else { return nil }
    let box = drawing.html[found.upperBound...].prefix { $0 != "\"" }.split(separator: " ").compactMap { Double($0) }
    return box.count == 4 ? (box[2], box[3], found.lowerBound) : nil
  }
}
