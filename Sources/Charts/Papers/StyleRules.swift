/// The style sheet of drawings as rules that can be applied to elements: what a browser would do with it.
package struct StyleRules {
  /// One rule with one selector.
  private struct Rule {
    /// The classes of the element itself, and of elements above it, from the outside in.
    var classes: [Set<Substring>]
    var declarations: [(name: Substring, value: String)]
    /// How many classes the selector has: the rule with more of them wins.
    var weight: Int { classes.reduce(0) { $0 + $1.count } }
  }

  private let rules: [Rule]
  /// Selectors of another kind than `.a .b`, which nothing here applies.
  package let unread: [String]

  /// The rules of a style sheet outside its `@media`, with the colours of a light page in place of variables.
  package init(_ css: String, variables: String) {
    let values = Self.declarations(variables[...])
    var rules: [Rule] = []
    var unread: [String] = []
    for block in Self.withoutMedia(css).split(separator: "}") {
      let parts = block.split(separator: "{", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let declarations = Self.declarations(parts[1]).map { ($0.name, Self.filled($0.value, values)) }
      for selector in parts[0].split(separator: ",") {
        if let classes = Self.classes(selector) {
          rules.append(Rule(classes: classes, declarations: declarations))
        } else {
          unread.append(Self.trimmed(selector))
        }
      }
    }
    // A stable order: of rules of one weight the later one wins.
    self.rules = rules.enumerated().sorted { ($0.element.weight, $0.offset) < ($1.element.weight, $1.offset) }
      .map(\.element)
    self.unread = unread
  }

  /// What holds for an element, by property.
  ///
  /// - Parameter above: the classes of the elements around it, from the outside in.
  package func declarations(_ classes: Set<Substring>, above: [Set<Substring>]) -> [Substring: String] {
    var found: [Substring: String] = [:]
    for rule in rules {
      guard let own = rule.classes.last, own.isSubset(of: classes) else { continue }
      var around = above[...]
      let isInside = rule.classes.dropLast().allSatisfy { wanted in
        guard let place = around.firstIndex(where: { wanted.isSubset(of: $0) }) else { return false }
        around = around[(place + 1)...]
        return true
      }
      if isInside { for declaration in rule.declarations { found[declaration.name] = declaration.value } }
    }
    return found
  }

  /// `name:value` pairs of a rule or of a `style` attribute.
  static func declarations(_ text: Substring) -> [(name: Substring, value: String)] {
    text.split(separator: ";").compactMap { declaration in
      let parts = declaration.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      return (Substring(trimmed(parts[0])), trimmed(parts[1]))
    }
  }

  /// `.plot .wk .ln` as sets of classes; nil for anything else.
  private static func classes(_ selector: Substring) -> [Set<Substring>]? {
    let parts = trimmed(selector).split(separator: " ")
    guard !parts.isEmpty, parts.allSatisfy({ $0.hasPrefix(".") && !$0.contains { ":[>+~*#".contains($0) } }) else {
      return nil
    }
    return parts.map { Set($0.split(separator: ".")) }
  }

  private static func withoutMedia(_ css: String) -> String {
    var text = css
    while let start = text.firstRange(of: "@media")?.lowerBound,
      let end = text[start...].firstRange(of: "}}")?.upperBound
    { text.removeSubrange(start..<end) }
    return text
  }

  private static func filled(_ value: String, _ variables: [(name: Substring, value: String)]) -> String {
    variables.reduce(value) { $0.replacing("var(\($1.name))", with: $1.value) }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
