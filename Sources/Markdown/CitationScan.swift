/// What an author cites in one place.
struct CitationMark: Hashable {
  /// One work of it.
  struct Item: Hashable {
    /// The key of the work.
    var key: String
    /// What stands before it, such as `see`.
    var prefix = ""
    /// What stands behind it, such as `p. 3`.
    var locator = ""
    /// Whether the author is left out, as in `-@key`.
    var yearOnly = false
    /// Where the key begins, in bytes from the mark's first one.
    var offset = 0
  }

  var items: [Item]
  /// Whether it stands in brackets; `@key` alone is part of a sentence.
  var isBracketed: Bool
}

/// Reads citations as Pandoc writes them: `[@a; see @b, p. 3]`, `[-@a]`, `@a`.
enum CitationScan {
  /// The most bytes of a citation in brackets.
  static let longest = 1_000

  /// A citation in brackets that begins at an offset; nil where there is none.
  static func bracketed(_ bytes: [UInt8], _ index: Int) -> (mark: CitationMark, end: Int)? {
    var end = index + 1
    var hasKey = false
    while end < bytes.count, bytes[end] != 0x5D {
      // No directive, formula or code: 0xEE begins a placeholder.
      if [0x5B, 0x60, 0x24, 0xEE].contains(bytes[end]) || end - index > longest { return nil }
      if bytes[end] == 0x0A, end + 1 < bytes.count, [0x0A, 0x0D].contains(bytes[end + 1]) { return nil }
      if bytes[end] == 0x40, isKeyStart(bytes, end) { hasKey = true }
      end += 1
    }
    // What a link or a definition begins with is no citation.
    guard hasKey, end < bytes.count, end + 1 >= bytes.count || ![0x28, 0x5B, 0x3A].contains(bytes[end + 1]) else {
      return nil
    }
    var items: [CitationMark.Item] = []
    for part in bytes[(index + 1)..<end].split(separator: 0x3B, omittingEmptySubsequences: false) {
      guard let item = item(part, bytes, from: index) else { return nil }
      items.append(item)
    }
    return (CitationMark(items: items, isBracketed: true), end + 1)
  }

  /// Whether a text is a letter and what follows it up to a year or the two last digits of one, as in `sun2024` and
  /// `ng-24b`: a name of somebody in a net seldom is.
  static func looksLikeKey(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, (0x61...0x7A).contains(first | 0x20), !bytes.contains(0x2F) else { return false }
    return bytes.indices.dropLast().contains { place in
      bytes[place...(place + 1)].allSatisfy { (0x30...0x39).contains($0) }
    }
  }

  /// Whether `@key` refers to a figure or the like in the way of Quarto.
  static func isCrossReference(_ key: String) -> Bool {
    ["fig-", "tbl-", "eq-", "sec-"].contains { key.hasPrefix($0) && key.utf8.count > $0.utf8.count }
  }

  /// `@key` in a sentence, where it may cite a work of that key.
  static func bare(_ bytes: [UInt8], _ index: Int, _ mayCite: (String) -> Bool) -> (mark: CitationMark, end: Int)? {
    // A slash comes before it in an address such as https://example.org/@sun2024.
    guard isKeyStart(bytes, index), index == 0 || ![0x2D, 0x2F].contains(bytes[index - 1]) else { return nil }
    let key = key(bytes[(index + 1)...])
    guard mayCite(key) else { return nil }
    return (CitationMark(items: [.init(key: key)], isBracketed: false), index + 1 + key.utf8.count)
  }

  private static func item(
    _ part: ArraySlice<UInt8>, _ bytes: [UInt8], from start: Int
  ) -> CitationMark.Item? {
    guard let sign = part.indices.first(where: { part[$0] == 0x40 && isKeyStart(bytes, $0) }) else { return nil }
    let key = key(part[(sign + 1)...])
    guard !key.isEmpty else { return nil }
    var before = part[..<sign]
    let yearOnly = before.last == 0x2D
    if yearOnly { before.removeLast() }
    var rest = part[(sign + 1 + key.utf8.count)...]
    if rest.first == 0x2C { rest.removeFirst() }
    return CitationMark.Item(
      key: key, prefix: text(before), locator: text(rest), yearOnly: yearOnly, offset: sign - start)
  }

  /// Whether an `@` begins a key: an address of e-mail has a letter before it.
  private static func isKeyStart(_ bytes: [UInt8], _ index: Int) -> Bool {
    guard index + 1 < bytes.count, isKeyByte(bytes[index + 1]) else { return false }
    return index == 0 || !(isKeyByte(bytes[index - 1]) || bytes[index - 1] == 0x2E)
  }

  /// Letters, digits, `_`, characters beyond ASCII; between them also `: . # $ % & - + ? < > ~ /`.
  private static func key(_ bytes: ArraySlice<UInt8>) -> String {
    var end = bytes.startIndex
    while end < bytes.endIndex, isKeyByte(bytes[end]) || ":.#%&-+?~/".utf8.contains(bytes[end]) { end += 1 }
    while end > bytes.startIndex, !isKeyByte(bytes[end - 1]) { end -= 1 }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0xC2...0xDF: true
    // The first and last byte of a placeholder's characters are among these, and no directive is part of a key.
    case 0x80...0xBF, 0xE0...0xED, 0xEF...0xF4: true
    default: false
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let words = bytes.split { [0x20, 0x09, 0x0A, 0x0D, 0x3E].contains($0) }
    return words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }
}
