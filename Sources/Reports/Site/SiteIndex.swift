import Blocks
import Diagnostics
import Files
import Markup
import Results

/// The lists of a site's reports: a card each, with its finding, its numbers and its first figure; one list a language.
///
/// They are made of the pages alone, so that the same pages give the same lists, whichever of them was rendered last.
public struct SiteIndex {
  /// One list.
  public struct Page: Sendable {
    /// Where it stands below the folder of the site.
    public var path: String
    public var bytes: [UInt8]
  }

  private let reports: [(name: String, editions: [PageCard])]
  private let generator: String
  private let theme: String

  /// The list of some pages.
  ///
  /// - Parameters:
  ///   - pages: paths below the folder of the site, and what stands there; what is no page is passed over.
  ///   - theme: the style sheet of the book.
  public init(pages: [(path: String, bytes: [UInt8])], version: String, theme: String) {
    let cards = pages.compactMap { PageCard(path: $0.path, page: $0.bytes) }
    let grouped = Dictionary(grouping: cards) { Self.report($0.path, $0.language) }
    reports = grouped.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { name in
      (name, (grouped[name] ?? []).sorted { $0.path.utf8.count < $1.path.utf8.count })
    }
    generator = "layerbook \(version)"
    self.theme = theme
  }

  /// A digest of what a list shows of a page; that of no text where it is none.
  public static func cardDigest(path: String, page: [UInt8]) -> String {
    sha256(PageCard(path: path, page: page)?.content ?? []).hex
  }

  /// How many reports there are, each counted once in all its languages.
  public var count: Int { reports.count }

  /// The lists: `index.html`, and `ja/index.html` where pages stand in a folder of their language.
  public var lists: [Page] {
    guard !reports.isEmpty else { return [] }
    let folders = Set(reports.flatMap(\.editions).compactMap(Self.folder)).sorted()
    let places = [(folder: "", language: rootLanguage)] + folders.map { (folder: $0 + "/", language: $0) }
    return places.map { place in
      let others = places.filter { $0.folder != place.folder }.map {
        PageManifest.Site.Edition(
          language: $0.language, address: Self.address($0.folder + "index.html", from: place.folder))
      }
      return Page(
        path: place.folder + "index.html",
        bytes: Array(list(in: place.language, folder: place.folder, others: others).utf8))
    }
  }

  /// The pages that a list names, relative to it; nil where the bytes are no list.
  public static func pages(of list: [UInt8]) -> [String]? {
    let text = PageText(list)
    guard text.first(from: "<ul class=\"cards\">", to: "<li") != nil else { return nil }
    return text.all(from: "<h2><a href=\"", to: "\"").map { TrustedMarkup(verbatim: $0).plainText }
      + text.all(from: "<a class=\"edition\" href=\"", to: "\"").map { TrustedMarkup(verbatim: $0).plainText }
  }

  // MARK: - Languages

  /// The language of the list at the root: that of the pages there.
  private var rootLanguage: String {
    reports.flatMap(\.editions).first { Self.folder($0) == nil }?.language ?? Language.english.rawValue
  }

  /// The folder that a page stands in because of its language.
  private static func folder(_ card: PageCard) -> String? {
    let first = card.path.split(separator: "/").first.map(String.init)
    return card.path.utf8.contains(0x2F) && first == card.language ? first : nil
  }

  /// What the editions of a report share: the path without the language's folder.
  public static func report(_ path: String, _ language: String) -> String {
    path.hasPrefix(language + "/") ? String(path.dropFirst(language.utf8.count + 1)) : path
  }

  /// The address of a page as seen from a folder of the site.
  public static func address(_ path: String, from folder: String) -> String {
    if path.hasPrefix(folder) { return String(path.dropFirst(folder.count)) }
    return String(repeating: "../", count: folder.split(separator: "/").count) + path
  }

  // MARK: - Writing

  private func list(in tag: String, folder: String, others: [PageManifest.Site.Edition]) -> String {
    let say = Language(tag: tag)
    let chosen = reports.compactMap { report in report.editions.first { $0.language == tag } ?? report.editions.first }
    let body = MarkupWriter.make {
      $0.element("ul", ["class": "cards"]) { cards in
        cards.newLine()
        for (card, report) in zip(chosen, reports) {
          let more = report.editions.filter { $0.path != card.path }
          write(card, more, folder, tag, say, to: &cards)
        }
      }
    }
    var page = PageSkeleton(title: say("Reports", "レポート"), body: body)
    page.language = tag
    page.subtitle = summary(chosen, say)
    page.description = chosen.map(\.title).joined(separator: say(" · ", "・"))
    page.site = PageManifest.Site(editions: others)
    page.generator = generator
    page.words = say == .japanese ? .japanese : .english
    page.theme = SiteStyle.css + theme
    return page.html()
  }

  private func summary(_ cards: [PageCard], _ say: Language) -> String {
    let (exhibits, claims) = (cards.map(\.exhibits).reduce(0, +), cards.map(\.claims).reduce(0, +))
    return say(
      counted(cards.count, "report") + ", " + counted(exhibits, "figure or table", "figures and tables") + ", "
        + counted(claims, "claim") + " checked",
      "レポート\(cards.count)件、図表\(exhibits)点、検査した主張\(claims)件")
  }

  private func write(
    _ card: PageCard, _ more: [PageCard], _ folder: String, _ tag: String, _ say: Language,
    to cards: inout MarkupWriter
  ) {
    cards.element("li", ["lang": card.language == tag ? nil : card.language]) {
      if let thumbnail = card.thumbnail { $0.element("div", ["class": "thumbnail"], markup: thumbnail) }
      $0.element("h2") {
        $0.element("a", ["href": Self.address(card.path, from: folder)], text: card.title)
      }
      if !card.subtitle.isEmpty { $0.element("p", ["class": "subtitle"], text: card.subtitle) }
      if card.finding.isEmpty, !card.description.isEmpty { $0.element("p", text: card.description) }
      $0.markup(card.finding)
      if !card.numbers.isEmpty {
        $0.element("ul", ["class": "numbers"]) { list in
          for entry in card.numbers {
            list.element("li") {
              $0.markup(entry.number)
              $0.text(" " + entry.name)
            }
          }
        }
      }
      $0.element("p", ["class": "note"]) { note in
        note.text(
          say(
            counted(card.exhibits, "figure or table", "figures and tables") + ", " + counted(card.claims, "claim")
              + " checked", "図表\(card.exhibits)点、検査した主張\(card.claims)件"))
        for other in more {
          note.text(" · ")
          note.element(
            "a",
            [
              "class": "edition", "href": Self.address(other.path, from: folder), "hreflang": other.language,
              "lang": other.language,
            ], text: PageWords.ownName(ofLanguage: other.language))
        }
      }
    }
    cards.newLine()
  }
}

/// What the lists of reports look like, beside what every page does.
private enum SiteStyle {
  static let css = """
    .cards{list-style:none;padding:0;margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));\
    gap:2.5rem 2rem;max-width:none!important}
    @media screen and (min-width:70rem){header,main,footer{grid-column:1/-1;max-width:64rem;width:100%}}
    .cards>li{border-top:2px solid var(--fg);padding-top:.8rem;overflow:hidden}
    .cards h2{font-size:1.2rem;margin:.6rem 0 .2rem}.cards h2 a{color:inherit;display:inline-block;min-height:24px}
    .cards .subtitle{font-size:.95rem}.cards p{font-size:.92rem;margin:0 0 .6em}
    .thumbnail{height:11rem;display:grid;place-items:center}.thumbnail .plot{max-height:11rem}.thumbnail .key{display:none}
    .numbers{list-style:none;padding:0;margin:.4rem 0;font:.75rem/1.7 var(--sans);color:var(--muted)}.numbers data{color:var(--fg);font-weight:600}
    .edition{display:inline-block;min-height:24px;line-height:24px}

    """
}
