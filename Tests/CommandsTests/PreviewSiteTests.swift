import Commands
import Foundation
import TestSupport
import Testing

/// A book whose only page computes nothing, and the preview of it.
private struct Preview {
  let folder: TemporaryDirectory
  let site: PreviewSite

  init() throws {
    folder = try TemporaryDirectory()
    for name in ["book", "site"] {
      try FileManager.default.createDirectory(atPath: folder.path + "/" + name, withIntermediateDirectories: false)
    }
    site = try PreviewRequest(
      arguments: ["--book", folder.path + "/book", "--out", folder.path + "/site", "--store", "none", "--port", "0"]
    ).site
    try write("defaults: {seed: 42}\n", to: "book/layerbook.yaml")
    try write("# First\n", to: "book/page.md")
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name))
  }

  func get(_ path: String, host: String? = "127.0.0.1:8700") async -> (status: Int, text: String) {
    let answer = await site.answer(method: "GET", path: path, host: host)
    return (answer.status, String(decoding: answer.body, as: UTF8.self))
  }

  /// The state a page's script knows.
  func state(of page: String) async throws -> String {
    let text = await get(page).text
    let start = try #require(text.range(of: "known=\""))
    return String(text[start.upperBound...].prefix(24))
  }
}

@Suite struct PreviewSiteTests {
  @Test func pagesAreListedAndShown() async throws {
    let preview = try Preview()
    #expect(await preview.get("/").text.contains("<a href=\"/page.html\">page.html</a>"))
    let page = await preview.get("/page.html")
    #expect(page.status == 200)
    #expect(page.text.contains("First"))
    #expect(await preview.get("/other.html").status == 404)
  }

  @Test func aSavedTemplateIsAnotherPageAtOnce() async throws {
    let preview = try Preview()
    let before = try await preview.state(of: "/page.html")
    // Nothing changed: the page is not made again, and says the same state.
    #expect(try await preview.state(of: "/page.html") == before)
    try preview.write("# Second, and longer\n", to: "book/page.md")
    #expect(await preview.get("/page.html").text.contains("Second"))
    let answer = await preview.get("/-/changes/\(before)/page.html")
    #expect(answer.text == (try await preview.state(of: "/page.html")) + "\n")
    #expect(answer.text != before + "\n")
  }

  @Test func aChangedBookIsAChange() async throws {
    let preview = try Preview()
    let before = try await preview.state(of: "/page.html")
    try preview.write("defaults: {seed: 7}\n# longer\n", to: "book/layerbook.yaml")
    #expect(await preview.get("/-/changes/\(before)/page.html").text != before + "\n")
  }

  @Test func aFaultIsShownWithItsLine() async throws {
    let preview = try Preview()
    try preview.write("# First\n\n<<convergense>>\n", to: "book/page.md")
    let page = await preview.get("/page.html")
    #expect(page.status == 200)
    #expect(page.text.contains("unknown directive"))
    #expect(page.text.contains("page.md:3:3"))
    try preview.write("models: [", to: "book/layerbook.yaml")
    #expect(await preview.get("/page.html").text.contains("layerbook.yaml:1:"))
  }

  @Test func onlyTheOutputFolderIsServed() async throws {
    let preview = try Preview()
    try preview.write("kept", to: "site/data.csv")
    try preview.write("secret", to: "secret.txt")
    try preview.write("hidden", to: "site/.hidden")
    try FileManager.default.createSymbolicLink(
      atPath: preview.folder.path + "/site/link.txt", withDestinationPath: preview.folder.path + "/secret.txt")
    #expect(await preview.get("/data.csv").text == "kept")
    let outside = [
      "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/link.txt", "/.hidden", "//etc/passwd", "/site/..",
      "/%00", "/../book/layerbook.yaml", "/data.csv%00.html", "/..", "/%",
    ]
    for path in outside { #expect(await preview.get(path).status == 404, "\(path)") }
  }

  @Test func otherMethodsAndHostsAreRefused() async throws {
    let preview = try Preview()
    #expect(await preview.site.answer(method: "POST", path: "/", host: "127.0.0.1").status == 405)
    // What a page of another site reaches through a name of its own that resolves to this machine.
    #expect(await preview.get("/page.html", host: "evil.example").status == 403)
    #expect(await preview.get("/page.html", host: nil).status == 403)
    #expect(await preview.get("/page.html", host: "localhost:8700").status == 200)
  }

  @Test func wrongArgumentsAreRefused() {
    #expect(throws: (any Error).self) { try PreviewRequest(arguments: ["--port", "70000"]) }
    #expect(throws: (any Error).self) { try PreviewRequest(arguments: ["--sett", "a=b"]) }
  }
}
