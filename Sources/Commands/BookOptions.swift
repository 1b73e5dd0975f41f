import ArgumentParser
import Blocks
import Books
import Diagnostics
import Files
import Foundation
import Tensors

/// The options that say which book, which store and how much of the machine: shared by every command that computes.
struct BookOptions: ParsableArguments {
  @Option(help: "The folder that holds layerbook.yaml, or 'none'. Default: found from the template, or ./reports.")
  var book: String?

  @Option(help: "Where results are kept, or 'none'. Default: .layerbook in the book's folder.")
  var store: String?

  @Option(help: "Threads of the numeric kernels. Default: every core; no printed digit depends on it.")
  var threads: Int?

  @Option(help: "Memory for hidden states, such as 4G.")
  var memory: String = "2G"

  @Flag(help: "Run no program of the book's own engines: what the store has of them is shown, the rest refused.")
  var noEngines = false

  func validate() throws {
    try PathOptions.check("--book", book)
    try PathOptions.check("--store", store)
    if let threads, threads < 1 { throw ValidationError("--threads needs a number above 0, found \(threads)") }
    if Self.bytes(memory) == nil {
      throw ValidationError("--memory needs a size such as 500M or 4G, found '\(memory)'")
    }
  }

  /// The book's folder; nil where there is none or none is wanted.
  func directory(near template: String? = nil) -> String? {
    if let book { return book == "none" ? nil : book }
    if let template, let found = BookReader.directory(above: template) { return found }
    if isFile("reports/" + Book.fileName) { return "reports" }
    if isFile(Book.fileName) { return "." }
    return nil
  }

  /// Reads the book and stops with every fault of it.
  func load(near template: String? = nil) throws -> Book {
    guard let directory = directory(near: template) else { return Book() }
    let (book, diagnostics) = BookReader.read(directory: directory)
    try Faults.stop(diagnostics + Registry.faults(of: book))
    return book
  }

  /// The bench of a book.
  func bench(_ book: Book, isFrozen: Bool = false) -> Workbench {
    if let threads { Compute.threads = threads }
    return Workbench(
      book: book, storeDirectory: storeDirectory(book), isFrozen: isFrozen, runsEngines: !noEngines,
      memory: Self.bytes(memory) ?? 2 << 30,
      monitor: Monitor(
        progress: { activity, done, total in ProgressLine.shared.update(activity, done: done, total: total) },
        waits: { isElsewhere in
          // Beside each other on one machine the other one soon is done, or shows how far it is.
          guard isElsewhere || Terminal.isInteractive else { return }
          Terminal.error("waiting for another \(isElsewhere ? "machine" : "process") that computes the same")
        }))
  }

  /// Where results are kept.
  func storeDirectory(_ book: Book) -> String? {
    if let store { return store == "none" ? nil : store }
    if let directory = book.directory { return directory + "/.layerbook" }
    let environment = ProcessInfo.processInfo.environment
    if let cache = environment["XDG_CACHE_HOME"], !cache.isEmpty { return cache + "/layerbook" }
    return environment["HOME"].map { $0 + "/.cache/layerbook" }
  }

  /// A size such as `500M` or `4G` in bytes.
  static func bytes(_ text: String) -> Int? {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
    guard let last = text.uppercased().last else { return nil }
    let unit = units[last]
    guard let number = Double(unit == nil ? text : String(text.dropLast())), number > 0, number < 1e6 * 1e9 else {
      return nil
    }
    let size = number * Double(unit ?? 1)
    return size < 9e18 ? Int(size) : nil
  }
}

/// Diagnostics on their way to the terminal.
enum Faults {
  /// Prints diagnostics and stops with exit code 2 where one of them is an error.
  static func stop(_ diagnostics: [Diagnostic]) throws {
    let sorted = diagnostics.inSourceOrder()
    if sorted.hasErrors {
      throw CommandFailure(
        code: .usage, message: (sorted.map { $0.rendered() } + [sorted.summary]).joined(separator: "\n"))
    }
    for warning in sorted { Terminal.error(warning.rendered()) }
  }

  /// The failure that an error of an engine or a file is.
  static func failure(_ error: any Error) -> CommandFailure {
    if let failure = error as? CommandFailure { return failure }
    let (message, hints) = error.explanation
    return CommandFailure(
      code: .failed, message: (["error: " + message] + hints.map { "  hint: " + $0 }).joined(separator: "\n"))
  }
}
