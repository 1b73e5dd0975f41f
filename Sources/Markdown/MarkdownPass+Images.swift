import Diagnostics
import Markup

/// An image that stands in a paragraph of its own.
public struct AuthorImage: Sendable, Hashable {
  /// The anchor; nil where none was given.
  public var id: String?
  /// The caption as Markdown: what stands in quotes behind the path.
  public var caption: String?

  /// Whether it counts among the figures.
  public var isNumbered: Bool { id != nil || caption != nil }
}

extension MarkdownPass {
  /// Replaces a paragraph that holds one image and nothing else by a figure; whether it does.
  func figure(_ paragraph: MarkdownNode, _ context: Context) -> Bool {
    let children = paragraph.children
    guard let node = children.first, node.kind == .image, children.count <= 2 else { return false }
    var attributes: AttributeList?
    if let rest = children.dropFirst().first {
      guard rest.kind == .text, let list = AttributeList(at: Substring(rest.literal)),
        rest.literal.utf8.dropFirst(list.length).allSatisfy({ $0 == 0x20 })
      else { return false }
      attributes = list
    }
    for child in children { handled.insert(child.key) }
    let line = fileLine(paragraph.firstLine, context)
    let place = imagePlace(node, context)
    let alternative = alternative(of: node, place)
    guard let image = embedded(node, place) else { return true }
    let number = images.count
    let title = node.title.isEmpty ? nil : node.title
    images.append(AuthorImage(id: checkedID(attributes?.id, place), caption: title))
    items.append(.image(number))
    let layout = layout(attributes, place)
    let caption = title.map { inlineHTML($0, Context(firstLine: line, isCell: true)) }
    paragraph.replaceBlock(
      withMarkup: MarkupWriter.make { out in
        out.element("figure", ["id": images[number].id, "class": "image" + (layout.word.map { " " + $0 } ?? "")]) {
          $0.markup(MarkdownPass.element(image, alternative, style: layout.style))
          guard images[number].isNumbered else { return }
          $0.element("figcaption") { out in
            if let label = fill?.labels.images[number] { out.markup(label) }
            if let caption { out.markup(TrustedMarkup(verbatim: caption)) }
          }
        }
      }.html)
    return true
  }

  /// Replaces an image inside running text.
  func inlineImage(_ node: MarkdownNode, _ context: Context) {
    let place = imagePlace(node, context)
    var style: String?
    if let rest = node.next, rest.kind == .text, let list = AttributeList(at: Substring(rest.literal)) {
      rest.literal = String(decoding: Array(rest.literal.utf8.dropFirst(list.length)), as: UTF8.self)
      let layout = layout(list, place)
      style = layout.style
      if layout.word != nil {
        report(.error, at: span(of: place), "an image in a sentence takes a width in percent, or a height")
      }
      if list.id != nil {
        report(.error, at: span(of: place), "an image in a sentence takes no id: it is no figure")
      }
    }
    reportApart(node, place)
    let alternative = alternative(of: node, place)
    guard let image = embedded(node, place) else { return }
    node.insertBefore(.markup(MarkdownPass.element(image, alternative, style: style).html))
    node.remove()
  }

  /// Says of attributes behind an image and a blank that they are none.
  private func reportApart(_ node: MarkdownNode, _ place: ImagePlace) {
    guard let rest = node.next, rest.kind == .text, rest.literal.hasPrefix(" ") else { return }
    let text = rest.literal.drop { $0 == " " }
    guard let list = AttributeList(at: text), list.isUnmistakable else { return }
    report(.error, at: span(of: place), "a blank stands between this image and its attributes, which would be text")
    rest.literal = String(decoding: Array(text.utf8.dropFirst(list.length)), as: UTF8.self)
  }

  /// The element: an address of data comes from an `EmbeddedImage`, and no other address comes here.
  private static func element(_ image: PageImage, _ alternative: String, style: String?) -> TrustedMarkup {
    var tag = "<img src=\"\(Escaping.attribute(image.address))\" alt=\"\(Escaping.attribute(alternative))\""
    if let size = image.size { tag += " width=\"\(size.width)\" height=\"\(size.height)\"" }
    if let style { tag += " style=\"\(Escaping.attribute(style))\"" }
    return TrustedMarkup(verbatim: tag + "/>")
  }

  /// The image, or a fault where there is none.
  private func embedded(_ node: MarkdownNode, _ place: ImagePlace) -> PageImage? {
    for mark in unsettledDirectives(in: node.address) + unsettledDirectives(in: node.title) {
      report(.error, at: mark.span, "a directive is not allowed in an image's path or caption")
    }
    let address = restore(node.address, .linkTarget)
    if address.contains("://") || address.hasPrefix("//") {
      report(
        .error, at: span(of: place),
        "the image '\(quotable(address))' stands on another machine, and a page loads nothing",
        hints: ["save it beside the template and name the file", "or link to it: [text](\(quotable(address)))"])
      return nil
    }
    switch surroundings.image(address) {
    case .success(let image):
      features.insert(.image)
      if let remark = image.remark { report(.warning, at: span(of: place), remark) }
      return image
    case .failure(let refusal):
      report(.error, at: addressSpan(of: place), refusal.message, hints: refusal.hints)
      return nil
    }
  }

  /// What is said in the place of an image to those who do not see it.
  private func alternative(of node: MarkdownNode, _ place: ImagePlace) -> String {
    let text = plainText(of: node)
    if text.unicodeScalars.allSatisfy({ $0.properties.isWhitespace }) {
      report(
        .error, at: span(of: place), "the image '\(quotable(node.address))' has no text for those who do not see it",
        hints: ["say in the brackets what it shows: ![two curves that cross at block 3](…)"])
    }
    return text
  }

  private func plainText(of node: MarkdownNode) -> String {
    node.children.map { child in
      switch child.kind {
      case .text:
        return TextPieces.split(child.literal).map { piece -> String in
          switch piece {
          case .text(let text): return text
          case .mark(let index):
            if case .text(let text) = content(ofMark: index, isPlain: true) { return text }
            return ""
          case .syntax(let index):
            if case .text(let text) = syntax(index, isPlain: true) { return text }
            return ""
          }
        }.joined()
      case .code: return restore(child.literal, .code)
      case .softBreak, .lineBreak: return " "
      default: return plainText(of: child)
      }
    }.joined()
  }

  private func checkedID(_ id: String?, _ place: ImagePlace) -> String? {
    guard let id else { return nil }
    guard HeadingAnchors.isValid(id) else {
      report(.error, at: span(of: place), "'\(id)' is not an anchor; expected letters, digits, '-', '_', '.' and ':'")
      return nil
    }
    guard anchors.take(id) else {
      report(.error, at: span(of: place), "the anchor '\(id)' is given twice")
      return nil
    }
    return id
  }

  /// The heights that an image can have, in pixels of a screen.
  private static let heights = 10...2000.0

  /// How large an image is: a word becomes a class, a share of the column and a height a style.
  private func layout(_ attributes: AttributeList?, _ place: ImagePlace) -> (word: String?, style: String?) {
    guard let attributes else { return (nil, nil) }
    for part in attributes.unknown {
      report(.error, at: span(of: place), "an image takes #id, width=… and height=…, found '\(part)'")
    }
    var word: String?
    var styles: [String] = []
    for (key, value) in attributes.values {
      let share = value.hasSuffix("%") ? NumberReading.double(String(value.dropLast())) : nil
      switch key {
      case "width" where ["half", "wide", "full"].contains(value): word = value
      case "width":
        guard let share, (5...100).contains(share) else {
          report(.error, at: span(of: place), "'width' must be half, wide, full or from 5% to 100%, found '\(value)'")
          continue
        }
        styles.append("width:\(NumberReading.text(share))%")
      case "height":
        guard let height = NumberReading.double(value), Self.heights.contains(height) else {
          report(.error, at: span(of: place), "'height' must be a number of pixels from 10 to 2000, found '\(value)'")
          continue
        }
        // Where the page is too narrow for it, the image gets smaller and keeps its shape.
        styles.append("height:\(NumberReading.text(height))px;object-fit:contain")
      default:
        report(
          .error, at: span(of: place), "an image takes #id, width=… and height=…, found '\(key)'",
          hints: Spelling.hint(for: key, in: ["width", "height"]).map { [$0] } ?? [])
      }
    }
    return (word, styles.isEmpty ? nil : styles.joined(separator: ";"))
  }
}
