import Markup

/// Where a mark of the pre-scan turned out to stand.
public enum DirectivePlacement: Sendable, Hashable {
  /// Alone in its paragraph; directives of one paragraph share a group and stand side by side.
  case block(group: Int)
  /// Inside running text.
  case inline
  /// An escaped directive, printed as text.
  case literal
  /// A mark of text for one medium, which is a tag in the page.
  case medium
  /// Where directives are not run.
  case notRun(NotRunReason)
}

/// Why a directive is not run.
public enum NotRunReason: String, Sendable, Hashable {
  /// It stands in code or in a formula.
  case code
  /// It stands in an HTML comment.
  case comment
  /// It stands inside raw HTML.
  case rawHTML
  /// It stands in the target or title of a link or image.
  case linkTarget
  /// A block directive inside running text.
  case misplaced
  /// It disappeared into a link reference definition.
  case noEffect
  /// `<<name` without `>>`.
  case unclosed
}

/// What is printed for an inline directive.
public struct InlineContent: Sendable, Hashable {
  /// The markup in running text.
  public var html: TrustedMarkup
  /// The same in plain text, for the alternative text of images, inside links and in tables of contents.
  public var plainText: String

  /// Makes content.
  public init(html: TrustedMarkup, plainText: String) {
    self.html = html
    self.plainText = plainText
  }
}

/// A heading of the text, for a table of contents.
public struct Heading: Sendable, Hashable {
  /// 1 to 6, as it is printed.
  public var level: Int
  /// `2.1`, where sections are numbered.
  public var number: String?
  public var id: String
  /// The text without markup.
  public var text: String
}

/// A table the author wrote.
public struct AuthorTable: Sendable, Hashable {
  /// The anchor; nil where none was given.
  public var id: String?
  /// The caption as Markdown; nil where none was given.
  public var caption: String?

  /// Makes a table's attributes.
  public init(id: String? = nil, caption: String? = nil) {
    self.id = id
    self.caption = caption
  }
}

/// What of a body may be numbered, in document order.
public enum BodyItem: Sendable, Hashable {
  /// A group of directives.
  case group(Int)
  /// A table the author wrote, by its index in `MarkdownBody.tables`.
  case table(Int)
  /// A displayed formula, by its index in `MarkdownBody.equations`.
  case equation(Int)
  /// An image in a paragraph of its own, by its index in `MarkdownBody.images`.
  case image(Int)
}

/// How a body is read.
public struct MarkdownOptions: Sendable, Hashable {
  /// Whether headings get section numbers.
  public var numbersSections: Bool
  /// Added to every heading's level, for pages whose title is the first heading.
  public var headingShift: Int
  /// Anchors that headings may not take.
  public var reservedIDs: Set<String>
  /// The words around the text.
  public var words = MarkdownWords.english

  /// Makes options.
  public init(
    numbersSections: Bool = false, headingShift: Int = 0, reservedIDs: Set<String> = [],
    words: MarkdownWords = .english
  ) {
    self.words = words
    self.numbersSections = numbersSections
    self.headingShift = headingShift
    self.reservedIDs = reservedIDs
  }
}
