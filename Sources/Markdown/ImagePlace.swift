import Diagnostics

/// Which of the images of a block one is: enough to find it in the source once there is something to say of it.
struct ImagePlace: Hashable {
  /// The address as it is written.
  var address: String
  /// The line of the file on which its block begins.
  var blockLine: Int
  /// The line of the file on which it is taken to stand where it cannot be found.
  var line: Int
  /// How many images of that address the block has before it.
  var earlier = 0
}

extension MarkdownPass {
  /// The place of an image, to be asked for once for each, in document order.
  func imagePlace(_ node: MarkdownNode, _ context: Context) -> ImagePlace {
    let block = fileLine(blockLine(node), context)
    var place = ImagePlace(
      address: node.address, blockLine: block, line: max(block, fileLine(node.firstLine, context)))
    let name = "\(block) \(place.address)"
    place.earlier = imagesOfBlocks[name, default: 0]
    imagesOfBlocks[name] = place.earlier + 1
    return place
  }

  /// The image itself in the file; its line where it is written in another way, such as with its address elsewhere.
  func span(of place: ImagePlace) -> SourceSpan {
    guard let found = brackets(of: place) else { return trimmedSpan(ofLine: place.line) }
    let end = found.closing + 2 + place.address.utf8.count
    let bytes = scan.file.bytes
    return SourceSpan(lower: found.opening, upper: end < bytes.count && bytes[end] == 0x29 ? end + 1 : end)
  }

  /// The address of an image in the file.
  func addressSpan(of place: ImagePlace) -> SourceSpan {
    guard let found = brackets(of: place) else { return trimmedSpan(ofLine: place.line) }
    return SourceSpan(lower: found.closing + 2, upper: found.closing + 2 + place.address.utf8.count)
  }

  /// Where `![` and `](` of an image stand in the file.
  private func brackets(of place: ImagePlace) -> (opening: Int, closing: Int)? {
    // A wall of images is no text, and each is looked for from the first.
    guard place.earlier < 1_000 else { return nil }
    let block = scan.file.span(ofLine: place.blockLine).lower
    var start = block
    var left = place.earlier
    while let closing = find("](" + place.address, from: start) {
      if let opening = imageOpening(before: closing, from: block) {
        if left == 0 { return (opening, closing) }
        left -= 1
      }
      start = closing + 2
    }
    return nil
  }

  /// Where the `![` stands that a closing bracket belongs to; nil where a link or nothing at all begins there.
  private func imageOpening(before closing: Int, from block: Int) -> Int? {
    let bytes = scan.file.bytes
    var depth = 1
    var index = closing
    while index > block {
      index -= 1
      if index > block, bytes[index - 1] == 0x5C { continue }
      if bytes[index] == 0x5D { depth += 1 }
      if bytes[index] == 0x5B { depth -= 1 }
      if depth == 0 { return index > block && bytes[index - 1] == 0x21 ? index - 1 : nil }
    }
    return nil
  }
}
