/// What stands in braces behind an image or a caption: `{#fig-a width=half}`.
struct AttributeList {
  /// The anchor.
  private(set) var id: String?
  /// Values by their keys.
  private(set) var values: [(key: String, value: String)] = []
  /// Parts that are neither, such as `.class`.
  private(set) var unknown: [String] = []
  /// Bytes of the whole, braces included.
  private(set) var length = 0

  /// Reads a list that begins a text; nil where none does.
  init?(at text: Substring) {
    guard text.utf8.first == 0x7B, let end = text.utf8.firstIndex(of: 0x7D) else { return nil }
    let inner = text[text.utf8.index(after: text.startIndex)..<end]
    let parts = inner.split { $0 == " " || $0 == "\t" }.map(String.init)
    guard let first = parts.first, Self.isPart(first) else { return nil }
    length = text.utf8.distance(from: text.startIndex, to: end) + 1
    for part in parts {
      if part.hasPrefix("#") {
        id = String(part.dropFirst())
      } else if let sign = part.firstIndex(of: "=") {
        // Quotes have been made curly by the time a text is read.
        let value = part[part.index(after: sign)...].trimmingMarks(["\"", "“", "”", "'", "‘", "’"])
        values.append((String(part[..<sign]), value))
      } else {
        unknown.append(part)
      }
    }
  }

  /// Keys that other tools take in such a list.
  private static let knownKeys: Set<String> = [
    "width", "height", "scale", "style", "class", "align", "lang", "title", "target", "role",
  ]

  /// Whether the list can hardly be meant as text, as `{x=1}` can.
  var isUnmistakable: Bool {
    func isName(_ text: some StringProtocol) -> Bool { text.first?.isLetter ?? false }
    // `{-}` is a hyphen in braces.
    guard id != nil || !values.isEmpty || unknown.contains(where: { $0 != "-" }) else { return false }
    return (id.map { isName($0) } ?? true)
      && unknown.allSatisfy { $0 == "-" || $0.hasPrefix(".") && isName($0.dropFirst()) }
      && values.allSatisfy { Self.knownKeys.contains($0.key) || $0.key.hasPrefix("fig-") || $0.key.hasPrefix("tbl-") }
  }

  /// Whether a text is an anchor, a class or `key=value`: `{x}` in a sentence is none of them.
  private static func isPart(_ text: String) -> Bool {
    if text.hasPrefix("#") || text.hasPrefix(".") { return text.utf8.count > 1 }
    if text == "-" { return true }
    let key = text.prefix { $0 != "=" }
    return key.endIndex < text.endIndex && !key.isEmpty
      && key.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D }
  }
}

extension Substring {
  fileprivate func trimmingMarks(_ marks: Set<Character>) -> String {
    var text = self
    while let first = text.first, marks.contains(first) { text.removeFirst() }
    while let last = text.last, marks.contains(last) { text.removeLast() }
    return String(text)
  }
}
