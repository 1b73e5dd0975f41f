/// A notation of another tool in running text, which would be printed as it stands.
struct ForeignNotation {
  /// What it is known by in the source.
  let mark: String
  let message: String
  let hints: [String]

  /// The notations in a text, one of each kind.
  ///
  /// - Parameters:
  ///   - begins: Whether a paragraph begins with the text.
  ///   - ends: Whether it ends with it.
  static func all(in text: String, begins: Bool, ends: Bool) -> [ForeignNotation] {
    let bytes = text.utf8
    var found: [ForeignNotation] = []
    if bytes.contains(0x5C) { found += command(in: text) }
    if bytes.contains(0x5B) { found += brackets(in: text, isAlone: begins && ends) }
    if bytes.contains(0x7B) { found += braces(in: text) }
    if bytes.contains(where: { $0 == 0x5E || $0 == 0x7E || $0 == 0x3D }) { found += marks(in: text) }
    if begins, text.hasPrefix("!!!"), let begin = text.prefixMatch(of: /!!! ?[a-z]+/) {
      found.append(
        .init(
          mark: String(begin.0), message: "'!!!' begins no callout here",
          hints: ["write a quote that begins with > [!NOTE]"]))
    }
    return found
  }

  /// LaTeX outside of a formula.
  private static func command(in text: String) -> [ForeignNotation] {
    for found in text.matches(of: /(?:^|[^\w:\\])(\\([a-z]+))/) {
      guard let hint = commands[String(found.2)] else { continue }
      return [
        .init(
          mark: String(found.1), message: "'\(found.1)' is LaTeX, which is known between dollars only", hints: [hint])
      ]
    }
    return []
  }

  private static let commands: [String: String] = {
    let hints: [(String, [String])] = [
      ("write <<ref fig-name>>, which prints the number as a link", ["ref", "eqref", "autoref", "cref", "pageref"]),
      ("write [@key], with bibliography: in the front matter", ["cite", "citep", "citet", "parencite", "textcite"]),
      ("write *…* or **…**", ["emph", "textit", "textbf"]),
      ("write `…`", ["texttt", "verb"]),
      ("write [^name], and below [^name]: with its text", ["footnote"]),
      ("an anchor {#id} stands behind a heading, an image, a formula or the caption of a table", ["label"]),
      ("write ![what it shows](file.png)", ["includegraphics"]),
      ("write # and ## before headings", ["section", "subsection", "subsubsection", "paragraph"]),
      ("pages are broken by themselves", ["newpage", "pagebreak", "clearpage"]),
      ("the list of contents is made by itself", ["tableofcontents"]),
    ]
    return Dictionary(
      hints.flatMap { hint, names in names.map { ($0, hint) } }, uniquingKeysWith: { first, _ in first })
  }()

  private static func brackets(in text: String, isAlone: Bool) -> [ForeignNotation] {
    var found: [ForeignNotation] = []
    if text.contains("^[") {
      found.append(
        .init(
          mark: "^[", message: "a footnote within a sentence is not known",
          hints: ["write [^name], and in a paragraph of its own [^name]: with its text"]))
    }
    if text.contains("![[") {
      found.append(
        .init(mark: "![[", message: "'![[' is no image here", hints: ["write ![what it shows](file.png)"]))
    }
    if isAlone, let list = text.wholeMatch(of: /\[\[?(?i:toc)\]?\]/) {
      found.append(
        .init(
          mark: String(list.0), message: "'\(list.0)' is printed as it stands",
          hints: ["the list of contents is made by itself"]))
    }
    // `x[i][j]` is a place in a table of numbers.
    if let link = text.firstMatch(of: /(?:^|[\s(])(\[[^\[\]]+\]\[([^\[\]^@]+)\])/) {
      found.append(
        .init(
          mark: String(link.1), message: "no link is defined as '\(link.2)'",
          hints: ["write [text](address), or define it in a line of its own: [\(link.2)]: address"]))
    }
    return found
  }

  private static func braces(in text: String) -> [ForeignNotation] {
    func command(_ mark: String, _ hint: String) -> ForeignNotation {
      .init(mark: mark, message: "'\(mark)' begins a command of another tool", hints: [hint])
    }
    let directive =
      text.contains("include")
      ? "to include a file write <<include part.md>>" : "`layerbook directives` lists what there is"
    let commands = ["{{<", "{{%"].filter(text.contains).map { command($0, directive) }
    guard let found = text.firstMatch(of: #/\{\{(?=\s?[\w.|()'"\s]+\}\})|\{%\s/#) else { return commands }
    return commands + [command(String(found.0.prefix(2)), "a parameter of the front matter is written {name}")]
  }

  private static func marks(in text: String) -> [ForeignNotation] {
    if let found = text.firstMatch(of: /[\w)](([~^])[\w+\-]{1,6}\2)(?!\d)/) {
      let kind = found.2 == "~" ? "subscript" : "superscript"
      return [
        .init(
          mark: String(found.1), message: "'\(found.1)' is no \(kind) here",
          hints: ["write it as a formula: $x_{2}$ or $x^{2}$"])
      ]
    }
    guard let found = text.firstMatch(of: /(?:^|[\s(])(==[^\s=](?:[^=]*[^\s=])?==)(?:$|[\s).,;:])/) else { return [] }
    return [
      .init(mark: String(found.1), message: "'==' marks nothing here", hints: ["for emphasis write *…* or **…**"])
    ]
  }
}
