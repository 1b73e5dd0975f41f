/// What a text asks of the world outside it: images, and the pages it links to.
///
/// A text is read at least twice; both times the answers must be the same.
public struct MarkdownSurroundings: Sendable {
  /// The image of a path as the text has it.
  public var image: @Sendable (_ path: String) -> Result<PageImage, MarkdownRefusal>
  /// Whether a path, as the text has it, names a template that becomes a page; why not, where it does not.
  public var template: @Sendable (_ path: String) -> MarkdownRefusal?

  /// The works that the page cites; nil where there is no bibliography.
  public var works: CitedWorks?
  /// Whether the list of the works stands at the end of this text.
  public var listsWorks: Bool

  /// Surroundings of these answers.
  public init(
    image: @escaping @Sendable (_ path: String) -> Result<PageImage, MarkdownRefusal>,
    template: @escaping @Sendable (_ path: String) -> MarkdownRefusal?, works: CitedWorks? = nil,
    listsWorks: Bool = true
  ) {
    (self.works, self.listsWorks) = (works, listsWorks)
    self.image = image
    self.template = template
  }

  /// No files at all, as around a caption.
  public static let none = beside(nil)

  /// What a caption or a text of the front matter may name: works that the page lists at its end.
  public static func beside(_ works: CitedWorks?) -> MarkdownSurroundings {
    MarkdownSurroundings(
      image: { _ in .failure(MarkdownRefusal("images stand in the text, not in captions and front matter")) },
      template: { _ in nil }, works: works, listsWorks: false)
  }
}

/// An image as it stands in a page.
public struct PageImage: Sendable, Hashable {
  /// Its bytes as a `data:` address.
  public var address: String
  /// Width and height in pixels, where the file says.
  public var size: (width: Int, height: Int)? { width.flatMap { width in height.map { (width, $0) } } }
  private var width: Int?
  private var height: Int?

  /// What its reader should know, such as that something was left out of it.
  public var remark: String?

  /// An image of bytes that are vouched for.
  public init(address: String, size: (width: Int, height: Int)?, remark: String? = nil) {
    self.address = address
    self.remark = remark
    (width, height) = (size?.width, size?.height)
  }
}

/// Why a file that a text names cannot be had.
public struct MarkdownRefusal: Error, Sendable, Hashable {
  /// What is wrong.
  public var message: String
  /// What to do about it.
  public var hints: [String]

  public init(_ message: String, hints: [String] = []) {
    self.message = message
    self.hints = hints
  }
}
