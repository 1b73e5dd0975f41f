/// How tokens stand in results and in tables.
enum TokenText {
  /// A token as a result says it: text, and `\xHH` for a byte that forms no character.
  static func text(_ display: String) -> String {
    display.replacing(/<0x([0-9A-F]{1,2})>/) { "\\x" + ($0.1.count == 1 ? "0" : "") + $0.1 }
  }

  /// The same with spaces and line ends that can be seen.
  static func visible(_ token: String) -> String {
    token.replacing(" ", with: "␣").replacing("\n", with: "⏎")
  }
}
