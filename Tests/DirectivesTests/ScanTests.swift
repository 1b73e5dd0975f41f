import Diagnostics
import Directives
import Testing

/// A body after the scan with `{0}` for placeholder 0, so that a test can be read.
private func scanned(_ text: String) -> String {
  var result = ""
  for scalar in DirectiveParser.scan(SourceFile(path: "t.md", text: text)).text.unicodeScalars {
    switch scalar {
    case Placeholder.opening: result += "{"
    case Placeholder.closing: result += "}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

private func kinds(_ text: String) -> [String] {
  DirectiveParser.scan(SourceFile(path: "t.md", text: text)).marks.map { mark in
    switch mark.kind {
    case .directive(let directive): "directive \(directive.name)"
    case .literal(let text): "literal \(text)"
    case .unclosed(let reason): "unclosed \(mark.source): \(reason)"
    }
  }
}

@Suite struct ScanTests {
  @Test(arguments: [
    ("a <<heatmap r2 mean>> b", "a {0} b"),
    ("<<a>><<b x>>", "{0}{1}"),
    ("1 << 3, x << y, a<<<b", "1 << 3, x << y, a<{0}"),
    ("<<a \"x >> y\">> z", "{0} z"),
    ("<<a k=\"x >> \\\" y\">> z", "{0} z"),
    ("`a <<b` and `c>> d`", "`a {0}` and `c>> d`"),
    ("\\<<v lit>>", "{0}"), ("\\\\<<v>>", "\\\\{0}"), ("\\\\\\<<v>>", "\\\\{0}"),
    ("\\<<v lit", "\\<<v lit"),
    ("<<a\nb>>", "{0}\nb>>"), ("<<a\r\nb>>", "{0}\r\nb>>"), ("<<a\rb>>", "{0}\rb>>"),
    ("<</x>> <<!-- c -->> <<3d>> <<ヒート r2>>", "<</x>> <<!-- c -->> <<3d>> <<ヒート r2>>"),
    ("<<expect a.b > 0.5>>.", "{0}."), ("<<expect a.b m >= 0.8 +-0.05>>", "{0}"), ("<<expect a.b >0.5>>", "{0}"),
    ("<<bypass 3->8>>>", "{0}>"), ("<<<a>>>", "<{0}>"),
    ("x <<y, then <<value a.b>>", "x {0}, then {1}"),
    ("<<a caption=\"the `mat` of $`h_l`$\">>", "{0}"),
    ("<<a caption=\"one ` tick\">>", "{0} caption=\"one ` tick\">>"),
    ("<<a x=1  y=2 >>", "{0}"), ("<<a\tx>>", "{0}"),
    ("<<v x>>\u{301}<<v y>>\u{FE0F}", "{0}\u{301}{1}\u{FE0F}"),
  ])
  func replaces(text: String, expected: String) { #expect(scanned(text) == expected) }

  @Test func saysWhatItTook() {
    #expect(
      kinds("<<a>> \\<<b c>> <<d <<e>>\n<<f ` >>\n<<g") == [
        "directive a", "literal <<b c>>", "unclosed <<d: another directive starts before it is closed", "directive e",
        "unclosed <<f: it holds a backtick outside quotes", "unclosed <<g: '>>' is missing on its line",
      ])
  }

  @Test func keepsPlacesOfAllParts() {
    let file = SourceFile(path: "t.md", text: "日本 <<heatmap r2 n=12 caption=\"a \\\"b\\\" \\\\\">>")
    let scan = DirectiveParser.scan(file)
    let directive = scan.directives[0]
    #expect(directive.name == "heatmap")
    #expect(file.position(ofByte: directive.span.lower) == SourcePosition(line: 1, column: 4))
    #expect(file.text(directive.nameSpan) == "heatmap")
    #expect(directive.arguments.map(\.value) == ["r2", "12", "a \"b\" \\"])
    #expect(directive.arguments.map(\.key) == [nil, "n", "caption"])
    #expect(directive.arguments.map { file.text($0.span) } == ["r2", "n=12", "caption=\"a \\\"b\\\" \\\\\""])
    #expect(directive.arguments.map { file.text($0.valueSpan) } == ["r2", "12", "\"a \\\"b\\\" \\\\\""])
    #expect(directive.arguments.map(\.isQuoted) == [false, false, true])
    #expect(directive.source == "<<heatmap r2 n=12 caption=\"a \\\"b\\\" \\\\\">>")
  }

  @Test func operatorsAreNotKeys() {
    let (directive, faults) = DirectiveParser.parse(directive: "<<expect a.b >=0.5 =1 a.b=2>>")
    #expect(faults.isEmpty)
    #expect(directive?.arguments.map(\.value) == ["a.b", ">=0.5", "=1", "a.b=2"])
    #expect(directive?.arguments.allSatisfy { $0.key == nil } == true)
  }

  @Test(arguments: [
    (
      "<<⟦fig:heat⟧>>",
      "'fig:heat' is not a directive name; expected letters, digits, '-' and '_' | write '\\<<' for literal text"
    ),
    ("<<a ⟦\"⟧x y>>", "quote is not closed | inside quotes write \\\" for a quote"),
    ("<<a x⟦\"⟧y>>", "quote inside a bare value | put the whole value in quotes; inside quotes write \\\" for a quote"),
    ("<<a \"x\"⟦y⟧ z>>", "expected a space after the closing quote"),
    ("<<a ⟦k⟧= z>>", "key 'k' has no value"),
  ])
  func reportsSpelling(marked: String, expected: String) {
    let text = MarkedText(marked)
    let faults = DirectiveParser.scan(text.file).directives[0].faults
    #expect(faults.map(wording) == [expected])
    #expect(faults.map(\.span) == text.spans)
  }

  @Test(arguments: [
    ("a⟦\u{E000}⟧0", "U+E000 is reserved for Layerbook itself"),
    ("a⟦&#xE001;⟧", "U+E001 is reserved for Layerbook itself"),
    ("a⟦&#057344;⟧ &#x41;", "U+E000 is reserved for Layerbook itself"),
    ("a⟦\u{8}⟧", "control character U+0008 is not allowed in a template"),
    ("a⟦\u{FEFF}⟧", "a byte order mark is allowed only at the start of the file"),
    ("a⟦\u{FFFF}⟧", "U+FFFF is not a character"),
  ])
  func reportsForbiddenCharacters(marked: String, expected: String) {
    let text = MarkedText(marked)
    let faults = DirectiveParser.scan(text.file).diagnostics
    #expect(faults.map(wording) == [expected])
    #expect(faults.map(\.span) == text.spans)
  }

  @Test(arguments: [
    [0x61, 0xFF], [0x61, 0xC3], [0x61, 0xED, 0xA0, 0x80], [0x61, 0xC0, 0xAF], [0x61, 0xF5, 0x80, 0x80, 0x80],
  ])
  func reportsInvalidUTF8(bytes: [Int]) {
    let faults = DirectiveParser.scan(SourceFile(path: "t", bytes: bytes.map(UInt8.init))).diagnostics
    #expect(faults.count == 1)
    #expect(
      faults[0].headline == "t:1:2: error: not valid UTF-8: byte 0x\(String(bytes[1], radix: 16, uppercase: true))")
  }

  @Test func byteOrderMarkAndCrLf() {
    let scan = DirectiveParser.scan(SourceFile(path: "t", text: "\u{FEFF}a\r\n<<b>>\r\n"))
    #expect(scan.text.unicodeScalars.elementsEqual("a\r\n\u{E000}0\u{E001}\r\n".unicodeScalars))
    #expect(scan.diagnostics.isEmpty)
    #expect(scan.file.position(ofByte: scan.marks[0].span.lower) == SourcePosition(line: 2, column: 1))
  }

  @Test func hugeLinesAreLinear() {
    let open = String(repeating: "<<a b", count: 100_000)
    #expect(DirectiveParser.scan(SourceFile(path: "t", text: open + "`>>")).marks.count > 0)
    let quotes = String(repeating: "<<a \"", count: 50_000)
    #expect(DirectiveParser.scan(SourceFile(path: "t", text: quotes)).marks.count > 0)
    let slashes = String(repeating: "\\", count: 1_000_001) + "<<a>>"
    #expect(kinds(slashes) == ["literal <<a>>"])
  }

  @Test func parsesOneAlone() {
    #expect(DirectiveParser.parse(directive: " heatmap r2 mean ").0?.source == "<<heatmap r2 mean>>")
    #expect(DirectiveParser.parse(directive: "<<pca>>").0?.name == "pca")
    #expect(DirectiveParser.parse(directive: "").1.count == 1)
    #expect(DirectiveParser.parse(directive: "<<a>> b").1.map(\.message) == ["unexpected text after the directive"])
    #expect(
      DirectiveParser.parse(directive: "<<a").1.map(\.message) == ["not a directive: '>>' is missing on its line"])
    #expect(DirectiveParser.parse(directive: "a\u{E000}").0 == nil)
  }
}
