import Diagnostics
import Directives
import Markup

/// The body of a template, read as CommonMark with its directives in place.
///
/// ```swift
/// let scan = DirectiveParser.scan(file, bodyStartsAt: matter.bodyStartsAt)
/// let body = MarkdownBody.parse(scan, isInline: binder.isInline)
/// // bind and run every directive whose placement is .block or .inline, then
/// let page = body.render(blocks: [0: figure], inlines: [2: number])
/// ```
/// Raw HTML of the author is never passed through; results are, since they come as `TrustedMarkup`.
public struct MarkdownBody: Sendable {
  /// What was read.
  public let scan: ScanResult
  /// How it was read.
  public let options: MarkdownOptions
  /// Where each mark of the scan stands, by index.
  public let placements: [DirectivePlacement]
  /// The marks of each group of block directives, in document order.
  public let groups: [[Int]]
  /// The headings in document order.
  public let headings: [Heading]
  /// The tables the author wrote, in document order.
  public let tables: [AuthorTable]
  /// The displayed formulas the author wrote, in document order.
  public let equations: [AuthorEquation]
  /// The images that stand in paragraphs of their own, in document order.
  public let images: [AuthorImage]
  /// The links to anchors, of this page and of other templates' pages, in document order.
  public let links: [AnchorLink]
  /// Groups and what the author wrote together, in document order, for numbering.
  public let items: [BodyItem]
  /// What is wrong with the text; directives that cannot be run are among it, directives that cannot be bound are not.
  public let diagnostics: [Diagnostic]

  private let inlineness: [Bool?]
  private let surroundings: MarkdownSurroundings

  /// Reads a body.
  ///
  /// - Parameters:
  ///   - surroundings: images and templates that the text may name.
  ///   - isInline: whether a directive stands inside running text; nil where its name is unknown, so that it is taken
  ///     wherever it stands and binding can report it.
  public static func parse(
    _ scan: ScanResult, options: MarkdownOptions = MarkdownOptions(), surroundings: MarkdownSurroundings = .none,
    isInline: (_ name: String) -> Bool?
  ) -> MarkdownBody {
    let inlineness = scan.marks.map { mark in mark.name.flatMap(isInline) }
    let pass = MarkdownPass(scan, options: options, inlineness: inlineness, fill: nil, surroundings: surroundings)
    _ = pass.run()
    return MarkdownBody(
      scan: scan, options: options, placements: pass.finalPlacements, groups: pass.groups, headings: pass.headings,
      tables: pass.tables, equations: pass.equations, images: pass.images, links: pass.links, items: pass.items,
      diagnostics: (scan.diagnostics + pass.diagnostics).inSourceOrder(), inlineness: inlineness,
      surroundings: surroundings)
  }

  /// Prints the body with the results of its directives.
  ///
  /// - Parameters:
  ///   - blocks: the figures and tables by group.
  ///   - inlines: what is printed in running text, by mark.
  ///   - labels: what the author's own tables, formulas and images are called.
  /// - Returns: XHTML. What is missing is printed as the directive's source, marked as an error.
  public func render(
    blocks: [Int: TrustedMarkup] = [:], inlines: [Int: InlineContent] = [:], labels: AuthorLabels = AuthorLabels()
  ) -> RenderedMarkdown {
    let fill = MarkdownFill(blocks: blocks, inlines: inlines, labels: labels)
    let pass = MarkdownPass(scan, options: options, inlineness: inlineness, fill: fill, surroundings: surroundings)
    let html = pass.run()
    return RenderedMarkdown(html: TrustedMarkup(verbatim: html), headings: pass.headings, features: pass.features)
  }

  /// The anchors of the author's own tables, formulas and images.
  public var authorIDs: [String] {
    tables.compactMap(\.id) + equations.compactMap(\.id) + images.compactMap(\.id)
  }

  /// The directives that have to be run, by mark, in document order.
  public var directivesToRun: [(index: Int, directive: Directive)] {
    scan.marks.enumerated().compactMap { index, mark in
      switch placements[index] {
      case .block, .inline: mark.directive.map { (index, $0) }
      case .literal, .medium, .notRun: nil
      }
    }
  }
}

/// A link to a place of the page it stands on or of another template's: `[x](#part)`, `[x](other.md#part)`.
public struct AnchorLink: Sendable {
  /// The anchor, without its `#`.
  public var target: String
  /// The path of the other template; nil for this page.
  public var template: String?
  /// The text it stands in; nil for one of the command line.
  public var file: SourceFile?
  /// Where it stands.
  public var span: SourceSpan

  public init(target: String, template: String?, file: SourceFile?, span: SourceSpan) {
    (self.target, self.template, self.file, self.span) = (target, template, file, span)
  }
}

/// A body as it is printed.
public struct RenderedMarkdown: Sendable {
  /// XHTML.
  public var html: TrustedMarkup
  /// The headings with the values of the directives in them.
  public var headings: [Heading]
  /// What needs a style of its own.
  public var features: Set<MarkdownFeature> = []
}

/// What an author may use, and few pages have.
public enum MarkdownFeature: Sendable, Hashable, CaseIterable {
  case image
  case caption
  case callout
  case task
  case citation
  case medium
}

/// What is put in the place of directives.
struct MarkdownFill {
  var blocks: [Int: TrustedMarkup]
  var inlines: [Int: InlineContent]
  var labels: AuthorLabels
}

/// What the author's own tables, formulas and images are called on the page, by their indices.
public struct AuthorLabels: Sendable {
  /// What stands before a table's caption, such as `Table 2.`.
  public var tables: [Int: TrustedMarkup] = [:]
  /// The numbers of displayed formulas.
  public var equations: [Int: Int] = [:]
  /// What stands before an image's caption.
  public var images: [Int: TrustedMarkup] = [:]

  /// No labels.
  public init() {}
}
