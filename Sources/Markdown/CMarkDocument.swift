import CCMark
import Glibc

/// What a node of a parsed document is.
enum MarkdownNodeKind {
  case document
  case paragraph
  case heading
  case codeBlock
  case htmlBlock
  case customBlock
  case blockQuote
  case listItem
  case otherBlock
  case text
  case softBreak
  case lineBreak
  case code
  case htmlInline
  case link
  case image
  case otherInline

  fileprivate init(_ type: cmark_node_type) {
    switch type {
    case CMARK_NODE_DOCUMENT: self = .document
    case CMARK_NODE_PARAGRAPH: self = .paragraph
    case CMARK_NODE_HEADING: self = .heading
    case CMARK_NODE_CODE_BLOCK: self = .codeBlock
    case CMARK_NODE_HTML_BLOCK: self = .htmlBlock
    case CMARK_NODE_CUSTOM_BLOCK: self = .customBlock
    case CMARK_NODE_BLOCK_QUOTE: self = .blockQuote
    case CMARK_NODE_ITEM: self = .listItem
    case CMARK_NODE_TEXT: self = .text
    case CMARK_NODE_SOFTBREAK: self = .softBreak
    case CMARK_NODE_LINEBREAK: self = .lineBreak
    case CMARK_NODE_CODE: self = .code
    case CMARK_NODE_HTML_INLINE: self = .htmlInline
    case CMARK_NODE_LINK: self = .link
    case CMARK_NODE_IMAGE: self = .image
    default:
      let isBlock = type.rawValue >= CMARK_NODE_FIRST_BLOCK.rawValue && type.rawValue <= CMARK_NODE_LAST_BLOCK.rawValue
      self = isBlock ? .otherBlock : .otherInline
    }
  }
}

/// A document parsed by libcmark; owns the C tree and every node taken out of it.
///
/// The one file that knows libcmark. Nodes are freed together with the document and never before, so a `MarkdownNode`
/// stays valid as long as it is held (it holds its document).
final class CMarkDocument {
  private let root: OpaquePointer
  private var detached: [OpaquePointer] = []

  /// Whether the library is one whose behaviour the tests describe: 0.30.2 or later.
  static let isSupported = cmark_version() >= 0x001E02

  /// Parses CommonMark with smart punctuation; cannot fail.
  init(_ text: String) {
    precondition(CMarkDocument.isSupported, "libcmark 0.30.2 or later is needed")
    var text = text
    let parsed = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        cmark_parse_document(characters.baseAddress, characters.count, CMARK_OPT_SMART | CMARK_OPT_SOURCEPOS)
      }
    }
    guard let parsed else { preconditionFailure("libcmark ran out of memory") }
    root = parsed
  }

  deinit {
    for node in detached { cmark_node_free(node) }
    cmark_node_free(root)
  }

  /// A node met on a walk, with what it stands in.
  struct Visit {
    var node: MarkdownNode
    var kind: MarkdownNodeKind
    var isInImage: Bool
    var isInLink: Bool
    /// Number of ancestors.
    var depth: Int
  }

  /// All nodes in document order; a list of its own, so that the tree may be edited while it is read.
  func visits() -> [Visit] {
    var result: [Visit] = []
    var images = 0
    var links = 0
    var depth = 0
    let iterator = cmark_iter_new(root)
    defer { cmark_iter_free(iterator) }
    while true {
      let event = cmark_iter_next(iterator)
      guard event != CMARK_EVENT_DONE, let pointer = cmark_iter_get_node(iterator) else { break }
      let kind = MarkdownNodeKind(cmark_node_get_type(pointer))
      if event == CMARK_EVENT_ENTER {
        let node = MarkdownNode(pointer: pointer, document: self)
        result.append(Visit(node: node, kind: kind, isInImage: images > 0, isInLink: links > 0, depth: depth))
      }
      // Leaves have no exit event.
      guard isContainer(kind) else { continue }
      let step = event == CMARK_EVENT_ENTER ? 1 : -1
      depth += step
      if kind == .image { images += step }
      if kind == .link { links += step }
    }
    return result
  }

  private func isContainer(_ kind: MarkdownNodeKind) -> Bool {
    switch kind {
    case .codeBlock, .htmlBlock, .text, .softBreak, .lineBreak, .code, .htmlInline: false
    case .blockQuote, .listItem, .otherBlock, .otherInline, .document, .paragraph, .heading, .customBlock, .link,
      .image:
      true
    }
  }

  /// The whole document as XHTML, raw HTML off.
  func html() -> String { CMarkDocument.render(root) }

  fileprivate static func render(_ node: OpaquePointer) -> String {
    guard let buffer = cmark_render_html(node, CMARK_OPT_DEFAULT) else { return "" }
    defer { free(buffer) }
    return String(cString: buffer)
  }

  fileprivate func make(_ type: cmark_node_type) -> OpaquePointer {
    guard let node = cmark_node_new(type) else { preconditionFailure("libcmark ran out of memory") }
    return node
  }

  fileprivate func detach(_ pointer: OpaquePointer) {
    cmark_node_unlink(pointer)
    detached.append(pointer)
  }

  fileprivate func keep(_ pointer: OpaquePointer) { detached.append(pointer) }
}

/// One node of a document.
struct MarkdownNode {
  fileprivate let pointer: OpaquePointer
  fileprivate let document: CMarkDocument

  /// What tells it from every other node of its document.
  var key: Int { Int(bitPattern: pointer) }

  /// What it is.
  var kind: MarkdownNodeKind { MarkdownNodeKind(cmark_node_get_type(pointer)) }

  /// 1-based line of the parsed text; right for blocks, 0 for nodes that were made.
  var firstLine: Int { Int(cmark_node_get_start_line(pointer)) }

  /// 1-based last line of a block.
  var lastLine: Int { Int(cmark_node_get_end_line(pointer)) }

  /// The text of text, code and HTML.
  var literal: String {
    get { string(cmark_node_get_literal(pointer)) }
    nonmutating set { cmark_node_set_literal(pointer, newValue) }
  }

  /// The address of a link or image.
  var address: String {
    get { string(cmark_node_get_url(pointer)) }
    nonmutating set { cmark_node_set_url(pointer, newValue) }
  }

  /// The title of a link or image.
  var title: String {
    get { string(cmark_node_get_title(pointer)) }
    nonmutating set { cmark_node_set_title(pointer, newValue) }
  }

  /// The info string of a code block.
  var fenceInfo: String {
    get { string(cmark_node_get_fence_info(pointer)) }
    nonmutating set { cmark_node_set_fence_info(pointer, newValue) }
  }

  /// 1 to 6.
  var headingLevel: Int { Int(cmark_node_get_heading_level(pointer)) }

  /// The node it stands in.
  var parent: MarkdownNode? { wrap(cmark_node_parent(pointer)) }
  /// The node before it.
  var previous: MarkdownNode? { wrap(cmark_node_previous(pointer)) }
  /// The node after it.
  var next: MarkdownNode? { wrap(cmark_node_next(pointer)) }

  /// What stands in it.
  var children: [MarkdownNode] {
    var result: [MarkdownNode] = []
    var child = cmark_node_first_child(pointer)
    while let found = child {
      result.append(MarkdownNode(pointer: found, document: document))
      child = cmark_node_next(found)
    }
    return result
  }

  /// Takes the node out of the document.
  func remove() { document.detach(pointer) }

  /// Takes the node out of where it stands, to be put elsewhere.
  func unlink() { cmark_node_unlink(pointer) }

  /// Puts a box in the place of a block, with all that stands in it.
  func replaceBlock(enter: String, exit: String) -> MarkdownNode {
    let box = document.make(CMARK_NODE_CUSTOM_BLOCK)
    cmark_node_set_on_enter(box, enter)
    cmark_node_set_on_exit(box, exit)
    if cmark_node_replace(pointer, box) == 1 { document.keep(pointer) } else { document.keep(box) }
    let result = MarkdownNode(pointer: box, document: document)
    for child in children { cmark_node_append_child(box, child.pointer) }
    return result
  }

  /// Puts an empty box before this block.
  func insertBoxBefore(enter: String, exit: String) -> MarkdownNode {
    let box = document.make(CMARK_NODE_CUSTOM_BLOCK)
    cmark_node_set_on_enter(box, enter)
    cmark_node_set_on_exit(box, exit)
    if cmark_node_insert_before(pointer, box) != 1 { document.keep(box) }
    return MarkdownNode(pointer: box, document: document)
  }

  /// Puts an empty box before everything that stands in this one.
  func insertBlock(enter: String, exit: String) -> MarkdownNode {
    let box = document.make(CMARK_NODE_CUSTOM_BLOCK)
    cmark_node_set_on_enter(box, enter)
    cmark_node_set_on_exit(box, exit)
    if cmark_node_prepend_child(pointer, box) != 1 { document.keep(box) }
    return MarkdownNode(pointer: box, document: document)
  }

  /// Puts nodes that were unlinked behind everything that stands in this one.
  func append(_ nodes: [MarkdownNode]) {
    for node in nodes where cmark_node_append_child(pointer, node.pointer) != 1 { document.keep(node.pointer) }
  }

  /// Puts text behind everything that stands in this one.
  func append(text: String) {
    let node = document.make(CMARK_NODE_TEXT)
    cmark_node_set_literal(node, text)
    if cmark_node_append_child(pointer, node) != 1 { document.keep(node) }
  }

  /// Puts markup in the place of a block.
  func replaceBlock(withMarkup html: String) {
    let block = document.make(CMARK_NODE_CUSTOM_BLOCK)
    cmark_node_set_on_enter(block, html)
    if cmark_node_replace(pointer, block) == 1 { document.keep(pointer) } else { document.keep(block) }
  }

  /// Puts text or markup before an inline node.
  func insertBefore(_ content: InlinePiece) {
    let node: OpaquePointer
    switch content {
    case .text(let text):
      node = document.make(CMARK_NODE_TEXT)
      cmark_node_set_literal(node, text)
    case .markup(let html):
      node = document.make(CMARK_NODE_CUSTOM_INLINE)
      cmark_node_set_on_enter(node, html)
    }
    if cmark_node_insert_before(pointer, node) != 1 { document.keep(node) }
  }

  /// Puts a new paragraph before a block and moves inline nodes into it.
  func insertParagraphBefore(_ inlines: [MarkdownNode]) {
    let paragraph = document.make(CMARK_NODE_PARAGRAPH)
    guard cmark_node_insert_before(pointer, paragraph) == 1 else { return document.keep(paragraph) }
    for inline in inlines { cmark_node_append_child(paragraph, inline.pointer) }
  }

  /// The XHTML of inline nodes, which are taken out of where they stand.
  func renderInlines(_ inlines: [MarkdownNode]) -> String {
    let paragraph = document.make(CMARK_NODE_PARAGRAPH)
    document.keep(paragraph)
    for inline in inlines { cmark_node_append_child(paragraph, inline.pointer) }
    let html = CMarkDocument.render(paragraph)
    guard html.hasPrefix("<p>"), html.hasSuffix("</p>\n") else { return html }
    return String(html.utf8.dropFirst(3).dropLast(5)) ?? html
  }

  private func wrap(_ pointer: OpaquePointer?) -> MarkdownNode? {
    pointer.map { MarkdownNode(pointer: $0, document: document) }
  }

  private func string(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }
}

/// What can stand inside a paragraph in the place of a placeholder.
enum InlinePiece {
  /// Text, escaped when it is printed.
  case text(String)
  /// Markup, printed as it is.
  case markup(String)
}
