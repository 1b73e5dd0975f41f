import Books
import Diagnostics
import Files
import Foundation

/// The program behind an author's own engine: its files, and how it is run.
struct EngineProgram {
  /// A file on which its answer rests.
  struct SourceFile {
    /// As the book names it.
    var name: String
    var path: String
    /// SHA-256 of what stands in it.
    var digest: String
  }

  private let entry: EngineEntry
  private let bench: Workbench

  /// How much a program may answer, in bytes.
  static let outputLimit = 16 << 20

  init(_ entry: EngineEntry, on bench: Workbench) throws { (self.entry, self.bench) = (entry, bench) }

  /// The files among its arguments, and those that the book names besides.
  ///
  /// - Throws: `EngineError` where one that the book names is not there.
  var files: [SourceFile] {
    get throws {
      try names.map { name in
        let path = bench.path(name)
        guard isFile(path) else { throw missing("no file at '\(path)'") }
        return SourceFile(name: name, path: path, digest: try bench.digest(ofFile: path).hex)
      }
    }
  }

  /// Where those files lie, whether there or not.
  var paths: [String] { names.map { bench.path($0) } }

  /// Stops where the program, or a file of it, is not there; runs nothing.
  func requirePresent() throws {
    _ = try files
    let name = entry.run[0]
    guard !name.contains("/") else { return }
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    guard !folders.contains(where: { FileManager.default.isExecutableFile(atPath: $0 + "/" + name) }) else { return }
    throw missing("no program '\(name)' on the PATH")
  }

  /// Stops where the command line forbids it to run.
  func requireAllowed() throws {
    guard bench.runsEngines else {
      throw EngineError(
        "--no-engines: <<\(entry.name)>> would run '\(command)', and the store has no result of it",
        hint: "read the program, then render without --no-engines")
    }
  }

  /// What it answers to a request.
  ///
  /// - Throws: `EngineError` with what it said on standard error, where it fails, takes too long or says too much.
  func answer(_ request: EngineRequest) throws -> [UInt8] {
    try requirePresent()
    bench.monitor.progress("running \(entry.name)", 0, 1)
    let folder = try ScratchFolder()
    let run = ProgramRun(
      entry.run, in: bench.book.directory ?? ".", input: try request.write(into: folder),
      // The order in which Python walks a set is drawn by chance otherwise.
      environment: ["PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"], seconds: entry.seconds,
      outputLimit: Self.outputLimit)
    let outcome: ProgramRun.Outcome
    do { outcome = try run.run() } catch { throw missing("\(error)") }
    bench.monitor.progress("running \(entry.name)", 1, 1)
    switch outcome.end {
    case .exited(0): return outcome.output
    case .exited(let status): throw failure("ended with status \(status)", outcome)
    case .killed(let signal): throw failure("was ended by signal \(signal)", outcome)
    case .outOfTime:
      throw failure("took longer than \(entry.seconds) s", outcome, hint: "raise seconds: in its entry of the book")
    case .tooMuchOutput: throw failure("answered more than \(Self.outputLimit >> 20) MiB", outcome)
    }
  }

  private var command: String { entry.run.map { quotable($0) }.joined(separator: " ") }

  private func missing(_ what: String) -> EngineError {
    EngineError("engine '\(entry.name)': \(what)", hint: "check its entry in the book")
  }

  private func failure(_ what: String, _ outcome: ProgramRun.Outcome, hint: String? = nil) -> EngineError {
    let lines = String(decoding: outcome.complaints, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(12)
    let said = lines.map { "\n    " + quotable(String($0), limit: 200) }.joined()
    return EngineError(
      "engine '\(entry.name)': '\(command)' \(what)" + (said.isEmpty ? ", and said nothing" : ". It said:" + said),
      hint: hint)
  }

  /// Arguments that are files, or look as if they should be, and the files that the book names besides.
  private var names: [String] {
    let endings = [".py", ".R", ".jl", ".sh", ".js", ".mjs", ".pl", ".rb", ".lua"]
    let scripts = entry.run.enumerated().filter { index, word in
      if index == 0 { return word.contains("/") && !word.hasPrefix("/") }
      return !word.hasPrefix("-") && (endings.contains { word.hasSuffix($0) } || isFile(bench.path(word)))
    }
    var names: [String] = []
    for name in scripts.map(\.element) + entry.files where !names.contains(name) { names.append(name) }
    return names
  }
}
