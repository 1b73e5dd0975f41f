/// What stood on a page before: by this a render knows which files beside the page are as they were.
public struct PublishedFigures {
  /// Each figure's markup by its id.
  private let figures: [String: String]
  /// The keys of all results, as hexadecimal digits.
  private let keys: Set<String>

  /// Reads a page; of what is no page it finds nothing.
  public init(page: [UInt8]) {
    let text = PageText(page)
    figures = Dictionary(
      text.markup(from: "<figure id=\"", to: "</figure>\n").map { figure in
        (String(figure.html.dropFirst("<figure id=\"".count).prefix { $0 != "\"" }), figure.html)
      }, uniquingKeysWith: { $1 })
    keys = Set(text.all(from: "\"key\":\"", to: "\""))
  }

  /// Whether a figure with the same markup, of results with the same keys, stood there.
  public func hold(_ figure: FigureFiles) -> Bool {
    figures[figure.id] == figure.figure && figure.keys.allSatisfy(keys.contains)
  }
}
