import ArgumentParser
import Blocks
import Books
import Files
import Reports
import Results

/// `layerbook verify`: a page against itself, and against the store or the models where they are at hand.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a page's numbers from the page alone, and against the store.",
    discussion: """
      Every page carries its inputs, keys, results and digests. `verify` computes the digests again; where the store has
      the same keys, it compares with what is kept there. --recompute runs every directive again with the book's models.

      Examples:
        layerbook verify site/tour.html
        layerbook verify site/tour.html --recompute
      """)

  @Argument(help: "Pages.")
  var pages: [String]

  @Flag(help: "Run every directive again and compare number by number.")
  var recompute = false

  @OptionGroup var options: BookOptions

  func run() throws {
    let book = try options.load()
    let directory = options.storeDirectory(book)
    let store = directory.flatMap { isDirectory($0) ? ResultStore(directory: $0) : nil }
    var isSound = true
    for path in pages {
      let bytes: [UInt8]
      do { bytes = try readFile(path) } catch { throw Faults.failure(error) }
      let report = PageManifest.verify(page: bytes, store: store)
      for finding in report.findings { Terminal.error("\(path): error: \(finding)") }
      print("\(path): \(Self.summary(report, hasStore: store != nil))")
      isSound = isSound && report.isSound
      guard recompute, report.isSound else { continue }
      let old = try ResultSet(label: path, page: bytes)
      let diff = try Reproduction(options: options, book: book).compare(old, manifest: PageManifest(page: bytes))
      print(diff.text(), terminator: "")
      isSound = isSound && !diff.isBeyond
    }
    if !isSound { throw CommandFailure(code: .failed, message: "not every page is what it says it is") }
  }

  private static func summary(_ report: PageVerification, hasStore: Bool) -> String {
    var parts = [report.isSound ? "sound" : "\(report.findings.count) contradictions"]
    parts.append("\(report.checkedResults) results and \(report.checkedPrinted) printed numbers checked")
    if report.omittedResults > 0 { parts.append("\(report.omittedResults) results by digest only") }
    if hasStore {
      parts.append("\(report.confirmedByStore) confirmed by the store, \(report.missingInStore) not in it")
    }
    return parts.joined(separator: "; ")
  }
}
