import Foundation
import FoundationXML
import TestSupport
import Testing

/// Text that would like to be markup, in every place a page takes text from: it must be shown, and do nothing.
@Suite struct InjectionTests {
  private static let hostile =
    #"<script>alert(1)</script> ]]> --> "q" 'a' & &amp; <b onclick="alert(1)" x='y'> javascript:alert(1) </style>"#
  /// The same as a file's name, which holds no slash.
  private static let fileName = #"'"> & ]]> --> <img src=x onerror=alert(1)>"#

  /// A title, a text and a directive, hostile throughout.
  private static let template = """
    ---
    title: '\(yaml)'
    subtitle: '\(yaml)'
    authors: ['\(yaml)', 'javascript:alert(1)']
    date: '2026-01-01" onmouseover="alert(1)'
    abstract: '[a](javascript:alert(1)) \(yaml)'
    ---
    # \(hostile)

    \(hostile)

    <script>alert(1)</script>

    <div onclick="alert(1)"><svg onload="alert(1)"><a href="javascript:alert(1)">x</a></svg></div>

    [a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](&#106;avascript:alert(1)) [d](java&#10;script:alert(1))
    [e](vbscript:alert(1)) [f](data:text/html,alert) [g][r] <javascript:alert(1)>
    [i](https://example.org/"onclick="alert(1) '" onmouseover="alert(1)') [j](<x" onclick="alert(1)>)

    [r]: javascript:alert(1) '" onclick="alert(1)'

    | <script>alert(1)</script> | b |
    |---|---|
    | <img src=x onerror=alert(1)> | $`a < b \\text{<script>alert(1)</script>}`$ |

    ```"><script>alert(1)</script>
    \(hostile)
    ```

    <<convergence n=20 id=fig caption="\(hostile.replacingOccurrences(of: "\"", with: "\\\""))">>

    """

  private static let yaml = hostile.replacingOccurrences(of: "'", with: "''")

  @Test func aHostileTemplateIsShownAndDoesNothing() throws {
    let book = try BookFolder()
    let outcome = try book.render(Self.template)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let page = ActiveContent(book.page())
    #expect(page.isWellFormed)
    #expect(page.scripts == [["type": "application/json", "id": "layerbook-manifest"]])
    #expect(page.found == [])
    #expect(page.texts["title"]?.first == Self.hostile)
    #expect(page.texts["h1"]?.first == Self.hostile)
    #expect(page.texts["span"]?.contains(Self.hostile) == true)
    #expect(page.texts["time"] == [#"2026-01-01" onmouseover="alert(1)"#])
    #expect(page.texts["figcaption"]?.contains { $0.contains("<script>alert(1)</script> ]]>") } == true)
    #expect(page.texts["mtext"]?.contains("<script>alert(1)</script>") == true)
    // A browser ends a script at the first `</`, whatever XML thinks of it.
    #expect(!page.scriptText.contains("<") && page.scriptText.contains("\\u003cscript"))
    #expect(try book.run("verify", "site/t.html", "--book", "book").status == 0)
    #expect(try book.archive().status == 0)
    #expect(try book.run("archive", "verify").status == 0)
  }

  @Test func aHostilePreviewAndADiffDoNothing() throws {
    let book = try BookFolder()
    let faults = "\n<<\(Self.fileName)>>\n\n<<convergense caption=\"<script>\">>\n"
    #expect(try book.render(Self.template + faults).status == 2)
    let preview = ActiveContent(String(decoding: book.bytes("site/t.preview.html") ?? Data(), as: UTF8.self))
    #expect(preview.isWellFormed)
    #expect(preview.scripts == [])
    #expect(preview.found == [])
    #expect(preview.texts["h1"]?.first == "Preview: " + Self.hostile)
    for texts in [20, 21] {
      let matter = "---\ntitle: '\(Self.yaml)'\n---\n"
      let report = matter + "<<convergence n=\(texts) id=fig caption=\"<script>alert(1)</script>\">>\n"
      #expect(try book.render(report, "--out", "\(Self.fileName)\(texts)").status == 0)
    }
    let pages = [20, 21].map { "\(Self.fileName)\($0)/t.html" }
    let diff = try Program.run(["diff", "--format", "html", "--book", "book"] + pages, in: book.path)
    #expect(diff.status == 1, "\(diff.errors)")
    let page = ActiveContent(diff.output)
    #expect(page.isWellFormed && page.scripts == [])
    #expect(page.found == [])
    #expect(diff.output.contains("&lt;img src=x onerror=alert(1)&gt;"))
  }

  @Test func settingsOfTheCommandLineAreText() throws {
    let book = try BookFolder()
    let keys = ["title", "subtitle", "authors", "date", "abstract"]
    let settings = keys.flatMap { ["--set", "\($0)=\(Self.hostile)"] }
    try book.write("<<convergence n=20>>\n", to: "book/t.md")
    let outcome = try Program.run(["render", "book/t.md"] + settings, in: book.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let page = ActiveContent(book.page())
    #expect(page.isWellFormed && page.scripts.count == 1)
    #expect(page.found == [])
    #expect(page.texts["h1"] == [Self.hostile])
    #expect(page.texts["time"] == [Self.hostile])
    let language = try book.renderAgain("--set", "lang=en\" onclick=\"alert(1)")
    #expect(language.status == 2)
    #expect(language.errors.hasPrefix("error: --set lang: 'lang' must be a language tag"), "\(language.errors)")
    let model = try book.renderAgain("--set", "model=\(Self.hostile)")
    #expect(model.status == 2)
    #expect(model.errors.hasPrefix("error: unknown model '<script>"), "\(model.errors)")
  }

  @Test func namesOfTheBookHoldNoMarkup() throws {
    let book = try BookFolder()
    try book.write(
      """
      models:
        "<script>alert(1)</script>": {path: \(ProjectRoot.asset("models/atlas-gpt2"))}
      datasets:
        "a\\" onclick=\\"b": {path: \(ProjectRoot.asset("texts/atlas.txt"))}

      """, to: "book/layerbook.yaml")
    let outcome = try book.render("# A\n")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("error: '<script>alert(1)</script>' cannot name a model: use letters"))
    #expect(outcome.errors.contains("error: 'a\" onclick=\"b' cannot name a dataset: use letters"))
    #expect(book.files(below: "site") == [])
  }

  @Test func namesOfFilesAreText() throws {
    let book = try BookFolder()
    // Without a book, models and datasets go by their paths, and a page by its template's name.
    let folder = book.path + "/" + Self.fileName
    let model = ProjectRoot.asset("models/atlas-gpt2")
    try FileManager.default.createSymbolicLink(atPath: folder, withDestinationPath: model)
    let texts = (0..<30).map { "\(Self.hostile) number \($0) runs through the town." }.joined(separator: "\n")
    try book.write(texts, to: Self.fileName + ".txt")
    let options = ["--book", "none", "--store", "store", "--model", folder, "--dataset", folder + ".txt"]
    for format in ["html", "svg"] {
      let answer = try Program.run(
        ["ask", "<<convergence n=20>>", "--format", format] + options, in: book.path)
      #expect(answer.status == 0, "\(answer.errors)")
      let exhibit = ActiveContent("<body>" + answer.output + "</body>")
      #expect(exhibit.isWellFormed && exhibit.scripts == [], "\(format)")
      #expect(exhibit.found == [], "\(format)")
    }
    let yaml = folder.replacingOccurrences(of: "'", with: "''")
    try book.write(
      "---\nmodel: '\(yaml)'\ndataset: '\(yaml).txt'\n---\n<<convergence n=20>>\n", to: Self.fileName + ".md")
    let outcome = try Program.run(
      ["render", "--book", "none", "--store", "store", Self.fileName + ".md"], in: book.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let page = ActiveContent(book.page(Self.fileName))
    #expect(page.isWellFormed && page.scripts.count == 1)
    #expect(page.found == [])
    #expect(page.texts["h1"] == [Self.fileName])
    #expect(book.page(Self.fileName).contains("&lt;img src=x onerror=alert(1)&gt;"))
    // The archive's names have to survive every file system.
    let archive = try Program.run(
      ["archive", "add", "--book", "none", "--store", "store", Self.fileName + ".md"], in: book.path)
    #expect(archive.status == 1)
    #expect(archive.errors.contains("cannot name a report: use letters, digits, '.', '_' and '-'"))
    #expect(book.files(below: "archive") == [])
  }
}

/// Everything in a page that a browser would run or follow.
private final class ActiveContent: NSObject, XMLParserDelegate {
  private(set) var isWellFormed = false
  /// The attributes of each `script`.
  private(set) var scripts: [[String: String]] = []
  /// The text in them.
  private(set) var scriptText = ""
  /// Handlers, addresses that run code, and elements that load something.
  private(set) var found: [String] = []
  /// The text of every element, by its name.
  private(set) var texts: [String: [String]] = [:]
  private var open: [String] = []

  init(_ page: String) {
    super.init()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    open.append("")
    let name = name.lowercased()
    if name == "script" { scripts.append(attributes) }
    if ["iframe", "object", "embed", "base", "form", "foreignobject"].contains(name) { found.append("<\(name)>") }
    for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
      if key.lowercased().hasPrefix("on") { found.append("\(name) \(key)=\(value)") }
      let address = String(value.unicodeScalars.filter { $0.value > 0x20 }.map(Character.init)).lowercased()
      let runs = ["javascript:", "vbscript:", "data:text"].contains { address.hasPrefix($0) }
      if runs, key != "content" { found.append("\(name) \(key)=\(value)") }
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    for index in open.indices { open[index] += string }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    let text = open.popLast() ?? ""
    texts[name, default: []].append(text)
    if name == "script" { scriptText += text }
  }
}
