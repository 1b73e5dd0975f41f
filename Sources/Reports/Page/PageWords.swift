/// The words of a page that do not come from its author.
public struct PageWords: Sendable {
  /// The link past the contents.
  public var skip = "Skip to the text"
  /// The links to other pages, for screen readers.
  public var pages = "Pages"
  /// The link to the list of reports.
  public var index = "All reports"
  /// The heading of the box under the title.
  public var finding = "Finding"
  /// The heading of the table of contents, for screen readers.
  public var contents = "Contents"
  /// The heading of the abstract.
  public var abstract = "Abstract"
  /// The heading of the tables behind the figures, on paper.
  public var data = "Data of the figures"
  /// The heading of the list at the end.
  public var provenance = "Where these results come from"

  public init() {}

  /// The English words.
  public static let english = PageWords()

  /// The Japanese words.
  public static let japanese: PageWords = {
    var words = PageWords()
    words.skip = "本文へ移動"
    words.pages = "ページ"
    words.index = "レポート一覧"
    words.finding = "結論"
    words.contents = "目次"
    words.abstract = "概要"
    words.data = "図のデータ"
    words.provenance = "結果の来歴"
    return words
  }()

  /// What a language calls itself; its tag where that is not known.
  static func ownName(ofLanguage tag: String) -> String {
    switch tag.split(separator: "-").first?.lowercased() {
    case "en": "English"
    case "ja": "日本語"
    default: tag
    }
  }
}
