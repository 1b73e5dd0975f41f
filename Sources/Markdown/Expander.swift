import Diagnostics
import Directives

/// Writes the text that a template is put together to, and remembers where its bytes were written.
struct Expander {
  let parameters: [String: String]
  let decisions: [String: Bool]
  let include: (String) -> Result<SourceFile, MarkdownRefusal>

  private(set) var out: [UInt8] = []
  private(set) var pieces: [SourcePiece] = []
  private(set) var conditions: [TemplateExpansion.Condition] = []
  var used: Set<String> = []
  /// The places of words in braces that are nearly parameters.
  var misspelt: Set<String> = []
  private(set) var diagnostics: [Diagnostic] = []
  /// Whether the text is another than the template.
  private(set) var hasChanged = false
  private var parts = 0
  /// Loops in loops multiply: how many more pieces may be written.
  private var budget = 200_000

  init(
    parameters: [String: String], decisions: [String: Bool],
    include: @escaping (String) -> Result<SourceFile, MarkdownRefusal>
  ) {
    (self.parameters, self.decisions, self.include) = (parameters, decisions, include)
  }

  /// Where the text stands that is being written.
  struct Context {
    var tree: ExpansionTree
    /// Values of loops.
    var values: [String: String] = [:]
    /// Paths of the parts that are open.
    var stack: [String] = []
    /// The line of the template, inside a part.
    var line: Int?
    /// The id of what is being written, and how many things in it have ids.
    var id = ""
    var within: [String: Bool] = [:]
  }

  /// Writes a template.
  mutating func expand(_ file: SourceFile, from start: Int) {
    let tree = ExpansionTree(file, from: start)
    diagnostics += tree.diagnostics
    let context = Context(tree: tree)
    copy(0..<start, context)
    write(tree.nodes, context)
  }

  // MARK: - Nodes

  private mutating func write(_ nodes: [ExpansionNode], _ context: Context) {
    var count = 0
    for node in nodes {
      budget -= 1
      guard budget > 0 else { return tooLarge(context) }
      var inner = context
      switch node {
      case .text(let range): text(range, context)
      case .kept(let token): kept(token, context)
      case .include(let token):
        count += 1
        inner.id = context.id + "/\(count)"
        part(token, inner)
      case .each(let token, let body):
        count += 1
        inner.id = context.id + "/\(count)"
        loop(token, body, inner)
      case .choice(let token, let then, let otherwise):
        count += 1
        inner.id = context.id + "/\(count)"
        choose(token, then, otherwise, inner)
      }
    }
  }

  private mutating func part(_ token: ExpansionToken, _ context: Context) {
    hasChanged = true
    let directive = token.directive
    guard directive.arguments.count == 1, let argument = directive.arguments.first, argument.key == nil else {
      return fault(directive, directive.span, "<<include>> takes one path", ["for example <<include part.md>>"])
    }
    guard token.isAlone else {
      return fault(directive, directive.span, "<<include …>> stands alone on its line")
    }
    let path = filled(argument.value, context)
    parts += 1
    if context.stack.contains(path) {
      let chain = (context.stack + [path]).joined(separator: " → ")
      return fault(directive, argument.span, "a part that includes itself: \(chain)")
    }
    guard context.stack.count < TemplateExpansion.deepest, parts <= TemplateExpansion.mostParts else {
      return fault(
        directive, argument.span,
        "more than \(TemplateExpansion.deepest) parts in each other, or \(TemplateExpansion.mostParts) in all")
    }
    switch include(path) {
    case .failure(let refusal): fault(directive, argument.span, refusal.message, refusal.hints)
    case .success(let file):
      let start = file.hasByteOrderMark ? 3 : 0
      if file.bytes[start...].starts(with: "---\n".utf8) {
        return fault(directive, argument.span, "'\(path)' has front matter, and a part has none of its own")
      }
      let tree = ExpansionTree(file, from: start)
      diagnostics += tree.diagnostics
      var inner = context
      inner.tree = tree
      inner.stack.append(path)
      inner.line = context.line ?? directive.line
      write(tree.nodes, inner)
      if out.last != 0x0A { append([0x0A], from: directive, context) }
    }
  }

  private mutating func loop(_ token: ExpansionToken, _ body: [ExpansionNode], _ context: Context) {
    hasChanged = true
    let directive = token.directive
    guard directive.arguments.count == 1, let argument = directive.arguments.first, let name = argument.key,
      FrontMatter.isParameterName(name)
    else {
      return fault(
        directive, directive.span, "<<each>> takes a name and its values", ["for example <<each model=a,b,c>>"])
    }
    for parameter in parameters.keys where argument.value.contains("{\(parameter)}") { used.insert(parameter) }
    let values = filled(argument.value, context).split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.drop { $0 == " " } }.map(String.init)
    guard values.count <= TemplateExpansion.mostValues else {
      return fault(directive, argument.valueSpan, "a loop over more than \(TemplateExpansion.mostValues) values")
    }
    for value in values where !Self.isWord(value) || values.count(where: { $0 == value }) > 1 {
      let what = Self.isWord(value) ? "is given twice" : "is no value of a loop"
      return fault(
        directive, argument.valueSpan, "'\(value)' \(what)",
        ["values are words, with commas between them and no blanks"])
    }
    guard Self.mentions(name, body, context.tree) else {
      return fault(
        directive, directive.span, "nothing in this loop holds {\(name)}: every turn would be the same",
        ["write {\(name)} where the value is meant, as in <<convergence {\(name)}>>"])
    }
    for (index, value) in values.enumerated() {
      guard budget > 0 else { return }
      var inner = context
      inner.values[name] = value
      inner.id = context.id + ":\(index + 1)"
      write(body, inner)
    }
  }

  private mutating func choose(
    _ token: ExpansionToken, _ then: [ExpansionNode], _ otherwise: [ExpansionNode], _ context: Context
  ) {
    hasChanged = true
    guard conditions.count < TemplateExpansion.mostConditions else {
      return fault(
        token.directive, token.directive.span,
        "more than \(TemplateExpansion.mostConditions) conditions in one template")
    }
    guard let directive = filled(token.directive, context) else { return }
    let holds = decisions[context.id] ?? true
    conditions.append(
      TemplateExpansion.Condition(id: context.id, directive: directive, holds: holds, within: context.within))
    var inner = context
    inner.within[context.id] = holds
    inner.id += holds ? "+" : "-"
    write(holds ? then : otherwise, inner)
  }

  /// A directive that Markdown reads: alone on its line it is a paragraph of its own.
  private mutating func kept(_ token: ExpansionToken, _ context: Context) {
    let span = token.directive.span
    if token.isAlone { append([0x0A], from: token.directive, context) }
    copy(span.lower..<span.upper, context)
    if token.isAlone {
      hasChanged = true
      append([0x0A, 0x0A], from: token.directive, context)
    }
  }

  // MARK: - Bytes

  mutating func copy(_ range: Range<Int>, _ context: Context) {
    guard !range.isEmpty, hasRoom(range.count, context) else { return }
    let file = context.tree.file
    let isNext = pieces.last.map { $0.file === file && $0.isVerbatim && $0.span.upper == range.lowerBound } ?? false
    if isNext {
      pieces[pieces.count - 1].span.upper = range.upperBound
    } else {
      pieces.append(
        SourcePiece(
          start: out.count, file: file, span: SourceSpan(lower: range.lowerBound, upper: range.upperBound),
          isVerbatim: true, line: context.line))
    }
    out += file.bytes[range]
  }

  mutating func substitute(_ value: String, for range: Range<Int>, _ context: Context) {
    guard hasRoom(value.utf8.count, context) else { return }
    hasChanged = true
    pieces.append(
      SourcePiece(
        start: out.count, file: context.tree.file, span: SourceSpan(lower: range.lowerBound, upper: range.upperBound),
        isVerbatim: false, line: context.line))
    out += value.utf8
  }

  private mutating func append(_ bytes: [UInt8], from directive: Directive, _ context: Context) {
    pieces.append(
      SourcePiece(
        start: out.count, file: context.tree.file, span: directive.span, isVerbatim: false, line: context.line))
    out += bytes
  }

  private mutating func hasRoom(_ count: Int, _ context: Context) -> Bool {
    guard out.count + count > TemplateExpansion.longest else { return true }
    tooLarge(context)
    return false
  }

  private mutating func tooLarge(_ context: Context) {
    budget = 0
    let fault = Diagnostic(
      file: context.tree.file,
      message: "the template grows beyond \(TemplateExpansion.longest >> 20) MB or 200,000 pieces")
    if !diagnostics.contains(where: { $0.message == fault.message }) { diagnostics.append(fault) }
  }

  private mutating func fault(_ directive: Directive, _ span: SourceSpan, _ message: String, _ hints: [String] = []) {
    diagnostics.append(directive.diagnostic(at: span, message, hints: hints))
  }

  mutating func fault(_ span: SourceSpan, in context: Context, _ message: String, _ hints: [String]) {
    diagnostics.append(Diagnostic(file: context.tree.file, span: span, message: message, hints: hints))
  }

  // MARK: - Words

  /// Whether a text can be a value of a loop: it may stand bare in a directive.
  private static func isWord(_ text: String) -> Bool {
    !text.isEmpty
      && !text.unicodeScalars.contains { $0.properties.isWhitespace || "\"`<>{}\\".unicodeScalars.contains($0) }
  }

  /// Whether the name of a loop stands in its body, or may stand in a part that it includes.
  private static func mentions(_ name: String, _ body: [ExpansionNode], _ tree: ExpansionTree) -> Bool {
    let mark = "{\(name)}"
    return body.contains { node in
      switch node {
      case .text(let range): tree.file.text(SourceSpan(lower: range.lowerBound, upper: range.upperBound)).contains(mark)
      case .include: true
      case .kept: false
      case .each(let token, let inner): token.directive.source.contains(mark) || mentions(name, inner, tree)
      case .choice(let token, let then, let otherwise):
        token.directive.source.contains(mark) || mentions(name, then + otherwise, tree)
      }
    }
  }
}
