import Diagnostics
import Directives
import Foundation
import Markdown
import Markup

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Names that count as inline in these tests; `zz…` is unknown, everything else is a block.
func isInlineInTests(_ name: String) -> Bool? {
  if name.hasPrefix("zz") { return nil }
  return ["v", "value", "ref", "expect"].contains(name)
}

/// A text read and printed: blocks as `[B0: <<a>>]`, inline values as `[v]`.
struct Reading {
  let body: MarkdownBody
  let html: String
  let headings: [Heading]

  init(_ text: String, options: MarkdownOptions = MarkdownOptions()) {
    self.init(SourceFile(path: "t.md", text: text), options: options)
  }

  init(_ file: SourceFile, options: MarkdownOptions = MarkdownOptions()) {
    let (matter, _) = FrontMatter.parse(file)
    let scan = DirectiveParser.scan(file, bodyStartsAt: matter.bodyStartsAt)
    let surroundings = MarkdownSurroundings(
      image: { path in
        path.hasPrefix("data:image/png;base64,")
          ? .success(PageImage(address: path, size: nil)) : .failure(MarkdownRefusal("no image '\(path)'"))
      }, template: { _ in nil })
    body = MarkdownBody.parse(scan, options: options, surroundings: surroundings, isInline: isInlineInTests)
    var blocks: [Int: TrustedMarkup] = [:]
    for (index, group) in body.groups.enumerated() {
      let sources = group.map { scan.marks[$0].source }.joined(separator: "|")
      blocks[index] = MarkupWriter.make { $0.element("figure", text: "B\(index): \(sources)") }
    }
    var inlines: [Int: InlineContent] = [:]
    for (index, directive) in body.directivesToRun where body.placements[index] == .inline {
      inlines[index] = InlineContent(
        html: MarkupWriter.make { $0.element("data", text: directive.name + "\(index)") },
        plainText: directive.name + "\(index)")
    }
    let rendered = body.render(blocks: blocks, inlines: inlines)
    html = rendered.html.html
    headings = rendered.headings
  }

  /// Placements in words.
  var placements: [String] {
    body.placements.map { placement in
      switch placement {
      case .block(let group): "block \(group)"
      case .inline: "inline"
      case .literal: "literal"
      case .medium: "medium"
      case .notRun(let reason): reason.rawValue
      }
    }
  }

  /// Diagnostics on one line each.
  var faults: [String] { body.diagnostics.map { $0.headline.replacingOccurrences(of: "t.md:", with: "") } }

  /// Whether the page is well-formed XML with unique anchors.
  var isWellFormed: Bool { WellFormedness.check("<body>" + html + "</body>") }
}

/// Checks that a text is XML and that no `id` occurs twice.
final class WellFormedness: NSObject, XMLParserDelegate {
  private var ids: Set<String> = []
  private var hasTwins = false

  static func check(_ xml: String) -> Bool {
    let checker = WellFormedness()
    let parser = XMLParser(data: Data(xml.utf8))
    parser.delegate = checker
    return parser.parse() && !checker.hasTwins
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    if let id = attributes["id"], !ids.insert(id).inserted { hasTwins = true }
  }
}
