import Foundation
import FoundationXML

/// Reads a drawing or a page as XML and collects what tests ask about.
final class DrawingReader: NSObject, XMLParserDelegate {
  struct Label {
    var text: String
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double
  }

  private(set) var isWellFormed = false
  private(set) var ids: [String] = []
  private(set) var references: [String] = []
  private(set) var elements: [String: Int] = [:]
  private(set) var attributes: [(element: String, name: String, value: String)] = []
  private(set) var images: [[String: String]] = []
  private(set) var labels: [Label] = []
  private(set) var viewBox: [Double] = []
  private(set) var titles: [String] = []
  /// The smallest text in drawing units, of what a narrow page shows.
  private(set) var smallestText = Double.infinity

  /// The size labels are assumed to have; those in groups with a size of their own are left out.
  private let font: Double
  private let width: (String, Double) -> Double
  private var text = ""
  private var open: [[String: String]] = []
  private var fixedDepth = 0
  /// Whether labels are left out that a narrow page does not show.
  private let isNarrow: Bool

  init(
    _ markup: String, font: Double = 12, isNarrow: Bool = false,
    width: @escaping (String, Double) -> Double = { _, _ in 0 }
  ) {
    self.font = font
    self.width = width
    self.isNarrow = isNarrow
    super.init()
    let parser = XMLParser(data: Data(markup.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes values: [String: String]
  ) {
    elements[name, default: 0] += 1
    open.append(values)
    if isFixed(values) { fixedDepth += 1 }
    for (key, value) in values {
      attributes.append((element: name, name: key, value: value))
      if key == "id" { ids.append(value) }
      if key == "aria-labelledby" || key == "aria-describedby" { references += value.split(separator: " ").map(String.init) }
      if key == "href", value.hasPrefix("#") { references.append(String(value.dropFirst())) }
      if let range = value.range(of: "url(#") {
        references.append(String(value[range.upperBound...].prefix { $0 != ")" }))
      }
    }
    if name == "svg" { viewBox = (values["viewBox"] ?? "").split(separator: " ").compactMap { Double($0) } }
    if name == "image" { images.append(values) }
    if name == "text" || name == "title" { text = "" }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    guard let values = open.popLast() else { return }
    if name == "title" { titles.append(text) }
    if name == "text" { noteSize(values) }
    if name == "text", fixedDepth == 0, values["transform"] == nil { labels.append(label(values)) }
    if isFixed(values) { fixedDepth -= 1 }
  }

  private func noteSize(_ values: [String: String]) {
    let around = open + [values]
    let classes = around.flatMap { ($0["class"] ?? "").split(separator: " ").map(String.init) }
    if isNarrow, classes.contains("dk") { return }
    let own = classes.contains("vg") ? nil : around.compactMap { $0["font-size"].flatMap(Double.init) }.last
    smallestText = min(smallestText, own ?? font)
  }

  private func isFixed(_ values: [String: String]) -> Bool {
    let isHidden = isNarrow && (values["class"] ?? "").split(separator: " ").contains("dk")
    return values["font-size"] != nil || isHidden
  }

  private func label(_ values: [String: String]) -> Label {
    let x = Double(values["x"] ?? "") ?? 0
    let shift = Double((values["dy"] ?? "0").replacingOccurrences(of: "em", with: "")) ?? 0
    let baseline = (Double(values["y"] ?? "") ?? 0) + shift * font
    let length = width(text, font)
    let anchor = ([values] + open.reversed()).compactMap { $0["text-anchor"] }.first
    let left = anchor == "end" ? x - length : anchor == "middle" ? x - length / 2 : x
    // Digits and capitals reach about .73 of the size above the line.
    return Label(text: text, left: left, right: left + length, top: baseline - 0.73 * font, bottom: baseline)
  }

  /// Pairs of labels that cover each other, and labels that leave the drawing.
  var collisions: [String] {
    var found: [String] = []
    for (index, one) in labels.enumerated() {
      for other in labels[(index + 1)...]
      where one.left < other.right - 0.5 && other.left < one.right - 0.5 && one.top < other.bottom - 0.5
        && other.top < one.bottom - 0.5
      {
        found.append("'\(one.text)' covers '\(other.text)'")
      }
      guard viewBox.count == 4 else { continue }
      if one.left < -1 || one.right > viewBox[2] + 1 || one.top < -1 || one.bottom > viewBox[3] + 1 {
        found.append("'\(one.text)' leaves the drawing")
      }
    }
    return found
  }
}
