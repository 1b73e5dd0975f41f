import Diagnostics
import Directives
import Testing

@Suite struct FrontMatterTests {
  private func parse(_ text: String) -> (FrontMatter, [Diagnostic], SourceFile) {
    let file = SourceFile(path: "t.md", text: text)
    let (matter, faults) = FrontMatter.parse(file)
    return (matter, faults, file)
  }

  @Test func readsEveryKey() {
    let (matter, faults, file) = parse(
      """
      ---
      title: "Depth: a report"
      subtitle: 日本語
      authors: [A. Author, B. Author]
      date: 2026-01-02
      lang: en-GB
      abstract: |
        Two
        lines
      model: no
      dataset: 1e3
      seed: 42
      params: {k: [1, 5], size: 64, note: "a, b"}
      ---
      body
      """)
    #expect(faults.isEmpty)
    #expect(matter.title?.value == "Depth: a report")
    #expect(matter.subtitle?.value == "日本語")
    #expect(matter.authors == ["A. Author", "B. Author"])
    #expect(matter.date?.value == "2026-01-02")
    #expect(matter.lang?.value == "en-GB")
    #expect(matter.abstract?.value == "Two\nlines\n")
    #expect(matter.model?.value == "no", "the text, not a switch")
    #expect(matter.dataset?.value == "1e3")
    #expect(matter.seed?.value == 42)
    #expect(matter.parameters.map(\.name) == ["k", "size", "note"])
    #expect(matter.parameters.map(\.text) == ["1,5", "64", "a, b"])
    #expect(file.text(SourceSpan(lower: matter.bodyStartsAt, upper: file.bytes.count)) == "body")
    #expect(DirectiveParser.scan(file, bodyStartsAt: matter.bodyStartsAt).firstLine == 15)
  }

  @Test(arguments: [
    ("---\n⟦titel⟧: x\n---\n", "unknown key 'titel' of the front matter | did you mean 'title'?"),
    (
      "---\r\ntitle: x\r\n⟦zz⟧: 1\r\n---\r\n",
      "unknown key 'zz' of the front matter | valid keys: title, subtitle, authors, date, lang, bibliography, finding, abstract, model, dataset, seed, params"
    ),
    ("---\nseed: ⟦x7⟧\n---\n", "'seed' must be a whole number from 0, found 'x7'"),
    ("---\nseed: ⟦-1⟧\n---\n", "'seed' must be a whole number from 0, found '-1'"),
    ("---\n日本: é\ntitle: ⟦\"\"⟧x\n---\n", "not valid YAML: did not find expected key"),
    ("---\ntitle: ⟦[⟧a]\n---\n", "'title' must be text, found a list"),
    (
      "---\nlang: ⟦'en us'⟧\n---\n",
      "'lang' must be a language tag such as en or ja, found 'en us' | labels and captions exist in English and Japanese only"
    ),
    ("---\nparams: {⟦1a⟧: 2}\n---\n", "'1a' is not a parameter name; expected letters, digits, '-' and '_'"),
    ("---\nparams: {a: ⟦{⟧b: 2}}\n---\n", "parameter 'a' must be text, a number or a list, found a map"),
    ("---\n⟦j⟧ust text\n---\n", "the front matter must be a map of keys and values, found 'just text'"),
    ("⟦---⟧\ntitle: x\n", "front matter is not closed: expected a second '---' line"),
    ("\u{FEFF}---\nseed: ⟦q⟧\n---\n", "'seed' must be a whole number from 0, found 'q'"),
  ])
  func reportsWhatIsWrong(marked: String, expected: String) {
    let text = MarkedText(marked)
    let (_, faults) = FrontMatter.parse(text.file)
    #expect(faults.map(wording) == [expected])
    if expected.contains("valid YAML") || expected.contains("just text") { return }
    #expect(faults.map(\.span) == text.spans)
  }

  @Test func duplicateKeysAreFaults() {
    let (_, faults, _) = parse("---\ntitle: a\ntitle: b\n---\n")
    #expect(faults.map(\.message) == ["key 'title' is given twice"])
  }

  @Test func documentsWithoutFrontMatter() {
    #expect(parse("text\n---\n").1.isEmpty)
    #expect(parse("").1.isEmpty)
    let (matter, faults, _) = parse("---\n---\nbody")
    #expect(faults.isEmpty)
    #expect(matter.bodyStartsAt == 8)
    #expect(parse("---\n# only a comment\n---").1.isEmpty)
  }

  @Test func settingsOverride() {
    var (matter, _, _) = parse("---\nmodel: a\nparams: {k: 1}\n---\n")
    let faults = matter.apply(settings: [
      (key: "model", value: "b"), (key: "k", value: "2"), (key: "seed", value: "x"), (key: "two words", value: "1"),
      (key: "extra", value: "3"),
    ])
    #expect(matter.model?.value == "b")
    #expect(matter.parameters.map(\.text) == ["2", "3"])
    #expect(
      faults.map(\.message) == [
        "--set seed: expected a whole number from 0, found 'x'", "--set: 'two words' is not a key or parameter name",
      ])
  }

  @Test func hostileYAML() {
    let bomb = (0..<30).map { "a\($0): &a\($0) [\($0 == 0 ? "x" : "*a\($0 - 1), *a\($0 - 1)")]" }.joined(
      separator: "\n")
    #expect(parse("---\n\(bomb)\n---\n").1.map(\.message) == ["more than 100000 values; aliases may not multiply"])
    let deep = String(repeating: "[", count: 100_000)
    #expect(parse("---\ntitle: \(deep)\n---\n").1.count == 1)
    #expect(parse("---\n\(String(repeating: "- ", count: 100_000))\n---\n").1.count == 1)
    #expect(parse("---\n? [a, b]\n: c\n---\n").1.map(\.message) == ["a key must be text, found a list"])
    #expect(parse("---\ntitle: *nowhere\n---\n").1.map(\.message) == ["not valid YAML: found undefined alias"])
    #expect(parse("---\ntitle: a\n...\nb: 2\n---\n").1.count == 1)
  }
}
