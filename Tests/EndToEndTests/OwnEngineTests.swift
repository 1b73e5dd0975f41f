import Foundation
import JSONText
import TestSupport
import Testing

/// The interpreter that the example engine needs.
enum Python {
  static let isHere = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: $0 + "/python3") }
}

/// Engines of an author's own: asked, kept, forbidden, stopped.
///
/// They need Python, as the pages of this project do.
@Suite(.enabled(if: Python.isHere)) struct OwnEngineTests {
  private static let engine = """
    import json, sys, time
    request = json.load(sys.stdin)
    mode = request["settings"]["mode"]
    print("heard", mode, file=sys.stderr)
    answers = {"nan": '{"values": {"a": NaN}}', "chartless": '{"values": {"a": 1}}', "list": "[]"}
    if mode == "fail": raise ValueError("no luck")
    if mode == "sleep": time.sleep(600)
    if mode == "loud": print("x" * (17 << 20))
    if mode in answers: print(answers[mode])
    chart = {"kind": "lines", "x": {"title": "i"}, "y": {"title": "a"}, "series": [{"name": "s", "values": "a"}]}
    if mode == "odd": chart["series"][0]["values"] = "b"
    if mode in ("ok", "odd"): json.dump({"values": {"a": [1, request["settings"]["k"], None]}, "chart": chart}, sys.stdout)
    """

  private func book() throws -> BookFolder {
    let book = try BookFolder()
    let yaml = String(decoding: try #require(book.bytes("book/layerbook.yaml")), as: UTF8.self)
    try book.write(
      yaml + """
        engines:
          cka: {run: [python3, cka.py], needs: states}
          mine: {run: [python3, mine.py], needs: nothing, seconds: 3, settings: {mode: ok, k: 2}}

        """, to: "book/layerbook.yaml")
    try book.write(Self.engine, to: "book/mine.py")
    let example = FileManager.default.contents(atPath: ProjectRoot.path + "/reports/cka.py")
    try book.write(Array(try #require(example)), to: "book/cka.py")
    return book
  }

  @Test func theDirectivesOfABookHaveItsEngines() throws {
    let book = try book()
    let all = try book.run("directives", "--book", "book").output.split(separator: "\n")
    #expect(all.contains { $0.hasPrefix("cka ") } && all.contains { $0.hasPrefix("convergence ") })
    let one = try book.run("directives", "mine", "--book", "book")
    #expect(one.status == 0 && one.output.contains("mode="))
    #expect(try book.run("directives", "mine", "--book", "none").status == 2)
    // A book that cannot be read is a fault where it was asked for, and hides nothing where it was not.
    try book.write("models: [", to: "book/layerbook.yaml")
    #expect(try book.run("directives", "--book", "book").status == 2)
    #expect(try Program.run(["directives"], in: book.path + "/book").output.contains("convergence"))
  }

  /// Linear CKA by numpy 1.26 in float64, through the products of features: reports/cka-numpy.csv has the rest.
  @Test func theExampleEqualsNumpy() throws {
    let answer = try JSON.parse(book().ask("<<cka gpt n=100>>").output)
    let expected = [0.155611, 0.298264, 0.726590, 0.812503, 0.819123, 0.805028, 0.949125, 0.994338, 1.0]
    let found = answer["result"]?["cka"]?.arrayValue?.compactMap { $0[8]?.doubleValue } ?? []
    #expect(found.count == 9)
    for (mine, theirs) in zip(found, expected) { #expect(abs(mine - theirs) < 1e-6) }
    // Alike is alike from both sides, and to itself wholly.
    let map = answer["result"]?["cka"]
    for level in 0..<9 {
      #expect(abs((map?[level]?[level]?.doubleValue ?? 0) - 1) < 1e-12)
      #expect(map?[level]?[0]?.doubleValue == map?[0]?[level]?.doubleValue)
    }
  }

  @Test func aPageOfAnOwnEngine() throws {
    let book = try book()
    let template = "<<cka n=20 id=fig>>\n\nIt is <<expect cka.cka[0][0] n=20 = 1.000>>.\n\n<<mine k=5>>\n"
    let outcome = try book.render(template)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(book.page().contains("cka.py"))
    let files = book.bytes("site/t.html")
    #expect(try book.render(template, "--no-engines").output.contains("is up to date"))
    #expect(book.bytes("site/t.html") == files)
    #expect(try book.run("verify", "site/t.html", "--book", "book").status == 0)
    // Where neither the book nor the program is, the page tells of both.
    let alone = try book.run("verify", "site/t.html", "--seal-only", "--book", "none")
    #expect(alone.output.contains("what it shows is what the results in it give"), "\(alone.output)")
    #expect(try book.run("archive", "add", "--book", "book", "book/t.md").status == 0)
    #expect(book.files(below: "archive").contains { $0.hasSuffix("-cka.py") })
    #expect(try book.run("diff", "site/t.html", "site/t.html").status == 0)
    // Another program is another result, though it says the same.
    try book.write(Self.engine + "\n", to: "book/mine.py")
    let why = try book.run("why", "book/t.md:5")
    #expect(why.output.contains("mine.py"), "\(why.output)")
  }

  @Test func nothingRunsWhereNothingMay() throws {
    let book = try book()
    try book.write("import pathlib\npathlib.Path('ran').touch()\n", to: "book/mine.py")
    try book.write("<<mine>>", to: "book/t.md")
    #expect(try book.run("check", "book/t.md").status == 0)
    let refused = try book.run("render", "book/t.md", "--no-engines")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("--no-engines: <<mine>> would run 'python3 mine.py'"), "\(refused.errors)")
    #expect(book.bytes("book/ran") == nil)
    #expect(try book.run("render", "book/t.md").status == 1)
    #expect(book.bytes("book/ran") != nil)
  }

  @Test(arguments: [
    ("fail", "ended with status 1. It said:"), ("fail", "ValueError: no luck"),
    ("sleep", "took longer than 3 s. It said:\n    heard sleep"), ("loud", "answered more than 16 MiB"),
    ("nan", "answered no result: 1:18: expected a value, found 'N'"), ("chartless", "the answer has no chart"),
    ("list", "the member 'values' was expected, found array"),
    ("odd", "chart.series[0].values names 'b', and the values have no list there"),
  ])
  func saysWhatWentWrong(mode: String, message: String) throws {
    let outcome = try book().ask("<<mine mode=\(mode)>>")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test(arguments: [
    ("heatmap: {run: [python3, mine.py]}", "engine 'heatmap' takes the name of a directive there is"),
    ("value: {run: [python3, mine.py]}", "engine 'value' takes the name of a directive there is"),
    ("mine: {needs: states}", "engine 'mine' needs the key 'run'"),
    ("'my engine': {run: [python3, mine.py]}", "'my engine' cannot name a directive"),
    ("mine: {run: [python3, mine.py], settings: {seed: 3}}", "'seed' cannot be a setting of an engine"),
    ("mine: {run: [python3, mine.py], needs: weights}", "'needs' must be"),
  ])
  func aFaultyEntryIsShownInItsPlace(entry: String, message: String) throws {
    let book = try BookFolder()
    try book.write("engines:\n  \(entry)\n", to: "book/layerbook.yaml")
    let outcome = try book.run("models", "--book", "book")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("book/layerbook.yaml:2:"), "\(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func missingProgramsAreFoundBeforehand() throws {
    let book = try book()
    try FileManager.default.removeItem(atPath: book.path + "/book/mine.py")
    try book.write("<<mine>>", to: "book/t.md")
    let checked = try book.run("check", "book/t.md")
    #expect(checked.status == 0)
    #expect(checked.errors.contains("warning: engine 'mine': no file at"), "\(checked.errors)")
    let typed = try book.ask("<<mine k=many>>")
    #expect(typed.status == 2)
    #expect(typed.errors.contains("'k' must be a whole number"), "\(typed.errors)")
  }

  @Test func anInterruptStopsTheProgramToo() throws {
    let book = try book()
    let started = try Program.start(
      ["ask", "--book", "book", "<<mine mode=sleep>>"], in: book.path, environment: ["TMPDIR": book.path])
    var child: String?
    for _ in 0..<400 where child == nil {
      usleep(20_000)
      let children = "/proc/\(started.process.processIdentifier)/task/\(started.process.processIdentifier)/children"
      child = (try? String(contentsOfFile: children, encoding: .utf8))?.split(separator: " ").first.map(String.init)
    }
    let running = try #require(child)
    #expect(kill(started.process.processIdentifier, SIGINT) == 0)
    #expect(try Program.finish(started).status == 130)
    usleep(200_000)
    let state = try? String(contentsOfFile: "/proc/\(running)/stat", encoding: .utf8)
    #expect(state == nil || state?.contains(") Z ") == true)
    #expect(book.files(below: "").filter { $0.hasPrefix("layerbook-") } == [])
  }
}
