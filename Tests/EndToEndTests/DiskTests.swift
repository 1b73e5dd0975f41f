import Foundation
import TestSupport
import Testing

/// Disks that are full, read-only, or others than those of the neighbours.
@Suite(.serialized, .enabled(if: MountedFolder.isPossible, "only root may mount a small file system"))
struct DiskTests {
  @Test func aFullOutputFolderKeepsTheLastPage() throws {
    let book = try BookFolder()
    let disk = try book.mount("disk", megabytes: 1)
    #expect(try book.render(SmallReport.template(20), "--out", "disk").status == 0)
    let good = try #require(book.bytes("disk/t.html"))
    try disk.fill()
    let before = book.files(below: "disk")
    let outcome = try book.render(SmallReport.template(21), "--out", "disk")
    #expect(outcome.status == 1)
    #expect(
      Self.withoutDigest(outcome.errors) == "error: cannot write 'disk/t.files/fig-1.csv': no space left on device\n"
        + "some pages were not written; the last good ones stay\n")
    #expect(book.bytes("disk/t.html") == good)
    #expect(book.files(below: "disk") == before)
    try disk.empty()
    // Nothing that was computed is lost with the page.
    #expect(try book.renderAgain("--out", "disk", "--frozen").status == 0)
    #expect(book.bytes("disk/t.html") != good)
  }

  @Test(arguments: [0, 24_000]) func aFullStoreStillGivesThePage(room: Int) throws {
    let book = try BookFolder()
    let page = try book.undisturbedPage(SmallReport.template(20))
    let disk = try book.mount("disk", megabytes: 1)
    try disk.fill(leaving: room)
    for _ in 0..<2 {
      let outcome = try book.renderAgain("--store", "disk/store")
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("warning: cannot keep a result in the store: cannot write 'disk/store/"))
      #expect(outcome.errors.contains(".entry': no space left on device; going on without keeping it\n"))
      #expect(book.bytes("site/t.html") == page)
      #expect(book.partials(below: "disk") == [])
      #expect(try book.run("cache", "verify", "--store", "disk/store").output.hasSuffix(" 0 damaged\n"))
      try book.remove("site")
    }
    try disk.empty()
    let outcome = try book.renderAgain("--store", "disk/store")
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    #expect(SmallReport.computed(try book.renderAgain("--store", "disk/store", "--frozen")) == 0)
  }

  @Test func aFullArchiveKeepsItsVersions() throws {
    let book = try BookFolder()
    let disk = try book.mount("disk", megabytes: 1)
    #expect(try book.render(SmallReport.template(20)).status == 0)
    #expect(try book.archive("--archive", "disk").status == 0)
    let before = book.files(below: "disk")
    try disk.fill(leaving: 8_192)
    try book.write(SmallReport.template(21), to: "book/t.md")
    let outcome = try book.archive("--archive", "disk")
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("error: cannot use the archive: cannot write 'disk/t/.partial-"))
    #expect(outcome.errors.hasSuffix("': no space left on device\n"), "\(outcome.errors)")
    #expect(book.files(below: "disk") == ["fill"] + before)
    #expect(try book.run("archive", "verify", "--archive", "disk").output == "t/0001: sound\n")
    try disk.empty()
    #expect(try book.archive("--archive", "disk").output.hasPrefix("disk/t/0002-"))
  }

  @Test func aFullDiskKeepsTheLastCapture() throws {
    let book = try BookFolder()
    let disk = try book.mount("disk", megabytes: 1)
    try book.write("the last good file", to: "disk/states")
    try disk.fill(leaving: 100_000)
    let outcome = try book.run(
      "capture", "--book", "book", "--model", "gpt", "--dataset", "atlas", "--position", "last", "--n", "60", "--out",
      "disk/states")
    #expect(outcome.status == 1)
    #expect(outcome.errors == "error: cannot write disk/states: no space left on device\n")
    #expect(book.bytes("disk/states") == Data("the last good file".utf8))
    #expect(book.files(below: "disk") == ["fill", "states"])
  }

  /// The digest in the name of a file beside a page.
  private static func withoutDigest(_ text: String) -> String { text.replacing(/-[0-9a-f]{8}\./, with: ".") }

  @Test func aReadOnlyOutputFolderIsSaid() throws {
    let book = try BookFolder()
    let disk = try book.mount("disk", megabytes: 1)
    #expect(try book.render(SmallReport.template(20), "--out", "disk").status == 0)
    let good = try #require(book.bytes("disk/t.html"))
    try disk.makeReadOnly()
    #expect(try book.renderAgain("--out", "disk").output == "disk/t.html is up to date\n")
    let outcome = try book.render(SmallReport.template(21), "--out", "disk")
    #expect(outcome.status == 1)
    #expect(
      Self.withoutDigest(outcome.errors)
        .hasPrefix("error: cannot write 'disk/t.files/fig-1.csv': read-only file system\n"), "\(outcome.errors)")
    #expect(book.bytes("disk/t.html") == good)
    let folder = try book.renderAgain("--out", "disk/new")
    #expect(folder.status == 1)
    #expect(folder.errors.hasPrefix("error: cannot create folder 'disk/new': read-only file system\n"))
  }

  @Test func aReadOnlyStoreAnswersAndOnlyWarns() throws {
    let book = try BookFolder()
    let disk = try book.mount("disk", megabytes: 4)
    let page = try book.undisturbedPage(SmallReport.template(21))
    #expect(try book.render(SmallReport.template(20), "--store", "disk").status == 0)
    let before = book.files(below: "disk")
    try disk.makeReadOnly()
    let stored = try book.renderAgain("--store", "disk", "--out", "stored")
    #expect(stored.status == 0 && stored.errors == "", "\(stored.errors)")
    #expect(SmallReport.computed(stored) == 0)
    let computed = try book.render(SmallReport.template(21), "--store", "disk")
    #expect(computed.status == 0)
    #expect(SmallReport.computed(computed) == SmallReport.results)
    #expect(computed.errors.hasPrefix("warning: cannot keep a result in the store: "), "\(computed.errors)")
    #expect(computed.errors.contains("read-only file system; going on without keeping it\n"))
    #expect(book.bytes("site/t.html") == page)
    #expect(try book.run("cache", "verify", "--store", "disk").output.hasSuffix(" 0 damaged\n"))
    let clean = try book.run("cache", "clean", "--all", "--store", "disk")
    #expect(clean.status == 1)
    #expect(clean.errors.hasPrefix("error: cannot remove 'disk/"), "\(clean.errors)")
    #expect(book.files(below: "disk") == before)
  }

  @Test func aReadOnlyArchiveIsSaid() throws {
    let book = try BookFolder()
    let disk = try book.mount("disk", megabytes: 1)
    #expect(try book.render(SmallReport.template(20)).status == 0)
    #expect(try book.archive("--archive", "disk").status == 0)
    let before = book.files(below: "disk")
    try disk.makeReadOnly()
    try book.write(SmallReport.template(21), to: "book/t.md")
    let outcome = try book.archive("--archive", "disk")
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("error: cannot use the archive: cannot "), "\(outcome.errors)")
    #expect(outcome.errors.contains("'disk/t/") && outcome.errors.hasSuffix(": read-only file system\n"))
    #expect(book.files(below: "disk") == before)
    #expect(try book.run("archive", "verify", "--archive", "disk").output == "t/0001: sound\n")
  }

  @Test func everyPlaceMayHaveADiskOfItsOwn() throws {
    let book = try BookFolder()
    let page = try book.undisturbedPage(SmallReport.template(20))
    for name in ["store", "site", "archive", "temporary"] { _ = try book.mount(name, megabytes: 4) }
    let environment = ["TMPDIR": book.path + "/temporary"]
    let render = try Program.run(
      ["render", "book/t.md", "--store", "store"], in: book.path, environment: environment)
    #expect(render.status == 0 && render.errors == "", "\(render.errors)")
    #expect(book.bytes("site/t.html") == page)
    let add = try Program.run(
      ["archive", "add", "book/t.md", "--store", "store"], in: book.path, environment: environment)
    #expect(add.output.hasPrefix("archive/t/0001-"), "\(add.errors)")
    let version = try #require(book.versions().first)
    #expect(book.bytes("archive/t/\(version)/data/page.html") == page)
    #expect(try book.run("archive", "verify").status == 0)
    let capture = ["capture", "--book", "book", "--model", "gpt", "--dataset", "atlas", "--position", "last"]
    let captured = try Program.run(
      capture + ["--n", "9", "--store", "store", "--out", "site/states"], in: book.path, environment: environment)
    #expect(captured.status == 0, "\(captured.errors)")
    #expect(book.files(below: "temporary") == [])
  }
}

/// Places that cannot be folders, which no permission is needed to refuse.
@Suite struct PlaceTests {
  @Test func aPlaceBelowAFileIsRefused() throws {
    let book = try BookFolder()
    try book.write("a file", to: "file")
    #expect(try book.render(SmallReport.template(20)).status == 0)
    let output = try book.renderAgain("--out", "file/site")
    #expect(output.status == 1)
    #expect(output.errors.hasPrefix("error: cannot create folder 'file"), "\(output.errors)")
    let store = try book.renderAgain("--store", "file/store", "--out", "other")
    #expect(store.status == 0)
    #expect(store.errors.hasPrefix("warning: cannot keep a result in the store: "), "\(store.errors)")
    #expect(book.bytes("other/t.html") == book.bytes("site/t.html"))
    let archive = try book.archive("--archive", "file/archive")
    #expect(archive.status == 1)
    #expect(archive.errors.hasPrefix("error: cannot use the archive: cannot create folder 'file"))
    #expect(book.bytes("file") == Data("a file".utf8))
  }
}
