/// A text from a file, cut and escaped so that it can stand in a message.
///
/// Everything that a terminal might obey or that would not be seen (control characters, marks that turn the writing
/// direction, line separators, invisible format characters) becomes `\u{…}`.
///
/// - Parameters:
///   - text: The text, from anywhere.
///   - limit: The most characters that are kept; what is cut is marked by `…`.
public func quotable(_ text: String, limit: Int = 120) -> String {
  var shown = ""
  var count = 0
  for scalar in text.unicodeScalars {
    guard count < limit else { return shown + "…" }
    count += 1
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}
