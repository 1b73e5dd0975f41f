import Diagnostics
import Testing

@Suite struct SourceFileTests {
  @Test(arguments: [0, 1, 511, 512, 513, 1024, 3000]) func columnsOfLongLines(lead: Int) {
    let text = "é\n" + String(repeating: "x", count: lead) + String(repeating: "日é🜚a", count: 400) + "\nend"
    let file = SourceFile(path: "t", text: text)
    var position = SourcePosition(line: 1, column: 0)
    var offset = 0
    for scalar in text.unicodeScalars {
      position.column += 1
      for byte in 0..<scalar.utf8.count {
        #expect(file.position(ofByte: offset + byte) == position, "byte \(offset + byte)")
      }
      offset += scalar.utf8.count
      if scalar == "\n" { position = SourcePosition(line: position.line + 1, column: 0) }
    }
    #expect(file.position(ofByte: offset) == SourcePosition(line: 3, column: 4))
  }

  @Test func countsColumnsInScalars() {
    let file = SourceFile(path: "t.md", text: "añ日\u{1F600}x\ne\u{301}y")
    #expect(file.position(ofByte: 0) == SourcePosition(line: 1, column: 1))
    #expect(file.position(ofByte: 3) == SourcePosition(line: 1, column: 3))
    #expect(file.position(ofByte: 6) == SourcePosition(line: 1, column: 4))
    #expect(file.position(ofByte: 10) == SourcePosition(line: 1, column: 5))
    #expect(file.position(ofByte: 12) == SourcePosition(line: 2, column: 1))
    #expect(file.position(ofByte: 15) == SourcePosition(line: 2, column: 3))
    #expect(file.position(ofByte: 4) == SourcePosition(line: 1, column: 3), "inside 日")
    #expect(file.position(ofByte: 9_999) == SourcePosition(line: 2, column: 4))
    #expect(file.position(ofByte: -5) == SourcePosition(line: 1, column: 1))
  }

  @Test(arguments: [
    ("a\nb\n", 3), ("a\r\nb\r\n", 3), ("a\rb\r", 3), ("", 1), ("\r\n\n\r", 4), ("a\n\rb", 3),
  ])
  func countsLines(text: String, lines: Int) { #expect(SourceFile(path: "t", text: text).lineCount == lines) }

  @Test func crLfBelongsToItsLine() {
    let file = SourceFile(path: "t", text: "ab\r\ncd\r\n")
    #expect(file.lineText(1) == "ab")
    #expect(file.lineText(2) == "cd")
    #expect(file.lineText(3) == "")
    #expect(file.lineText(0) == "")
    #expect(file.lineText(4) == "")
    #expect(file.position(ofByte: 4) == SourcePosition(line: 2, column: 1))
  }

  @Test func byteOrderMarkHasNoColumn() {
    let file = SourceFile(path: "t", text: "\u{FEFF}ab")
    #expect(file.hasByteOrderMark)
    #expect(file.position(ofByte: 3) == SourcePosition(line: 1, column: 1))
    #expect(file.position(ofByte: 0) == SourcePosition(line: 1, column: 1))
    #expect(file.lineText(1) == "ab")
  }

  @Test func offsetsAndPositionsAgree() {
    let file = SourceFile(path: "t", text: "ab日c\n\nxé")
    for offset in [0, 1, 2, 5, 7, 8, 9] {
      #expect(file.offset(of: file.position(ofByte: offset)) == offset)
    }
  }

  @Test func invalidBytesDoNotTrap() {
    let file = SourceFile(path: "t", bytes: [0xFF, 0xC3, 0x0A, 0x80, 0x80])
    #expect(file.lineText(1) == "\u{FFFD}\u{FFFD}")
    #expect(file.position(ofByte: 4).line == 2)
  }
}

@Suite struct DiagnosticRenderingTests {
  private func rendered(_ text: String, _ marked: String, hints: [String] = []) -> String {
    let bytes = Array(text.utf8)
    let needle = Array(marked.utf8)
    let lower = (0...(bytes.count - needle.count)).first { bytes[$0..<($0 + needle.count)].elementsEqual(needle) } ?? 0
    let span = SourceSpan(lower: lower, upper: lower + needle.count)
    return Diagnostic(
      file: SourceFile(path: "t.md", bytes: bytes), span: span, message: "wrong", hints: hints
    ).rendered()
  }

  @Test func showsLineCaretAndHints() {
    let text = rendered("a\nx <<heatmp r2>>\nb", "heatmp", hints: ["did you mean 'heatmap'?", "second"])
    #expect(
      text == """
        t.md:2:5: error: wrong
          x <<heatmp r2>>
              ^~~~~~
          hint: did you mean 'heatmap'?
          hint: second
        """)
  }

  @Test func tabsAreExpanded() {
    #expect(rendered("\ta\t<<b>>", "b") == "t.md:1:6: error: wrong\n      a   <<b>>\n            ^")
  }

  @Test func wideAndCombiningCharactersKeepTheCaretInPlace() {
    #expect(rendered("日本 <<x>>", "x") == "t.md:1:6: error: wrong\n  日本 <<x>>\n         ^")
    #expect(rendered("e\u{301} <<x>>", "x") == "t.md:1:6: error: wrong\n  e\u{301} <<x>>\n      ^")
    #expect(rendered("<<日本>>", "日本") == "t.md:1:3: error: wrong\n  <<日本>>\n    ^~~~")
    #expect(rendered("😀x", "x") == "t.md:1:2: error: wrong\n  😀x\n    ^")
  }

  @Test func terminalEscapesAreShownNotSent() {
    #expect(rendered("\u{1B}[31m x\u{202E}y", "y") == "t.md:1:9: error: wrong\n  ␛[31m x\u{FFFD}y\n          ^")
  }

  @Test func hugeLinesAreCut() {
    let line = String(repeating: "é", count: 200_000) + "<<bad>>" + String(repeating: "z", count: 200_000)
    let lines = rendered(line, "bad").split(separator: "\n")
    #expect(lines[0] == "t.md:1:200003: error: wrong")
    #expect(lines[1].count < 140)
    #expect(lines[1].hasPrefix("  …é") && lines[1].hasSuffix("z…"))
    let caret = lines[2].prefix { $0 == " " }.count
    #expect(lines[1].dropFirst(caret).hasPrefix("bad"))
  }

  @Test func spansOfSeveralLinesStopAtTheFirst() {
    #expect(rendered("ab\r\ncd", "b\r\nc") == "t.md:1:2: error: wrong\n  ab\n   ^")
    #expect(rendered("ab", "") == "t.md:1:1: error: wrong\n  ab\n  ^")
  }

  @Test func placesAreOptional() {
    let file = SourceFile(path: "t.md", text: "a")
    #expect(Diagnostic(message: "m").rendered() == "error: m")
    #expect(Diagnostic(.warning, file: file, message: "m").rendered() == "t.md: warning: m")
  }

  @Test func sortsByFileAndPlace() {
    let first = SourceFile(path: "a.md", text: "one\ntwo")
    let second = SourceFile(path: "b.md", text: "one\ntwo")
    func make(_ file: SourceFile?, _ at: Int, _ message: String) -> Diagnostic {
      Diagnostic(file: file, span: file == nil ? nil : SourceSpan(lower: at, upper: at + 1), message: message)
    }
    let all = [
      make(second, 0, "4"), make(first, 5, "3"), make(first, 1, "1"), make(nil, 0, "0"), make(first, 1, "2"),
      make(first, 1, "1"),
    ]
    #expect(all.inSourceOrder().map(\.message) == ["0", "1", "2", "3", "4"])
    #expect(all.summary == "6 errors")
    #expect((all + [Diagnostic(.warning, message: "w")]).summary == "6 errors, 1 warning")
    #expect([Diagnostic(.warning, message: "w")].hasErrors == false)
  }
}

@Suite struct SpellingTests {
  private let names = ["heatmap", "convergence", "earlyexit", "value", "ref", "pca"]

  @Test(arguments: [
    ("heatmp", ["heatmap"]), ("haetmap", ["heatmap"]), ("Heatmap", ["heatmap"]), ("conv", ["convergence"]),
    ("early-exit", ["earlyexit"]), ("valeu", ["value"]), ("zzz", []), ("", []), ("x", []), ("pac", ["pca"]),
  ])
  func findsTheNearest(written: String, expected: [String]) {
    #expect(Spelling.nearest(to: written, in: names) == expected)
  }

  @Test func listsAlternatives() {
    #expect(Spelling.hint(for: "modle", in: ["model", "mode", "node"]) == "did you mean 'model' or 'mode'?")
    #expect(Spelling.hints(for: "qq", in: ["one", "two"], noun: "keys") == ["valid keys: one, two"])
    #expect(Spelling.hints(for: "qq", in: [], noun: "models") == ["there are no models"])
    #expect(Spelling.alternatives(["a", "b", "c"]) == "a, b or c")
  }

  @Test func hugeInputIsHarmless() {
    #expect(Spelling.nearest(to: String(repeating: "a", count: 1_000_000), in: names) == [])
  }
}

@Suite struct HintedErrorTests {
  private struct Plain: Error, CustomStringConvertible { let description = "it rains" }

  private struct Hinted: HintedError, CustomStringConvertible {
    let message = "it rains"
    let hint: String?
    var description: String { message + (hint.map { "; " + $0 } ?? "") }
  }

  @Test func anErrorFallsIntoMessageAndHints() {
    let errors: [any Error] = [Plain(), Hinted(hint: nil), Hinted(hint: "take an umbrella")]
    #expect(errors.map(\.explanation.message) == ["it rains", "it rains", "it rains"])
    #expect(errors.map(\.explanation.hints) == [[], [], ["take an umbrella"]])
  }
}
