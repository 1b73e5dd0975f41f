/// The attributes of an element, in the order in which they are written.
///
/// ```
/// writer.element("a", ["href": address, "title": note]) { … }   // no title attribute where note is nil
/// ```
public struct Attributes: Sendable, ExpressibleByDictionaryLiteral {
  var pairs: [(name: String, value: String?)]

  /// Takes attributes in the order of the literal; nil values are left out.
  public init(dictionaryLiteral elements: (String, String?)...) {
    pairs = elements.map { (name: $0.0, value: $0.1) }
  }

  /// Adds an attribute at the end, unless the value is nil.
  public mutating func append(_ name: String, _ value: String?) { pairs.append((name: name, value: value)) }

  /// The attributes of one list followed by those of another.
  public static func + (left: Attributes, right: Attributes) -> Attributes {
    var sum = left
    sum.pairs += right.pairs
    return sum
  }

  /// Whether a name begins with `on`, in any case.
  private static func isEventHandler(_ name: String) -> Bool { name.utf8.prefix(2).map { $0 | 0x20 } == [0x6F, 0x6E] }

  func write(to out: inout String) {
    for (name, value) in pairs {
      guard let value else { continue }
      precondition(MarkupWriter.isName(name), "'\(name)' is no attribute name")
      precondition(!Self.isEventHandler(name), "event handlers are not written")
      out += " "
      out += name
      out += "=\""
      let isAddress = name == "href" || name == "src" || name == "xlink:href"
      Escaping.appendAttribute(isAddress ? Escaping.address(value) : value, to: &out)
      out += "\""
    }
  }
}
