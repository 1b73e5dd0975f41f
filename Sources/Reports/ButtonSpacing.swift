import Markup

/// Keeps the marks that stand close to a number on its line: browsers end lines before and after a button.
enum ButtonSpacing {
  private static let opening = "<button class=\"n\" "
  private static let closing = "</button>"
  private static let before = ["(", "（", "「", "[", "“"].map { Array($0.utf8) }
  private static let after = [")", "）", "」", "]", "”", ",", ".", ";", ":", "?", "!", "、", "。"].map { Array($0.utf8) }

  /// The markup with each number and the marks next to it held together.
  static func bound(_ markup: TrustedMarkup) -> TrustedMarkup {
    let page = PageText(Array(markup.html.utf8))
    var kept: [UInt8] = []
    var place = 0
    while let start = page.place(of: opening, from: place), let last = page.place(of: closing, from: start) {
      let end = last + closing.utf8.count
      let marksEnd = marks(in: page.bytes, from: end)
      kept += page.bytes[place..<start]
      let bracket = before.first { kept.suffix($0.count).elementsEqual($0) }
      kept.removeLast(bracket?.count ?? 0)
      let isAlone = bracket == nil && marksEnd == end
      if !isAlone { kept += Array("<span class=\"w\">".utf8) + (bracket ?? []) }
      kept += page.bytes[start..<marksEnd]
      if !isAlone { kept += "</span>".utf8 }
      place = marksEnd
    }
    guard place > 0 else { return markup }
    return TrustedMarkup(verbatim: String(decoding: kept + page.bytes[place...], as: UTF8.self))
  }

  /// Where the marks end that follow a number.
  private static func marks(in bytes: [UInt8], from start: Int) -> Int {
    var end = start
    while let mark = after.first(where: { bytes[end...].starts(with: $0) }) { end += mark.count }
    return end
  }
}
