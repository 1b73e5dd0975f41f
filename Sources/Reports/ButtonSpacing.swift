import Markup

/// Keeps the marks that stand close to a number on its line: browsers end lines before and after a button.
enum ButtonSpacing {
  private static let opening = "<button class=\"n\" "
  private static let closing = "</button>"
  private static let before: Set<Character> = ["(", "（", "「", "[", "“"]
  private static let after: Set<Character> = [")", "）", "」", "]", "”", ",", ".", ";", ":", "?", "!", "、", "。"]

  /// The markup with each number and the marks next to it held together.
  static func bound(_ markup: TrustedMarkup) -> TrustedMarkup {
    let pieces = markup.html.split(separator: opening, omittingEmptySubsequences: false)
    guard pieces.count > 1, var kept = pieces.first.map(String.init) else { return markup }
    for piece in pieces.dropFirst() {
      guard let end = piece.firstRange(of: closing) else {
        kept += opening + piece
        continue
      }
      let bracket = kept.last.flatMap { before.contains($0) ? $0 : nil }
      let marks = piece[end.upperBound...].prefix { after.contains($0) }
      let button = opening + piece[..<end.upperBound]
      if bracket != nil { kept.removeLast() }
      kept +=
        bracket == nil && marks.isEmpty
        ? button : "<span class=\"w\">" + (bracket.map { String($0) } ?? "") + button + marks + "</span>"
      kept += piece[marks.endIndex...]
    }
    return TrustedMarkup(verbatim: kept)
  }
}
