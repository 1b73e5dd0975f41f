/// Reads the patterns of splitters and replacements: `{"String": …}` or `{"Regex": …}`.
enum PatternReader {
  /// The characters that `\s*x\s*` has a scanner for.
  private static let delimiters = Array(",;:/".utf8)

  /// A pattern; the regular expressions that have a scanner of their own get it, with the same matches.
  static func read(_ component: Component) throws(TokenizerError) -> SplitRule.Pattern {
    guard let regex = try component.member("Regex") else {
      let literal = Array(try component.required("String").string().utf8)
      // An empty string matches between all characters.
      return literal.isEmpty ? .expression(try compile("", component)) : .literal(literal)
    }
    let text = try regex.string()
    let bytes = Array(text.utf8)
    if let words = WordPattern.allCases.first(where: { $0.rawValue.utf8.elementsEqual(bytes) }) { return .words(words) }
    let space = Array(#"\s*"#.utf8)
    if bytes.count == 7, bytes.starts(with: space), bytes[4...].elementsEqual(space), delimiters.contains(bytes[3]) {
      return .delimiter(bytes[3])
    }
    return .expression(try compile(text, regex))
  }

  private static func compile(_ text: String, _ component: Component) throws(TokenizerError) -> RegularExpression {
    do {
      return try RegularExpression(text)
    } catch {
      throw component.error(.unsupported, "regular expression '\(Component.quoted(text))': \(error.message)")
    }
  }
}
