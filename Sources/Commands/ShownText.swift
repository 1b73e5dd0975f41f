/// Text as it may go to a terminal: what a file says must not move its cursor or change its colours.
///
/// Control characters stand as `\u{1b}`, but for the line feed, the tab and the carriage return before a line feed. Every
/// message and every printed answer passes through here.
func shownText(_ text: String) -> String {
  // UTF-8 has no control character but these bytes: C0, delete, and C2 before those from 80 to 9F.
  let isPlain = text.utf8.allSatisfy { $0 == 0x0A || $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F && $0 != 0xC2) }
  if isPlain { return text }
  var shown = String.UnicodeScalarView()
  let scalars = Array(text.unicodeScalars)
  for (index, scalar) in scalars.enumerated() {
    let isLineEnd = scalar == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
    switch scalar.value {
    case 0x0A, 0x09, 0x20...0x7E, 0xA0...: shown.append(scalar)
    case _ where isLineEnd: shown.append(scalar)
    default: shown.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
    }
  }
  return String(shown)
}

/// Prints an answer, here as in the standard library, but for control characters that a file brought along.
func print(_ text: String, terminator: String = "\n") { Swift.print(shownText(text), terminator: terminator) }
