import Files
import Foundation
import Glibc
import JSONText
import Results
import TestSupport
import Testing

/// A version with a page, sources and two results.
func exampleItems(_ number: Int = 1) throws -> (items: [ArchiveItem], manifest: PageManifest) {
  let results: [JSONValue] = [
    ["score": .double(Double(number) / 3), "distance": [0.5, nil, 1]],
    ["top": [["layer": 1, "sources": [["dim": 7, "contribution": 0.5]]]]],
  ]
  let entries = results.enumerated().map { place, value in
    PageManifest.Entry(
      id: "fig-\(place)", directive: "convergence", line: place + 1, key: exampleKey(place),
      result: StoredResult(value: value), isEmbedded: place == 0)
  }
  let manifest = PageManifest(version: "0.1", report: "tiny", template: "# Tiny\n", entries: entries)
  let page = try manifest.seal(page: Array("<html>\(PageManifest.placeholder)</html>".utf8))
  let items = ArchiveItem.version(
    page: page, template: "# Tiny\n", book: ["models": [:]], environment: ["layerbook": "0.1"], manifest: manifest,
    results: ["fig-1": results[1]])
  return (items, manifest)
}

let exampleDescription = ArchiveDescription(
  title: "Tiny report", summary: "What happens between layers.", authors: ["A. Author", "B. Author"],
  date: "2026-01-31", license: "https://creativecommons.org/licenses/by/4.0/", version: "0.1")

@Suite struct ArchiveTests {
  @Test func versionsAreNumberedAndListed() throws {
    let folder = try TemporaryDirectory()
    let archive = Archive(directory: folder.path + "/archive")
    #expect(try archive.reports() == [])
    for number in 1...3 {
      let added = try archive.add(
        report: "tiny", description: exampleDescription, items: try exampleItems(number).items)
      #expect(added.isNew)
      #expect(added.version.number == number)
      #expect(archive.verify(added.version) == [])
    }
    #expect(try archive.reports() == ["tiny"])
    let versions = try archive.versions(of: "tiny")
    #expect(versions.map(\.description) == ["tiny/0001", "tiny/0002", "tiny/0003"])
    #expect(fileName(of: versions[0].path).hasPrefix("0001-20260131-"))
    #expect(try archive.version(named: "tiny") == versions[2])
    #expect(try archive.version(named: "tiny/2") == versions[1])
    #expect(try archive.version(named: "tiny/0001") == versions[0])
    #expect(try archive.version(named: "tiny/" + fileName(of: versions[1].path)) == versions[1])
    #expect(try listing(folder.path + "/archive/tiny").count == 3)
    #expect(
      try versions[0].files().map(\.path) == [
        "book.json", "environment.json", "manifest.json", "page.html", "results/fig-0.distance.csv",
        "results/fig-0.json", "results/fig-0.values.csv", "results/fig-1.json", "results/fig-1.top.csv",
        "results/fig-1.top.sources.csv", "ro-crate-metadata.json", "template.md",
      ])
    #expect(isFile(versions[0].pagePath))
  }

  @Test func resultsComeBack() throws {
    let folder = try TemporaryDirectory()
    let archive = Archive(directory: folder.path)
    let (items, manifest) = try exampleItems()
    let version = try archive.add(report: "tiny", description: exampleDescription, items: items).version
    #expect(try version.manifest() == manifest)
    let results = try version.results()
    #expect(results.label == "tiny/0001")
    #expect(results.entries.map { $0.result.map { valueDigest(of: $0).hex } } == results.entries.map(\.valueDigest))
    let other = try archive.add(report: "tiny", description: exampleDescription, items: try exampleItems(2).items)
    let diff = ResultDiff(old: results, new: try other.version.results())
    #expect(diff.pairs.map(\.isSame) == [false, true])
    #expect(diff.isBeyond)
  }

  @Test func oddIdsGetNamesOfTheirOwn() throws {
    let folder = try TemporaryDirectory()
    let ids = ["a", "A", "é/..", "a-2"]
    let entries = ids.enumerated().map { place, id in
      PageManifest.Entry(
        id: id, directive: "pca", line: 1, key: exampleKey(place),
        result: StoredResult(value: ["values": [["x": .int(place)]], "y": 1]), isEmbedded: false)
    }
    let manifest = PageManifest(version: "0", report: "odd", template: "", entries: entries)
    let values = Dictionary(
      uniqueKeysWithValues: ids.enumerated().map { place, id in
        (id, ["values": [["x": .int(place)]], "y": 1] as JSONValue)
      })
    let items = ArchiveItem.version(
      page: [], template: "", book: nil, environment: nil, manifest: manifest, results: values)
    let version = try Archive(directory: folder.path)
      .add(report: "odd", description: exampleDescription, items: items).version
    #expect(try version.results().entries.map { $0.result?["values"]?[0]?["x"]?.intValue } == [0, 1, 2, 3])
  }

  @Test func identicalContentMakesNoVersion() throws {
    let folder = try TemporaryDirectory()
    let archive = Archive(directory: folder.path)
    let first = try archive.add(report: "tiny", description: exampleDescription, items: try exampleItems().items)
    var later = exampleDescription
    later.date = "2027-01-01"
    let again = try archive.add(report: "tiny", description: later, items: try exampleItems().items.reversed())
    #expect(!again.isNew)
    #expect(again.version == first.version)
    // A damaged version does not count.
    chmod(first.version.pagePath, 0o644)
    try AtomicFile.write([1], to: first.version.pagePath)
    #expect(try archive.add(report: "tiny", description: later, items: try exampleItems().items).isNew)
  }

  @Test func filesAreReadOnly() throws {
    let folder = try TemporaryDirectory()
    let version = try Archive(directory: folder.path)
      .add(report: "tiny", description: exampleDescription, items: try exampleItems().items).version
    for path in try version.files().map({ "data/\($0.path)" }) + ["bagit.txt", "bag-info.txt"] {
      var info = stat()
      #expect(stat("\(version.path)/\(path)", &info) == 0)
      #expect(info.st_mode & 0o777 == 0o444)
    }
  }

  @Test func everyChangedMissingAndAddedByteIsFound() throws {
    let folder = try TemporaryDirectory()
    let archive = Archive(directory: folder.path)
    let version = try archive.add(report: "tiny", description: exampleDescription, items: try exampleItems().items)
      .version
    let tags = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"]
    for name in try version.files().map({ "data/\($0.path)" }) + tags {
      let path = "\(version.path)/\(name)"
      let whole = try readFile(path)
      let flipped = stride(from: 0, to: whole.count, by: tags.contains(name) ? 1 : 97).map { place in
        whole[..<place] + [whole[place] ^ 1] + whole[(place + 1)...]
      }
      for altered in [[], whole + [0x0A], Array(whole.dropLast())] + flipped.map(Array.init) {
        try AtomicFile.write(altered, to: path, durable: false)
        #expect(archive.verify(version).contains { $0.path == name || $0.code == .name }, "\(name)")
      }
      try removeFile(path)
      #expect(archive.verify(version).contains { $0.code == .missing }, "\(name)")
      try AtomicFile.write(whole, to: path)
      #expect(archive.verify(version) == [])
    }
    for name in ["data/extra", "data/results/extra.json", "extra.txt"] {
      try AtomicFile.write([], to: "\(version.path)/\(name)")
      #expect(archive.verify(version).map(\.description) == ["added: \(name)"])
      try removeFile("\(version.path)/\(name)")
    }
    symlink("page.html", "\(version.path)/data/link")
    #expect(archive.verify(version).map(\.code).contains(.notAFile))
  }

  @Test func remadeManifestsDoNotHideAChange() throws {
    let folder = try TemporaryDirectory()
    let archive = Archive(directory: folder.path)
    let version = try archive.add(report: "tiny", description: exampleDescription, items: try exampleItems().items)
      .version
    func replace(_ name: String, _ old: SHA256Digest, _ new: SHA256Digest) throws -> (SHA256Digest, SHA256Digest) {
      let path = "\(version.path)/\(name)"
      let bytes = try readFile(path)
      let text = String(decoding: bytes, as: UTF8.self).replacing(old.hex, with: new.hex)
      try AtomicFile.write(Array(text.utf8), to: path)
      return (sha256(bytes), sha256(Array(text.utf8)))
    }
    let page = try readFile(version.pagePath)
    try AtomicFile.write(page + [0x20], to: version.pagePath)
    let (old, new) = try replace("manifest-sha256.txt", sha256(page), sha256(page + [0x20]))
    _ = try replace("tagmanifest-sha256.txt", old, new)
    #expect(archive.verify(version).map(\.code) == [.name])
  }

  @Test func linksOutOfTheTreeAreRefused() throws {
    let folder = try TemporaryDirectory()
    let (tree, secret) = (folder.path + "/book", folder.path + "/secret")
    try createDirectory(tree)
    try AtomicFile.write([1], to: secret)
    try AtomicFile.write([2], to: tree + "/inside")
    symlink(secret, tree + "/out")
    symlink("inside", tree + "/in")
    let archive = Archive(directory: folder.path + "/archive")
    func add(_ path: String) throws {
      let item = ArchiveItem(path: "x", title: "x", content: .file(path, inside: tree))
      _ = try archive.add(report: "tiny", description: exampleDescription, items: [item])
    }
    let error = #expect(throws: ArchiveError.self) { try add(tree + "/out") }
    #expect(error?.code == .outsideTree)
    #expect(error?.description.hasPrefix("cannot archive '\(tree)/out': it leads to ") == true)
    #expect(throws: ArchiveError.self) { try add(tree + "/../secret") }
    try add(tree + "/in")
    symlink(folder.path, folder.path + "/archive/evil")
    #expect(throws: ArchiveError.self) {
      try archive.add(report: "evil", description: exampleDescription, items: try exampleItems().items)
    }
  }

  @Test(arguments: ["../x", "/x", "a//b", "", "a/../b", "é", "a b", ".hidden", "a\nb", "-x", "ro-crate-metadata.json"])
  func hostileNamesAreRefused(name: String) throws {
    let folder = try TemporaryDirectory()
    let archive = Archive(directory: folder.path + "/archive")
    let item = ArchiveItem(path: name, title: "x", content: .bytes([]))
    let error = #expect(throws: ArchiveError.self) {
      try archive.add(report: "tiny", description: exampleDescription, items: [item])
    }
    #expect(error?.code == .badName)
    if name != "ro-crate-metadata.json" {
      #expect(throws: ArchiveError.self) {
        try archive.add(report: name, description: exampleDescription, items: [])
      }
    }
    #expect(!isDirectory(folder.path + "/archive"))
  }

  @Test func errorsNameWhatThereIs() throws {
    let folder = try TemporaryDirectory()
    let archive = Archive(directory: folder.path)
    func message(_ name: String) -> String? {
      #expect(throws: ArchiveError.self) { try archive.version(named: name) }?.description
    }
    #expect(message("tiny") == "no version of 'tiny' is archived; the archive is empty")
    _ = try archive.add(report: "tiny", description: exampleDescription, items: try exampleItems().items)
    #expect(message("tin") == "no version of 'tin' is archived; there are 'tiny'")
    #expect(message("tiny/2") == "'tiny' has no version '2'; its latest is 1")
    #expect(message("tiny/1/x") == "'tiny/1/x' names no version, expected REPORT or REPORT/NUMBER")
    var bad = exampleDescription
    bad.date = "31.1.2026"
    let error = #expect(throws: ArchiveError.self) { try archive.add(report: "t", description: bad, items: []) }
    #expect(error?.description == "the date '31.1.2026' is not of the form YYYY-MM-DD")
  }
}
