import Diagnostics
import Directives
import Equations
import Markdown

/// A template: front matter, every directive in it, and the body printed with a text in each directive's place.
func readTemplate(_ bytes: [UInt8]) {
  let file = SourceFile(path: "fuzz", bytes: bytes)
  let (matter, faults) = FrontMatter.parse(file)
  let scan = DirectiveParser.scan(file, bodyStartsAt: matter.bodyStartsAt)
  let body = MarkdownBody.parse(scan) { $0.utf8.count % 2 == 0 }
  let inlines = Dictionary(
    uniqueKeysWithValues: body.directivesToRun.map { ($0.index, InlineContent(html: "x", plainText: "x")) })
  _ = body.render(inlines: inlines)
  for diagnostic in faults + body.diagnostics { _ = diagnostic.rendered() }
}

/// One directive: what is read must be told apart from what is not, and its canonical text must be read as the same.
func readDirective(_ bytes: [UInt8]) {
  let (directive, faults) = DirectiveParser.parse(directive: String(decoding: bytes, as: UTF8.self))
  for fault in faults { _ = fault.rendered() }
  precondition(directive != nil || !faults.isEmpty, "text that is no directive has no fault")
  guard let directive, !directive.faults.hasErrors else { return }
  let (again, _) = DirectiveParser.parse(directive: directive.source)
  precondition(again?.name == directive.name, "a directive's own source is another directive")
  precondition(again?.arguments.count == directive.arguments.count, "arguments were lost in a directive's own source")
}

/// A formula: it becomes markup, and every fault lies inside its text.
func readEquation(_ bytes: [UInt8]) {
  let tex = String(decoding: bytes, as: UTF8.self)
  for isDisplay in [false, true] {
    let equation = Equation(tex: tex, isDisplay: isDisplay)
    precondition(!equation.markup.isEmpty, "a formula without markup")
    for fault in equation.faults {
      precondition(fault.span.lower >= 0 && fault.span.upper <= tex.utf8.count, "a fault outside the formula")
    }
  }
}
