import ArgumentParser
import Files
import JSONText
import Reports
import Results

/// `layerbook diff`: two pages, number by number.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare the numbers of two pages.",
    discussion: """
      Results that a page has by digest only are looked up in the store. Exit code 1 where a result changed beyond its
      tolerance (tol=), came or went.

      Example: layerbook diff old/tour.html site/tour.html --format html > diff.html
      """)

  @Argument(help: "The old page.")
  var old: String

  @Argument(help: "The new page.")
  var new: String

  @OptionGroup var output: DiffOptions
  @OptionGroup var store: StoreOptions

  func run() throws {
    let store = try? store.open()
    do { try output.finish(try output.diff(Self.results(old, store), Self.results(new, store))) } catch {
      throw Faults.failure(error)
    }
  }

  private static func results(_ path: String, _ store: ResultStore?) throws -> ResultSet {
    do {
      let page = try readFile(path)
      let manifest = try PageManifest(page: page)
      var set = ResultSet(
        label: path, manifest: manifest, results: store.map { manifest.omittedResults(in: $0) } ?? [:])
      set.faults = PageAudit.verify(page: page).findings.map { "\($0)" }
      return set
    } catch {
      throw CommandFailure(code: .usage, message: "error: \(path): \(error)")
    }
  }
}

/// How a comparison is printed.
struct DiffOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, html
  }

  @Option(help: "text, json or html.")
  var format: Format = .text

  @Option(help: "The change to pass over, in place of every tol=: 0.01 or 1%.")
  var tolerance: String?

  func validate() throws {
    if let tolerance, Tolerance(tolerance) == nil {
      throw ValidationError("--tolerance needs a number such as 0.01 or 1%, found '\(tolerance)'")
    }
  }

  func diff(_ old: ResultSet, _ new: ResultSet) -> ResultDiff {
    ResultDiff(old: old, new: new, tolerance: tolerance.flatMap { Tolerance($0) })
  }

  /// Prints the comparison and fails where something changed beyond its tolerance.
  func finish(_ diff: ResultDiff) throws {
    switch format {
    case .text: print(diff.text(), terminator: "")
    case .json: print(JSON.write(diff.json, pretty: true))
    case .html: print(DiffPage(diff: diff, generator: "layerbook \(Version.current)").html, terminator: "")
    }
    // A state that is not what it says it is was compared all the same; nobody may take the result for more.
    if !diff.faults.isEmpty {
      for fault in diff.faults { Terminal.error("error: \(fault)") }
      throw CommandFailure(code: .failed, message: "not as recorded: \(diff.summary)")
    }
    if diff.isBeyond { throw CommandFailure(code: .failed, message: "changed beyond tolerance: \(diff.summary)") }
  }
}
