import ArgumentParser
import Blocks
import Files
import Reports
import Results

/// `layerbook verify`: a page against itself, and against the store or the models where they are at hand.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a page's numbers from the page alone, and against the store.",
    discussion: """
      Every page carries its template, inputs, keys, results and digests. `verify` computes the digests again and compares
      the numbers in the text with the results. Where the store has all results, it makes the page once more and compares
      byte by byte. --recompute runs every directive again with the book's models.

      Digests alone show mistakes, not forgery: who rewrites a page can rewrite them.

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
    let frozen = Evaluator(bench: options.bench(book, isFrozen: true))
    var isSound = true
    for path in pages {
      let bytes: [UInt8]
      do { bytes = try readFile(path) } catch { throw Faults.failure(error) }
      let report = PageAudit.verify(page: bytes, store: store)
      var findings = report.findings.map { "\($0)" }
      var notes: [String] = []
      var diff: ResultDiff?
      if report.isSound {
        let manifest = try PageManifest(page: bytes)
        let reprint: PageReprint
        if recompute {
          let old = ResultSet(label: path, manifest: manifest)
          let again = try Reproduction(options: options, book: book).compare(old, manifest: manifest, page: bytes)
          (diff, reprint) = (again.diff, again.reprint)
        } else {
          reprint = PageReprint.compare(
            bytes, manifest: manifest, book: book, evaluator: frozen, version: Version.current)
        }
        Self.add(reprint, from: recompute ? "results computed now" : "the store", &findings, &notes)
      }
      for finding in findings { Terminal.error("\(path): error: \(finding)") }
      print(
        "\(path): " + (Self.summary(report, findings.count, hasStore: store != nil) + notes).joined(separator: "; "))
      if let diff { print(diff.text(), terminator: "") }
      isSound = isSound && findings.isEmpty && !(diff?.isBeyond ?? false)
    }
    if !isSound { throw CommandFailure(code: .failed, message: "not every page is what it says it is") }
  }

  /// What making the page again has shown: the only check that sees captions, tables and drawings, too.
  private static func add(
    _ reprint: PageReprint, from source: String, _ findings: inout [String], _ notes: inout [String]
  ) {
    switch reprint {
    case .same: notes.append("its template and \(source) give the same page")
    case .differs(let place): findings.append("the page is not what its template and \(source) give, \(place)")
    case .impossible(let reason): notes.append("not made again from its template: \(reason)")
    }
  }

  private static func summary(_ report: PageVerification, _ findings: Int, hasStore: Bool) -> [String] {
    var parts = [findings == 0 ? "sound" : "\(findings) contradiction\(findings == 1 ? "" : "s")"]
    parts.append("\(report.checkedResults) results and \(report.checkedPrinted) printed numbers checked")
    if report.uncheckedPrinted > 0 {
      parts.append("\(report.uncheckedPrinted) printed numbers not, for their results are not in the page")
    }
    if report.omittedResults > 0 { parts.append("\(report.omittedResults) results by digest only") }
    if hasStore {
      parts.append("\(report.confirmedByStore) confirmed by the store, \(report.missingInStore) not in it")
    }
    return parts
  }
}
