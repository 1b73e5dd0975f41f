import Diagnostics
import Directives

/// A file of a template, cut at the directives that put it together.
indirect enum ExpansionNode {
  case text(Range<Int>)
  case include(ExpansionToken)
  case each(ExpansionToken, [ExpansionNode])
  /// A condition on a number.
  case choice(ExpansionToken, then: [ExpansionNode], otherwise: [ExpansionNode])
  /// A directive that stays in the text.
  case kept(ExpansionToken)
}

/// A directive that puts a template together, as it stands in a file.
struct ExpansionToken {
  var directive: Directive
  /// The bytes that go with it: its whole line where it stands alone there.
  var range: Range<Int>
  var isAlone: Bool
}

/// Reads the tree of a file.
struct ExpansionTree {
  let file: SourceFile
  /// Every mark of the file that is looked at, with what it is taken for.
  let marks: [ScannedMark]
  let code: [Range<Int>]
  private(set) var nodes: [ExpansionNode] = []
  private(set) var diagnostics: [Diagnostic] = []
  private var tokens: [ExpansionToken] = []
  private var next = 0

  init(_ file: SourceFile, from start: Int) {
    self.file = file
    code = CodeRegions(file.bytes, from: start).ranges
    let scan = DirectiveParser.scan(file, bodyStartsAt: start)
    marks = Self.outside(code, scan.marks)
    tokens = marks.compactMap { mark in
      guard let directive = mark.directive, TemplateExpansion.names.contains(directive.name) else { return nil }
      return Self.token(directive, file, from: start)
    }
    nodes = read(from: start, to: file.bytes.count, depth: 0, in: nil)
  }

  private static func outside(_ code: [Range<Int>], _ marks: [ScannedMark]) -> [ScannedMark] {
    var region = 0
    return marks.filter { mark in
      while region < code.count, code[region].upperBound <= mark.span.lower { region += 1 }
      return region >= code.count || !code[region].contains(mark.span.lower)
    }
  }

  private static func token(_ directive: Directive, _ file: SourceFile, from start: Int) -> ExpansionToken {
    let bytes = file.bytes
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    var lower = directive.span.lower
    while lower > start, isBlank(bytes[lower - 1]) { lower -= 1 }
    var upper = directive.span.upper
    while upper < bytes.count, isBlank(bytes[upper]) { upper += 1 }
    let isAlone =
      (lower == start || bytes[lower - 1] == 0x0A || bytes[lower - 1] == 0x0D)
      && (upper == bytes.count || bytes[upper] == 0x0A || bytes[upper] == 0x0D)
    guard isAlone else {
      return ExpansionToken(
        directive: directive, range: directive.span.lower..<directive.span.upper, isAlone: false)
    }
    if upper < bytes.count, bytes[upper] == 0x0D { upper += 1 }
    if upper < bytes.count, bytes[upper] == 0x0A { upper += 1 }
    return ExpansionToken(directive: directive, range: lower..<upper, isAlone: true)
  }

  /// Reads up to the end of the file, or to the `<<else>>` or `<<end>>` of the directive that is open.
  private mutating func read(from start: Int, to end: Int, depth: Int, in open: Directive?) -> [ExpansionNode] {
    var nodes: [ExpansionNode] = []
    var place = start
    while next < tokens.count {
      let token = tokens[next]
      if place < token.range.lowerBound { nodes.append(.text(place..<token.range.lowerBound)) }
      place = token.range.upperBound
      let name = token.directive.name
      if name == "else" || name == "end" {
        if open != nil { return nodes }
        next += 1
        fault(token, "<<\(name)>> ends nothing", ["an <<if …>> or <<each …>> stands before it"])
        continue
      }
      next += 1
      guard name != "include" else {
        nodes.append(.include(token))
        continue
      }
      guard depth < TemplateExpansion.deepest else {
        fault(token, "nested more than \(TemplateExpansion.deepest) deep", [])
        next = tokens.count
        return nodes
      }
      nodes += block(token, &place, depth)
    }
    if let open {
      diagnostics.append(
        open.diagnostic(
          at: open.span, "<<\(open.name) …>> has no <<end>>", hints: ["write <<end>> where its text ends"]))
    }
    if place < end { nodes.append(.text(place..<end)) }
    return nodes
  }

  /// What stands between a directive and its `<<end>>`.
  private mutating func block(_ token: ExpansionToken, _ place: inout Int, _ depth: Int) -> [ExpansionNode] {
    func body(_ tree: inout ExpansionTree) -> [ExpansionNode] {
      tree.read(from: place, to: tree.file.bytes.count, depth: depth + 1, in: token.directive)
    }
    let first = body(&self)
    var middle: ExpansionToken?
    var second: [ExpansionNode] = []
    if next < tokens.count, tokens[next].directive.name == "else" {
      let word = tokens[next]
      next += 1
      place = word.range.upperBound
      if token.directive.name == "each" { fault(word, "<<else>> belongs to an <<if …>>", []) }
      middle = word
      second = body(&self)
      if next < tokens.count, tokens[next].directive.name == "else" { fault(tokens[next], "a second <<else>>", []) }
    }
    guard next < tokens.count else {
      place = file.bytes.count
      return []
    }
    let end = tokens[next]
    next += 1
    place = end.range.upperBound
    if token.directive.name == "each" { return [.each(token, first)] }
    guard Self.isMedium(token.directive) else { return [.choice(token, then: first, otherwise: second)] }
    return [.kept(token)] + first + (middle.map { [.kept($0)] + second } ?? []) + [.kept(end)]
  }

  /// Whether a condition asks where the page is read.
  static func isMedium(_ directive: Directive) -> Bool {
    directive.arguments.count == 1 && directive.arguments[0].key == nil
      && TemplateExpansion.media.contains(directive.arguments[0].value)
  }

  private mutating func fault(_ token: ExpansionToken, _ message: String, _ hints: [String]) {
    diagnostics.append(token.directive.diagnostic(at: token.directive.span, message, hints: hints))
  }
}
