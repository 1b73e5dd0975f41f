import Charts
import Markup

/// What a directive shows, before it has a number and a place on the page.
public struct Exhibit: Sendable {
  /// How it is counted.
  public enum Kind: Sendable, Hashable {
    case figure
    case table
    case equation
  }

  /// What is drawn.
  public enum Content: Sendable {
    /// A drawing.
    case chart(any Chart)
    /// A table.
    case table(columns: [TableFigure.Column], rows: [[TableFigure.Cell]])
    /// Markup made here, such as MathML.
    case markup(TrustedMarkup)
  }

  /// How it is counted.
  public var kind: Kind
  /// What is drawn.
  public var content: Content
  /// The caption where the author gives none, in Markdown.
  public var caption: String
  /// What a reader must know to read the numbers, in Markdown: definitions, undefined cells, warnings.
  public var notes: [String]

  /// An exhibit.
  public init(kind: Kind, content: Content, caption: String, notes: [String] = []) {
    self.kind = kind
    self.content = content
    self.caption = caption
    self.notes = notes
  }
}
