import JSONText
import Markup

/// What the list of reports shows of a page, read from the page itself: the list cannot say anything else than the page.
struct PageCard {
  /// The page, relative to the folder of the site.
  let path: String
  /// A BCP 47 tag.
  let language: String
  let title: String
  let subtitle: String
  /// The finding with its numbers, without links.
  let finding: TrustedMarkup
  /// What the page says it is about, where it has no finding.
  let description: String
  /// Names and texts of the finding's numbers.
  let numbers: [(name: String, number: TrustedMarkup)]
  /// Figures and tables on the page.
  let exhibits: Int
  /// Claims that were checked when the page was made.
  let claims: Int
  /// The first figure, or where that is large the first that is not.
  let thumbnail: TrustedMarkup?

  /// The largest drawing that is shown, in bytes, and the most numbers of a card.
  private static let (largest, mostNumbers) = (20_000, 4)

  /// Reads a page; nil where it is none of this program, or holds markup that no page has.
  init?(path: String, page: [UInt8]) {
    let text = PageText(page)
    guard text.first(from: "<script type=\"application/json\" id=\"layerbook-manifest\">", to: "{") != nil,
      MarkupAudit(page: page).findings.isEmpty, let title = text.first(from: "<h1>", to: "</h1>")
    else { return nil }
    self.path = path
    language = text.first(from: "<html lang=\"", to: "\"") ?? "en"
    self.title = TrustedMarkup(verbatim: title).plainText
    subtitle = TrustedMarkup(verbatim: text.first(from: "<p class=\"subtitle\">", to: "</p>") ?? "").plainText
    let box = text.first(from: "<section class=\"finding\">", to: "</section>") ?? ""
    let sentence = box.firstRange(of: "</h2>").map { String(box[$0.upperBound...]) } ?? ""
    finding = TrustedMarkup(verbatim: sentence.withoutTags(["a", "button"]))
    description =
      TrustedMarkup(
        verbatim: text.first(from: "<meta name=\"description\" content=\"", to: "\"") ?? ""
      ).plainText
    numbers = PageText(Array(sentence.utf8)).all(from: "<button ", to: "</button>").prefix(Self.mostNumbers).compactMap
    {
      let button = PageText(Array($0.utf8))
      guard let name = button.first(from: "title=\"", to: "\""), let start = $0.firstRange(of: ">") else { return nil }
      return (TrustedMarkup(verbatim: name).plainText, TrustedMarkup(verbatim: String($0[start.upperBound...])))
    }
    exhibits = text.all(from: "<figure id=\"", to: "\"").count - text.all(from: "class=\"equation\"", to: ">").count
    claims = text.all(from: "class=\"claim pass\"", to: ">").count
    let drawings = text.all(from: "<div class=\"z\"", to: "</svg>")
    thumbnail = drawings.first { $0.utf8.count <= Self.largest }.flatMap { Self.bare($0, path) }
  }

  /// All that a list shows of the page, as bytes.
  var content: [UInt8] {
    let texts = [path, language, title, subtitle, finding.html, description, "\(exhibits)", "\(claims)"]
    let rest = numbers.flatMap { [$0.name, $0.number.html] } + [thumbnail?.html ?? ""]
    return Array(JSON.write(.array((texts + rest).map { .string($0) })).utf8)
  }

  /// A drawing without words, which nobody could read at that size, and with names that no other drawing of the list has.
  private static func bare(_ drawing: String, _ path: String) -> TrustedMarkup? {
    guard let start = drawing.firstRange(of: "<svg ") else { return nil }
    var svg = String(drawing[start.lowerBound...]) + "</svg>"
    for name in ["title", "desc", "text"] { svg = svg.without(from: "<\(name)", to: "</\(name)>") }
    for name in ["role", "aria-labelledby", "aria-describedby"] { svg = svg.without(from: " \(name)=\"", to: "\"") }
    for (number, id) in PageText(Array(svg.utf8)).all(from: " id=\"", to: "\"").enumerated() {
      let own = "\(path)\u{B7}\(number)"
      svg = svg.replacing("\"\(id)\"", with: "\"\(own)\"").replacing("#\(id)", with: "#\(own)")
    }
    return TrustedMarkup(verbatim: "<svg aria-hidden=\"true\"" + svg.dropFirst("<svg".count))
  }
}

extension String {
  /// The text without every piece between two marks, marks included.
  fileprivate func without(from opening: String, to closing: String) -> String {
    var kept = ""
    var rest = self[...]
    while let start = rest.firstRange(of: opening), let end = rest[start.upperBound...].firstRange(of: closing) {
      kept += rest[..<start.lowerBound]
      rest = rest[end.upperBound...]
    }
    return kept + rest
  }

  /// The markup without the tags of some elements; what stands in them stays.
  fileprivate func withoutTags(_ names: [String]) -> String {
    names.reduce(self) { text, name in
      text.without(from: "<\(name) ", to: ">").replacing("</\(name)>", with: "")
    }
  }
}
