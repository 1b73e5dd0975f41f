import Markup

/// A drawing for a paper: every colour, width and size stands in an attribute of its element.
///
/// Programs that read SVG for print know style sheets badly and CSS variables not at all. What only a screen has goes:
/// hover texts, dark mode, areas that catch the pointer.
public struct PaperDrawing {
  /// The style sheet as rules; read once.
  static let rules = StyleRules(ChartStyle.css, variables: ChartStyle.light)

  /// What elements take from those around them.
  private struct Surroundings {
    var classes: [Set<Substring>] = []
    var color = "#1b1b1b"
    var fontSize = 12.0
    /// Whether fill and stroke are those of the colour, wherever it changes.
    var fillsWithColor = false
    var strokesWithColor = false
  }

  private static let family = "Helvetica, Arial, 'Noto Sans CJK JP', 'IPAexGothic', sans-serif"
  /// Properties that are attributes in SVG, in the order they are written.
  private static let properties = [
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "opacity",
    "fill-opacity", "stroke-opacity", "font-size", "font-weight", "font-style",
  ]

  /// A file of its own, in UTF-8.
  public static func svg(_ drawing: TrustedMarkup) -> String {
    guard let root = DrawingElement(reading: drawing.html) else { preconditionFailure("a chart draws one element") }
    var text = ""
    for element in PaperDrawing().literal(root, in: Surroundings(), isRoot: true) { element.write(to: &text) }
    return text + "\n"
  }

  // MARK: - Elements

  /// What stands in an element's place: nothing where only a screen has it, two where text has a halo.
  private func literal(_ element: DrawingElement, in outer: Surroundings, isRoot: Bool = false) -> [DrawingElement] {
    if element.name == "title", !isRoot, outer.classes.count > 1 { return [] }
    if element.name == "image" { return [CellRectangles.element(of: element)] }
    var declared = Self.rules.declarations(element.classes, above: outer.classes)
    for (name, value) in StyleRules.declarations((element["style"] ?? "")[...]) { declared[name] = value }
    if Self.isUnseen(declared) { return [] }
    var inner = outer
    inner.classes.append(element.classes)
    inner.color = declared["color"] ?? outer.color
    inner.fontSize = Self.fontSize(declared) ?? element["font-size"].flatMap { Double($0) } ?? outer.fontSize
    inherit(declared, &inner)
    var result = element
    for name in ["class", "style"] { result[name] = nil }
    if isRoot { prepare(&result, inner) }
    let recolored = inner.color != outer.color
    for property in Self.properties {
      guard let value = value(of: property, declared, inner, recolored: recolored, isRoot: isRoot) else { continue }
      result[property] = value
    }
    place(&result, inner)
    for index in result.attributes.indices {
      // The mark that keeps a page's ids apart is no letter of XML's older names.
      result.attributes[index].value = result.attributes[index].value.replacing("\u{B7}", with: "-")
    }
    result.children = element.children.flatMap { child -> [DrawingElement.Node] in
      guard case .element(let child) = child else { return [child] }
      return literal(child, in: inner).map { .element($0) }
    }
    return declared["paint-order"] == "stroke" ? withHalo(result, declared) : [result]
  }

  /// The halo as a text of its own under the text: not every program can paint the stroke first.
  private func withHalo(_ element: DrawingElement, _ declared: [Substring: String]) -> [DrawingElement] {
    var halo = element
    halo["fill"] = declared["stroke"]
    var text = element
    for name in ["stroke", "stroke-width", "stroke-linejoin"] { text[name] = nil }
    return [halo, text]
  }

  /// Size and face of the whole; colours that nothing else says.
  private func prepare(_ root: inout DrawingElement, _ inner: Surroundings) {
    let box = (root["viewBox"] ?? "").split(separator: " ")
    if box.count == 4, root["width"] == nil {
      root["width"] = String(box[2])
      root["height"] = String(box[3])
    }
    root["font-family"] = Self.family
    root["font-size"] = coordinate(inner.fontSize)
  }

  // MARK: - Properties

  /// Areas that only catch the pointer.
  private static func isUnseen(_ declared: [Substring: String]) -> Bool {
    let fill = declared["fill"]
    let stroke = declared["stroke"]
    return (fill == "transparent" || fill == "none" && stroke == "transparent")
  }

  private static func fontSize(_ declared: [Substring: String]) -> Double? {
    let text = declared["font-size"] ?? declared["font"]
    return text.flatMap { Double($0.prefix { $0.isNumber || $0 == "." }) }
  }

  private func inherit(_ declared: [Substring: String], _ inner: inout Surroundings) {
    if let fill = declared["fill"] { inner.fillsWithColor = fill == "currentColor" }
    if let stroke = declared["stroke"] { inner.strokesWithColor = stroke == "currentColor" }
  }

  private func value(
    of property: String, _ declared: [Substring: String], _ inner: Surroundings, recolored: Bool, isRoot: Bool
  ) -> String? {
    if property == "font-size" {
      return isRoot
        ? nil : declared[Substring(property)].flatMap { _ in Self.fontSize(declared) }.map { coordinate($0) }
    }
    guard var value = declared[Substring(property)] else {
      let follows = property == "fill" && inner.fillsWithColor || property == "stroke" && inner.strokesWithColor
      return recolored && follows ? inner.color : nil
    }
    if value == "currentColor" { value = inner.color }
    if value.hasPrefix(".") { value = "0" + value }
    return value.hasSuffix("px") ? String(value.dropLast(2)) : value
  }

  /// Shifts by a share of the text's size become places.
  private func place(_ element: inout DrawingElement, _ inner: Surroundings) {
    guard let shift = element["dy"], shift.hasSuffix("em"), let share = Double(shift.dropLast(2)) else { return }
    if let y = element["y"].flatMap({ Double($0) }) {
      element["y"] = coordinate(y + share * inner.fontSize, decimals: 2)
      element["dy"] = nil
    } else {
      element["dy"] = coordinate(share * inner.fontSize, decimals: 2)
    }
  }
}
