/// The colours of messages: what is wrong stands out, the way out is told apart from it.
enum MessageColors {
  private static let off = "\u{1B}[0m"
  private static let marks: [(word: String, code: String)] = [
    ("error: ", "\u{1B}[1;31m"), ("warning: ", "\u{1B}[1;33m"), ("hint: ", "\u{1B}[36m"),
  ]

  /// A message with its first mark of each line painted, and the caret under a faulty text.
  static func painted(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }.joined(separator: "\n")
  }

  private static func line(_ text: String) -> String {
    let place = text.drop { $0 == " " }
    if place.first == "^", place.allSatisfy({ $0 == "^" || $0 == "~" }) {
      return text.prefix(text.count - place.count) + "\u{1B}[1;32m" + place + off
    }
    // A mark begins the line, or follows the place of what it is about.
    for (word, code) in marks {
      guard let range = text.firstRange(of: word) else { continue }
      let before = text[..<range.lowerBound]
      guard before.allSatisfy({ $0 == " " }) || before.hasSuffix(": ") else { continue }
      return before + code + text[range].dropLast() + off + " " + text[range.upperBound...]
    }
    return text
  }
}
