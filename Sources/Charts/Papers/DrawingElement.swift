/// An element of a drawing, read back from the markup that charts write.
///
/// Values and texts stay escaped as they are: they are written again as they were read.
struct DrawingElement {
  /// What stands inside an element.
  enum Node {
    case element(DrawingElement)
    case text(Substring)
  }

  var name: Substring
  var attributes: [(name: Substring, value: String)] = []
  var children: [Node] = []

  subscript(name: String) -> String? {
    get { attributes.first { $0.name == name }?.value }
    set {
      guard let newValue else { return attributes.removeAll { $0.name == name } }
      if let index = attributes.firstIndex(where: { $0.name == name }) {
        attributes[index].value = newValue
      } else {
        attributes.append((Substring(name), newValue))
      }
    }
  }

  /// The words of its `class`.
  var classes: Set<Substring> { Set((self["class"] ?? "").split(separator: " ")) }

  /// Reads one element with all that is in it; nil where the text does not begin with one, as no drawing does.
  init?(reading text: String) {
    var rest = Substring(text)
    guard let element = Self.read(&rest) else { return nil }
    self = element
  }

  init(name: Substring) { self.name = name }

  /// Takes an element off the front of a text: a tag as `MarkupWriter` writes it, its content, its end.
  private static func read(_ rest: inout Substring) -> DrawingElement? {
    guard rest.first == "<" else { return nil }
    rest.removeFirst()
    var element = DrawingElement(name: rest.prefix { $0 != " " && $0 != "/" && $0 != ">" })
    rest.removeFirst(element.name.count)
    while rest.first == " " {
      rest.removeFirst()
      let name = rest.prefix { $0 != "=" }
      rest = rest.dropFirst(name.count + 2)
      let value = rest.prefix { $0 != "\"" }
      rest = rest.dropFirst(value.count + 1)
      element.attributes.append((name, String(value)))
    }
    if rest.first == "/" {
      rest = rest.dropFirst(2)
      return element
    }
    rest = rest.dropFirst()
    while !rest.isEmpty, !rest.hasPrefix("</") {
      if rest.first == "<" {
        guard let child = read(&rest) else { return nil }
        element.children.append(.element(child))
      } else {
        let text = rest.prefix { $0 != "<" }
        rest = rest.dropFirst(text.count)
        element.children.append(.text(text))
      }
    }
    rest = rest.dropFirst(element.name.count + 3)
    return element
  }

  /// The element as markup.
  func write(to text: inout String) {
    text += "<" + name
    for attribute in attributes { text += " \(attribute.name)=\"\(attribute.value)\"" }
    guard !children.isEmpty else {
      text += "/>"
      return
    }
    text += ">"
    for child in children {
      switch child {
      case .element(let element): element.write(to: &text)
      case .text(let words): text += words
      }
    }
    text += "</\(name)>"
  }
}
