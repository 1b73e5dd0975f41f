import ArgumentParser
import Files
import Results

/// `layerbook verify`: a page against itself, and against the store or the models where they are at hand.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Make a page again and compare; check its numbers from the page alone.",
    discussion: """
      Every page carries its template, inputs, keys, results and digests. `verify` computes the digests again, compares
      the numbers in the text with the results, and makes the page once more, from the results in the store, or with
      --recompute from the book's models: it must come out the same, byte by byte. Exit code 0 means that it did.

      Where it cannot be made again from anything but itself, that is said, with what was checked: its digests, its
      markup, and that its tables, figures and captions are those of the results it carries. Who rewrites a page can
      rewrite those, too, so the exit code is 1, unless --seal-only says that no more is wanted.

      Examples:
        layerbook verify site/tour.html
        layerbook verify site/tour.html --recompute
        layerbook verify downloaded.html --seal-only
      """)

  @Argument(help: "Pages.")
  var pages: [String]

  @Flag(help: "Run every directive again and compare number by number.")
  var recompute = false

  @Flag(help: "Be content with what the page says of itself; no model and no store is asked.")
  var sealOnly = false

  @OptionGroup var options: BookOptions

  func validate() throws {
    if recompute, sealOnly { throw ValidationError("--recompute and --seal-only exclude each other") }
  }

  func run() throws {
    let book = try options.load()
    let directory = sealOnly ? nil : options.storeDirectory(book)
    let judge = PageJudge(
      options: options, book: book, recompute: recompute, sealOnly: sealOnly,
      store: directory.flatMap { isDirectory($0) ? ResultStore(directory: $0) : nil })
    var areVerified = true
    for path in pages {
      let verdict = try judge.verdict(path)
      for finding in verdict.findings { Terminal.error("\(path): error: \(finding)") }
      print("\(path): \(verdict.line)")
      if let diff = verdict.diff { print(diff.text(), terminator: "") }
      areVerified = areVerified && verdict.isVerified
    }
    if !areVerified { throw CommandFailure(code: .failed, message: "not every page was verified") }
  }
}
