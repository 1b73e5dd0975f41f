import Books
import Diagnostics
import Files
import TestSupport
import Testing

@Suite struct BookReaderTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func read(_ yaml: String, environment: [String: String] = [:]) throws -> (Book, [Diagnostic]) {
    try AtomicFile.write(Array(yaml.utf8), to: folder.path + "/layerbook.yaml")
    return BookReader.read(directory: folder.path, environment: environment)
  }

  @Test func readsModelsDatasetsAndDefaults() throws {
    let (book, faults) = try read(
      """
      models:
        small: {path: ../models/small}
        big: {hub: org/name, revision: v2}
        kept: {states: ${STATES}/big.safetensors, path: /models/big}
      datasets:
        texts: {path: texts.jsonl, format: jsonl, field: sentence1, take: 10, shuffle: 42}
      defaults: {model: small, dataset: texts, seed: 7}
      """, environment: ["STATES": "/states"])
    #expect(faults.isEmpty)
    #expect(book.models.map(\.name) == ["small", "big", "kept"])
    #expect(book.model("big")?.source == .hub(name: "org/name", revision: "v2"))
    #expect(book.model("kept")?.source == .states(file: "/states/big.safetensors", checkpoint: "/models/big"))
    let parent = parentDirectory(of: folder.path)
    #expect(book.model("small")?.source == .path(parent + "/models/small"))
    #expect(book.dataset("texts")?.take == 10)
    #expect(book.dataset("texts")?.field == "sentence1")
    #expect(book.defaultModel == "small")
    #expect(book.defaultSeed == 7)
  }

  @Test func everyFaultIsReportedAtItsPlace() throws {
    let (_, faults) = try read(
      """
      models:
        a: {pth: x}
      datasets:
        t: {path: x.txt, format: liness}
      defaults: {model: b}
      """)
    let lines = faults.inSourceOrder().map { "\($0.position?.line ?? 0): \($0.message)" }
    #expect(lines.contains("2: unknown key 'pth' of model 'a'"))
    #expect(lines.contains { $0.hasPrefix("4: ") && $0.contains("liness") })
    #expect(lines.contains("5: unknown model 'b'"))
  }

  @Test func findsTheBookAboveATemplate() throws {
    _ = try read("models: {}")
    try createDirectory(folder.path + "/ja")
    #expect(BookReader.directory(above: folder.path + "/ja/page.md") == folder.path)
  }

  @Test func aMissingBookIsAFault() {
    let (_, faults) = BookReader.read(directory: folder.path + "/nowhere", environment: [:])
    #expect(faults.hasErrors)
  }
}

@Suite struct HubCacheTests {
  @Test func environmentNamesTheCacheInOrder() {
    let all = ["HF_HUB_CACHE": "/a", "HF_HOME": "/b", "XDG_CACHE_HOME": "/c", "HOME": "/d"]
    #expect(HubCache(environment: all).directory == "/a")
    #expect(HubCache(environment: all.filter { $0.key != "HF_HUB_CACHE" }).directory == "/b/hub")
    #expect(HubCache(environment: ["XDG_CACHE_HOME": "/c", "HOME": "/d"]).directory == "/c/huggingface/hub")
    #expect(HubCache(environment: ["HOME": "/d"]).directory == "/d/.cache/huggingface/hub")
  }

  @Test func resolvesBranchesAndCommits() throws {
    let folder = try TemporaryDirectory()
    let model = folder.path + "/models--org--name"
    try createDirectory(model + "/refs")
    try createDirectory(model + "/snapshots/abc123")
    try AtomicFile.write(Array("abc123".utf8), to: model + "/refs/main")
    try AtomicFile.write(Array("{}".utf8), to: model + "/snapshots/abc123/config.json")
    let cache = HubCache(directory: folder.path)
    #expect(cache.snapshot(of: "org/name") == model + "/snapshots/abc123")
    #expect(cache.snapshot(of: "org/name", revision: "abc123") == model + "/snapshots/abc123")
    #expect(cache.snapshot(of: "org/name", revision: "v9") == nil)
    #expect(cache.snapshot(of: "org/name", revision: "../../x") == nil)
    #expect(HubCache.downloadCommand(for: "org/name") == "hf download org/name")
  }
}

@Suite struct DatasetTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func texts(_ content: String, _ name: String, _ change: (inout DatasetEntry) -> Void = { _ in }) throws
    -> [String]
  {
    let path = folder.path + "/" + name
    try AtomicFile.write(Array(content.utf8), to: path)
    var entry = DatasetEntry(name: "d", path: path)
    change(&entry)
    return try Dataset(reading: entry).texts
  }

  @Test func linesAndParagraphs() throws {
    #expect(try texts("one\r\n\n two \nthree", "a.txt") == ["one", " two ", "three"])
    #expect(try texts("one\ntwo\n\n \nthree\n", "b.txt") { $0.format = .text } == ["one\ntwo", "three"])
  }

  @Test func jsonAndJSONLines() throws {
    #expect(try texts(#"["a", {"text": "b"}]"#, "a.json") == ["a", "b"])
    #expect(try texts("{\"s\": \"a\"}\n\n{\"s\": \"\"}\n", "b.jsonl") { $0.field = "s" } == ["a", ""])
  }

  @Test func faultsNameTheirPlace() throws {
    let wrongField = #expect(throws: BookError.self) { try texts("{\"x\": 1}", "a.jsonl") }
    #expect(wrongField?.message.contains("line 1") == true)
    let notJSON = #expect(throws: BookError.self) { try texts("\"a\"\n{\n", "b.jsonl") }
    #expect(notJSON?.message.contains("line 2") == true)
    #expect(throws: BookError.self) { try Dataset(reading: DatasetEntry(name: "d", path: folder.path + "/none")) }
  }

  @Test func shuffleIsSeededAndTakeComesAfter() throws {
    let content = (0..<50).map(String.init).joined(separator: "\n")
    let once = try texts(content, "a.txt") { $0.shuffle = 1 }
    #expect(once != (0..<50).map(String.init))
    #expect(try texts(content, "a.txt") { $0.shuffle = 1 } == once)
    #expect(try texts(content, "a.txt") { $0.shuffle = 2 } != once)
    #expect(
      try texts(content, "a.txt") { entry in
        entry.shuffle = 1; entry.take = 5
      } == Array(once.prefix(5)))
  }
}

@Suite struct SampleSplitTests {
  @Test func headTakesTheFirstRows() {
    let rows = SampleSplit.head.rows(count: 10, train: 6, test: 3, seed: 1)
    #expect(rows.train == [0, 1, 2, 3, 4, 5])
    #expect(rows.test == [6, 7, 8])
  }

  @Test func randomIsSeededAndDisjoint() {
    let rows = SampleSplit.random.rows(count: 100, train: 80, test: 20, seed: 42)
    #expect(Set(rows.train + rows.test).count == 100)
    let again = SampleSplit.random.rows(count: 100, train: 80, test: 20, seed: 42)
    #expect(again.train == rows.train)
    #expect(SampleSplit.random.rows(count: 100, train: 80, test: 20, seed: 43).train != rows.train)
  }
}

@Suite struct ThemeTests {
  private func read(_ css: String) throws -> (Book, [String]) {
    let folder = try TemporaryDirectory()
    try AtomicFile.write(Array("theme: my.css\n".utf8), to: folder.path + "/layerbook.yaml")
    try AtomicFile.write(Array(css.utf8), to: folder.path + "/my.css")
    let (book, faults) = BookReader.read(directory: folder.path)
    return (book, faults.map { "\($0.position?.line ?? 0):\($0.position?.column ?? 0): \($0.message)" })
  }

  @Test func aStyleSheetIsPartOfTheBook() throws {
    let (book, faults) = try read("main>p{color:red}\n")
    #expect(faults == [])
    #expect(book.theme?.css == "main>p{color:red}\n")
  }

  @Test(arguments: [
    ("a{}\n</style><script>alert(1)</script>", "2:1: a theme cannot hold '<'"),
    ("a{content:\"&\"}", "1:12: a theme cannot hold '&'"), ("@IMPORT \"x.css\";", "1:1: a theme cannot hold '@import'"),
    ("p{background:URL(http://x.y/z)}", "1:14: a theme cannot hold 'url('"),
  ])
  func whatWouldLeadOutOfThePageIsRefused(css: String, fault: String) throws {
    let (book, faults) = try read(css)
    #expect(book.theme == nil)
    #expect(faults.first?.hasPrefix(fault) == true, "\(faults)")
  }

  @Test func aThemeThatIsNotThereIsAFaultOfTheBook() throws {
    let folder = try TemporaryDirectory()
    try AtomicFile.write(Array("defaults: {seed: 1}\ntheme: my.css\n".utf8), to: folder.path + "/layerbook.yaml")
    let faults = BookReader.read(directory: folder.path).1
    #expect(faults.count == 1)
    #expect(faults.first?.position?.line == 2)
  }
}
