import Files
import Foundation
import JSONText
import TestSupport
import Testing

/// Pages and archives that someone rewrote, digests and all: nothing of it passes in silence.
@Suite struct ForgeryTests {
  private static let template = "# T\n\nS = <<value convergence.score n=20>>.\n\n<<convergence n=20 as=table>>\n"
  private static let opening = "<script type=\"application/json\" id=\"layerbook-manifest\">"

  /// A page taken apart: its text without the manifest, and the manifest.
  private struct Parts {
    var text: String
    var manifest: JSONObject

    init(_ page: String) throws {
      let start = try #require(page.range(of: ForgeryTests.opening)?.upperBound)
      let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)?.lowerBound)
      text = String(page[..<start] + page[end...])
      manifest = try #require(try JSON.parse(Array(page[start..<end].utf8)).objectValue)
    }

    /// The page with digests that fit, as a forger would compute them.
    func sealed() throws -> String {
      var manifest = manifest
      manifest["page_sha256"] = .string(sha256(Array(text.utf8)).hex)
      manifest["manifest_sha256"] = nil
      manifest["manifest_sha256"] = .string(sha256(Array(JSON.write(.object(manifest)).utf8)).hex)
      let json = JSON.write(.object(manifest)).replacing("&", with: "\\u0026").replacing("<", with: "\\u003c")
        .replacing(">", with: "\\u003e")
      let place = try #require(text.range(of: ForgeryTests.opening)?.upperBound)
      return text[..<place] + json + text[place...]
    }
  }

  private func rendered() throws -> (BookFolder, Parts) {
    let book = try BookFolder()
    #expect(try book.render(Self.template).status == 0)
    return (book, try Parts(book.page()))
  }

  /// Every number of the table's cells, another one.
  private func falsified(_ text: String) -> String {
    text.replacing("<td class=\"num\">0.", with: "<td class=\"num\">9.")
  }

  @Test func aClaimedVersionHidesNothing() throws {
    var (book, parts) = try rendered()
    parts.text = falsified(parts.text).replacing(Version.pattern, with: "layerbook 0.0.9").replacing(
      "Movement", with: "Rest")
    parts.manifest["layerbook"] = "0.0.9"
    try book.write(try parts.sealed(), to: "site/t.html")
    for more in [[], ["--recompute"], ["--store", "none"]] {
      let outcome = try Program.run(["verify", "site/t.html", "--book", "book"] + more, in: book.path)
      #expect(outcome.status == 1, "\(more)")
      #expect(outcome.output.hasPrefix("site/t.html: not verified: "), "\(outcome.output)")
      #expect(!outcome.output.contains("sound"))
    }
    let seal = try book.run("verify", "site/t.html", "--book", "book", "--seal-only")
    #expect(seal.output.contains("its figures and captions were not checked"))
    #expect(seal.output.contains("not so: 9."))
  }

  @Test func withoutTheClaimItIsAContradiction() throws {
    var (book, parts) = try rendered()
    parts.text = falsified(parts.text)
    try book.write(try parts.sealed(), to: "site/t.html")
    for more in [[], ["--recompute"], ["--store", "none"], ["--seal-only"]] {
      let outcome = try Program.run(["verify", "site/t.html", "--book", "book"] + more, in: book.path)
      #expect(outcome.status == 1, "\(more)")
      #expect(outcome.output.hasPrefix("site/t.html: 1 contradiction"), "\(outcome.output)")
    }
  }

  @Test func valuesDecideWhetherResultsAreTheSame() throws {
    let (book, parts) = try rendered()
    try book.write(book.page(), to: "old.html")
    #expect(try book.run("diff", "old.html", "site/t.html").status == 0)
    var forged = parts
    var results = try #require(forged.manifest["results"]?.arrayValue)
    var entry = try #require(results[0].objectValue)
    let text = JSON.write(try #require(entry["result"]))
    let score = try #require(text.firstMatch(of: /"score":(0\.\d+)/)?.output.1)
    entry["result"] = try JSON.parse(Array(text.replacing("\"score\":\(score)", with: "\"score\":0.125").utf8))
    results[0] = .object(entry)
    forged.manifest["results"] = .array(results)
    try book.write(try forged.sealed(), to: "site/t.html")
    let outcome = try book.run("diff", "old.html", "site/t.html")
    #expect(outcome.status == 1)
    #expect(!outcome.output.contains("same result"))
    #expect(outcome.output.contains("result.score"))
    #expect(outcome.errors.contains("error: site/t.html: "), "\(outcome.errors)")
    #expect(outcome.errors.contains("the digest does not follow from the result"))
    #expect(try book.run("verify", "site/t.html", "--book", "book").status == 1)
  }

  @Test func anArchiveWhoseRecordWasAlteredSaysSo() throws {
    let book = try BookFolder()
    for texts in [20, 21] {
      try book.write(Self.template.replacing("n=20", with: "n=\(texts)"), to: "book/t.md")
      #expect(try book.run("archive", "add", "--book", "book").status == 0)
    }
    let version = try #require(book.files(below: "archive/t").first { $0.hasPrefix("0002") && !$0.contains("/") })
    let path = "archive/t/\(version)/data/manifest.json"
    let text = String(decoding: try #require(book.bytes(path)), as: UTF8.self)
    let score = try #require(text.firstMatch(of: /"score": (0\.\d+)/)?.output.1)
    try book.remove(path)
    try book.write(text.replacing("\"score\": \(score)", with: "\"score\": 0.125"), to: path)
    for arguments in [
      ["archive", "diff", "t"], ["archive", "reproduce", "t", "--book", "book"], ["archive", "verify"],
    ] {
      let outcome = try Program.run(arguments, in: book.path)
      #expect(outcome.status == 1, "\(arguments)")
      #expect(outcome.errors.contains("manifest.json"), "\(outcome.errors)")
    }
  }

  @Test func foldersThatHoldNothingAreNotPartOfAnArchive() throws {
    let book = try BookFolder()
    try book.write("# T\n", to: "book/t.md")
    #expect(try book.run("archive", "add", "--book", "book").status == 0)
    let version = try #require(book.files(below: "archive/t").first { $0.hasPrefix("0001") && !$0.contains("/") })
    try FileManager.default.createDirectory(
      atPath: "\(book.path)/archive/t/\(version)/data/more", withIntermediateDirectories: false)
    let outcome = try book.run("archive", "verify")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("added: data/more (an empty folder)"))
    // A number after which there is no other.
    try FileManager.default.createDirectory(
      atPath: book.path + "/archive/t/9223372036854775807-20260101-0123456789ab", withIntermediateDirectories: false)
    try book.write("# Other\n", to: "book/t.md")
    let added = try book.run("archive", "add", "--book", "book")
    #expect(added.status == 0)
    #expect(added.output.contains("/0002-"))
  }

  /// How many edits are tried: a few in every run, ten thousand where a long run is asked for.
  private static let edits = ProcessInfo.processInfo.environment["LAYERBOOK_LONG"] == nil ? 40 : 10_000

  /// One byte changed anywhere, at random: every check notices, whether or not the page is still HTML.
  @Test func noEditOfOneByteOfAPagePassesInSilence() throws {
    let (book, _) = try rendered()
    let page = Array(try #require(book.bytes("site/t.html")))
    try book.write(page, to: "old.html")
    var random = DamageGenerator(seed: 7)
    for _ in 0..<Self.edits {
      let place = random.index(below: page.count)
      try book.write(random.alteration(of: page, at: place), to: "site/t.html")
      #expect(try book.run("verify", "site/t.html", "--book", "book", "--seal-only").status != 0, "byte \(place)")
      #expect(try book.run("diff", "old.html", "site/t.html").status != 0, "byte \(place)")
    }
  }

  /// The same for every file of an archived version.
  @Test func noEditOfOneByteOfAnArchivePassesInSilence() throws {
    let book = try BookFolder()
    try book.write(Self.template, to: "book/t.md")
    #expect(try book.run("archive", "add", "--book", "book").status == 0)
    let files = book.files(below: "archive/t").filter { !$0.hasPrefix(".") && book.bytes("archive/t/\($0)") != nil }
    #expect(files.count > 10)
    var random = DamageGenerator(seed: 8)
    for _ in 0..<Self.edits {
      let path = "archive/t/" + files[random.index(below: files.count)]
      let sound = Array(try #require(book.bytes(path)))
      guard !sound.isEmpty else { continue }
      let place = random.index(below: sound.count)
      try book.remove(path)
      try book.write(random.alteration(of: sound, at: place), to: path)
      #expect(try book.run("archive", "verify").status == 1, "\(path), byte \(place)")
      try book.remove(path)
      try book.write(sound, to: path)
    }
    #expect(try book.run("archive", "verify").status == 0)
  }

  /// The same for a record of the store, which is damaged then, said so, and never shown.
  @Test func noEditOfOneByteOfARecordPassesInSilence() throws {
    let (book, _) = try rendered()
    let folder = "book/.layerbook/result"
    let path = folder + "/" + (try #require(book.files(below: folder).first { $0.hasSuffix(".entry") }))
    let sound = Array(try #require(book.bytes(path)))
    var random = DamageGenerator(seed: 9)
    for _ in 0..<Self.edits {
      let place = random.index(below: sound.count)
      try book.write(random.alteration(of: sound, at: place), to: path)
      let outcome = try book.run("cache", "verify", "--book", "book")
      #expect(outcome.status == 1 && outcome.errors.contains("thrown away"), "byte \(place)")
    }
  }
}

extension DamageGenerator {
  fileprivate mutating func index(below count: Int) -> Int { Int(next() % UInt64(count)) }

  /// The bytes with another one at a place.
  fileprivate mutating func alteration(of bytes: [UInt8], at place: Int) -> [UInt8] {
    var altered = bytes
    altered[place] ^= UInt8(1 + next() % 255)
    return altered
  }
}

private enum Version {
  static var pattern: Regex<Substring> { /layerbook \d+\.\d+\.\d+/ }
}
