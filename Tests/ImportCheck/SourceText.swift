import Files

/// A Swift file as words, line by line, without its comments.
struct SourceText {
  let path: String
  let lines: [Line]

  struct Line {
    let number: Int
    let isIndented: Bool
    let words: [Substring]
  }

  init(path: String) throws {
    self.path = path
    let text = String(decoding: try readFile(path), as: UTF8.self)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
      Line(number: index + 1, isIndented: line.first == " ", words: Self.words(Self.withoutComment(line)))
    }
  }

  /// Every Swift file of a folder and the folders in it.
  static func all(in folder: String) throws -> [SourceText] {
    guard isDirectory(folder) else { return [] }
    return try listing(folder).flatMap { name -> [SourceText] in
      let path = folder + "/" + name
      if isDirectory(path) { return try all(in: path) }
      return name.hasSuffix(".swift") ? [try SourceText(path: path)] : []
    }
  }

  /// The modules it imports, with their lines.
  var imports: [(module: String, line: Int)] {
    lines.compactMap { line in
      // The module is the word after `import`, or after the kind of a single imported declaration.
      guard let place = line.words.firstIndex(of: "import"), place <= 2 else { return nil }
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let"]
      let rest = line.words[(place + 1)...].drop { kinds.contains($0) }
      return rest.first.map { (String($0), line.number) }
    }
  }

  /// Every word outside the import lines.
  var mentions: Set<Substring> {
    let importing = Set(imports.map(\.line))
    return Set(lines.filter { !importing.contains($0.number) }.flatMap(\.words))
  }

  /// A line up to a comment: `//` at its beginning or after a blank, since an address in a text follows a colon.
  private static func withoutComment(_ line: Substring) -> Substring {
    if line.drop(while: { $0 == " " }).hasPrefix("//") { return "" }
    return line.firstRange(of: " //").map { line[..<$0.lowerBound] } ?? line
  }

  private static func words(_ line: Substring) -> [Substring] {
    line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
  }
}
