/// Markup that goes into a document as it is.
///
/// A value comes from a `MarkupWriter`, which escapes, or from a caller who vouches for it by writing
/// `TrustedMarkup(verbatim:)`. There is no other way to put a tag into a page.
public struct TrustedMarkup: Sendable, Hashable, CustomStringConvertible {
  public let html: String

  /// Vouches for markup that was made elsewhere, such as the Markdown renderer's output in safe mode.
  public init(verbatim html: String) { self.html = html }

  /// Makes markup of plain text by escaping it.
  public init(text: String) { html = Escaping.text(text) }

  /// No markup at all.
  public static let empty = TrustedMarkup(verbatim: "")

  /// Whether there is nothing in it.
  public var isEmpty: Bool { html.isEmpty }

  public var description: String { html }

  /// One piece of markup after another.
  public static func + (left: TrustedMarkup, right: TrustedMarkup) -> TrustedMarkup {
    TrustedMarkup(verbatim: left.html + right.html)
  }
}

extension TrustedMarkup: ExpressibleByStringLiteral {
  /// Takes a literal of the source code as markup: it was written by a programmer, not by a user.
  public init(stringLiteral value: StaticString) { html = value.description }
}

extension Sequence where Element == TrustedMarkup {
  /// The pieces one after another, with plain text between them.
  public func joined(separator: String = "") -> TrustedMarkup {
    TrustedMarkup(verbatim: map(\.html).joined(separator: Escaping.text(separator)))
  }
}
