import JSONText
import Results
import TestSupport
import Testing

@Suite struct PageManifestTests {
  private let value: JSONValue = ["score": 0.87345, "distance": [0.5, nil, 1]]

  private func manifest(printed: [PageManifest.Printed] = []) -> PageManifest {
    let entry = PageManifest.Entry(
      id: "fig-1", directive: #"convergence caption="</script><script>alert(1)</script> & ]]>""#, line: 7,
      key: exampleKey(1), result: StoredResult(value: value), printed: printed, tolerance: "1%")
    return PageManifest(version: "0.1", report: "tiny", template: "# T\u{FFFF}\n<<convergence>>\n", entries: [entry])
  }

  private func page(_ body: String = "<p>0.873</p>") -> [UInt8] {
    Array("<html><body>\(body)\(PageManifest.placeholder)</body></html>".utf8)
  }

  @Test func sealedPageIsSoundAndInert() throws {
    let manifest = manifest(printed: [PageManifest.Printed(path: "score", text: "0.873")])
    let sealed = try manifest.seal(page: page())
    #expect(try PageManifest(page: sealed) == manifest)
    let report = PageManifest.verify(page: sealed)
    #expect(report.findings == [])
    #expect(report.checkedResults == 1)
    #expect(report.checkedPrinted == 1)
    let text = String(decoding: sealed, as: UTF8.self)
    #expect(text.split(separator: "<script").count == 2)
    #expect(!text.contains("]]>"))
    #expect(!text.unicodeScalars.contains("\u{FFFF}"))
  }

  @Test func whatMarkupWouldReadIsEscaped() throws {
    var manifest = manifest()
    manifest.template = "<>&\u{7F}\u{80}\u{9F}\u{A0}é\u{2028}\u{2029}\u{FFFE}\u{FFFF}\u{FFFD}中😀\"\\\u{1}"
    let sealed = try manifest.seal(page: Array(PageManifest.placeholder.utf8))
    #expect(try PageManifest(page: sealed).template.utf8.elementsEqual(manifest.template.utf8))
    let text = String(decoding: sealed, as: UTF8.self)
    let start = try #require(text.firstRange(of: "\"text\":\""))
    let quoted = text[start.upperBound...].prefix { $0 != "}" }
    let expected: [String] = [
      #"\u003c\u003e\u0026\u007f\u0080\u009f"#, "\u{A0}é", #"\u2028\u2029\ufffe\uffff"#, "\u{FFFD}中😀",
      #"\"\\\u0001""#,
    ]
    #expect(String(quoted) == expected.joined())
  }

  @Test func everyAlteredByteIsNoticed() throws {
    let sealed = try manifest().seal(page: page())
    for place in sealed.indices {
      var altered = sealed
      altered[place] ^= 1
      #expect(!PageManifest.verify(page: altered).isSound, "byte \(place)")
    }
  }

  @Test func saysWhatWasAltered() throws {
    let manifest = manifest(printed: [PageManifest.Printed(path: "score", text: "0.873")])
    let sealed = String(decoding: try manifest.seal(page: page()), as: UTF8.self)
    func codes(_ old: String, _ new: String) -> [PageVerification.Finding.Code] {
      var bytes = Array(sealed.utf8)
      guard let place = bytes.firstRange(of: Array(old.utf8)) else { return [] }
      bytes.replaceSubrange(place, with: Array(new.utf8))
      return PageManifest.verify(page: bytes).findings.map(\.code)
    }
    #expect(codes("<p>0.873", "<p>0.973") == [.page])
    #expect(codes(#""score":0.87345"#, #""score":0.97345"#) == [.manifest, .value, .printed])
    #expect(codes(#""number":1"#, #""number":2"#) == [.manifest, .key])
    #expect(codes("# T", "# U") == [.manifest, .template])
    #expect(codes(#"id="layerbook-manifest""#, #"id="x""#) == [.noManifest])
  }

  @Test(arguments: [
    ("score", "0.873", true), ("score", "0.87", true), ("score", "87.3 %", true), ("score", "87%", true),
    ("score", "0.874", false), ("score", "0.8735", true), ("score", "88%", false), ("score", "−0.873", false),
    ("distance[1]", "–", true), ("distance[1]", "0.00", false), ("distance[7]", "1", false), ("score", "high", true),
  ])
  func judgesPrintedNumbers(path: String, text: String, isSound: Bool) throws {
    let sealed = try manifest(printed: [PageManifest.Printed(path: path, text: text)]).seal(page: page())
    #expect(PageManifest.verify(page: sealed).isSound == isSound)
  }

  @Test func findingsAreWordedForReaders() throws {
    let sealed = try manifest(printed: [PageManifest.Printed(path: "score", text: "0.8")]).seal(page: page())
    #expect(
      PageManifest.verify(page: sealed).findings.map(\.description) == [
        "fig-1: '0.8' is printed for score, which is 0.87345"
      ])
    #expect(PageManifest.verify(page: Array("<p/>".utf8)).findings.map(\.description) == ["the page has no manifest"])
  }

  @Test func comparesWithAStore() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    let sealed = try manifest().seal(page: page())
    #expect(PageManifest.verify(page: sealed, store: store).missingInStore == 1)
    try store.put(exampleKey(1), StoredResult(value: value))
    #expect(PageManifest.verify(page: sealed, store: store).confirmedByStore == 1)
    try store.put(exampleKey(1), StoredResult(value: ["score": 0.5]))
    let report = PageManifest.verify(page: sealed, store: store)
    #expect(report.findings.map(\.code) == [.store])
  }

  @Test func pageWithoutPlaceholderIsRefused() {
    let none = #expect(throws: ManifestError.self) { try manifest().seal(page: Array("<p/>".utf8)) }
    #expect(none?.description == "the page has no manifest")
    let twice = #expect(throws: ManifestError.self) { try manifest().seal(page: page() + page()) }
    #expect(twice?.description == "the page has 2 manifests, expected one")
    let sealed = try? manifest().seal(page: page())
    #expect(throws: ManifestError.self) { try manifest().seal(page: sealed ?? []) }
  }

  @Test(arguments: ["", "{", "[]", "{}", #"{"format":"x"}"#, #"{"format":"layerbook.manifest/1","results":[1]}"#])
  func brokenManifestIsAFindingNotACrash(text: String) {
    let page = Array("<script type=\"application/json\" id=\"layerbook-manifest\">\(text)</script>".utf8)
    #expect(PageManifest.verify(page: page).findings.map(\.code) == [.noManifest])
  }

  @Test func largeResultsMayStayOutside() throws {
    let entry = PageManifest.Entry(
      id: "a", directive: "pca", line: 1, key: exampleKey(1), result: StoredResult(value: value), isEmbedded: false)
    let sealed = try PageManifest(version: "0", report: "r", template: "", entries: [entry]).seal(page: page())
    let report = PageManifest.verify(page: sealed)
    #expect(report.isSound)
    #expect(report.omittedResults == 1)
    var known = entry
    known.facts = ["blocks": 2]
    let kept = try PageManifest(version: "0", report: "r", template: "", entries: [known]).seal(page: page())
    #expect(try PageManifest(page: kept).entries == [known])
  }
}
