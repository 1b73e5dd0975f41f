import Foundation
import FoundationXML

/// Reads a page as XML and collects what tests ask of every page.
public final class PageReader: NSObject, XMLParserDelegate {
  /// Whether the page is well-formed XML.
  public private(set) var isWellFormed = false
  /// Every id, in order.
  public private(set) var ids: [String] = []
  /// What `href="#…"`, `aria-labelledby`, `popovertarget` and `url(#…)` point to.
  public private(set) var references: [String] = []
  /// Addresses outside the page.
  public private(set) var externalResources: [String] = []
  /// How often each element occurs.
  public private(set) var elements: [String: Int] = [:]
  /// Links and the text they show.
  public private(set) var links: [(target: String, text: String)] = []
  /// The text of every caption.
  public private(set) var captions: [String] = []

  private var text: [String] = []
  private var targets: [String] = []

  /// Reads a page.
  public init(_ page: String) {
    super.init()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  /// Ids that occur more than once.
  public var doubledIDs: [String] {
    Dictionary(grouping: ids, by: { $0 }).filter { $0.value.count > 1 }.keys.sorted()
  }

  /// References to ids that are not there.
  public var danglingReferences: [String] { references.filter { !ids.contains($0) } }

  /// An element begins.
  public func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements[name, default: 0] += 1
    text.append("")
    targets.append(attributes["href"] ?? "")
    for (key, value) in attributes {
      if key == "id" { ids.append(value) }
      if ["aria-labelledby", "aria-describedby", "popovertarget"].contains(key) {
        references += value.split(separator: " ").map(String.init)
      }
      if key == "href", value.hasPrefix("#") { references.append(String(value.dropFirst())) }
      if let range = value.range(of: "url(#") {
        references.append(String(value[range.upperBound...].prefix { $0 != ")" }))
      }
      // A link leads away when it is clicked; anything else would be fetched.
      let isFetched =
        ["src", "srcset", "data", "poster", "action"].contains(key)
        || (key == "href" && name != "a" && attributes["rel"] != "alternate")
      if isFetched, !value.hasPrefix("#"), !value.hasPrefix("data:") {
        externalResources.append("\(name) \(key)=\(value)")
      }
    }
  }

  /// Text goes on.
  public func parser(_ parser: XMLParser, foundCharacters string: String) {
    for index in text.indices { text[index] += string }
  }

  /// An element ends.
  public func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard let content = text.popLast(), let target = targets.popLast() else { return }
    if name == "a" { links.append((target, content)) }
    if name == "figcaption" || name == "caption" { captions.append(content) }
    if name == "style", content.contains("@import") || content.contains("url(h") {
      externalResources.append("style that fetches")
    }
  }
}
