import ArgumentParser
import Blocks
import Diagnostics
import Directives
import Files
import Reports
import Results

/// `layerbook why`: which results are at hand, and what changed where one is not.
struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Say for each directive whether its result is stored, and if not, what changed.",
    discussion: """
      Compares with the last render of the template; runs nothing.

      Examples:
        layerbook why reports/tour.md
        layerbook why reports/tour.md:23
      """)

  @Argument(help: "The template, and a line of it after a colon.")
  var template: String

  @Option(name: .customLong("set"), help: "Overrides front matter.")
  var settings: [String] = []

  @OptionGroup var options: BookOptions

  func run() throws {
    let (path, line) = Self.place(template)
    let book = try options.load(near: path)
    let evaluator = Evaluator(bench: options.bench(book))
    let (report, faults) = ReportTemplate.read(path: path, book: book, settings: try Settings.pairs(settings))
    try Faults.stop(faults)
    guard let report else { return }
    guard let store = evaluator.bench.store else {
      throw CommandFailure(code: .usage, message: "error: without a store every directive is computed anew")
    }
    let (slots, absent) = report.slots(evaluator)
    let previous = RunRecord.load(template: absolutePath(path), from: store)
    let counterparts = previous.map { RunRecord(slots: slots).counterparts(in: $0) }
    var shown = 0
    for (index, slot) in slots.enumerated() where line == nil || slot.line == line {
      shown += 1
      let isStored = store.lookup(ResultKey(inputs: slot.inputs), check: .valueOnly) != nil
      let explanation = Explanation(slot, previous: counterparts?[index] ?? nil, isStored: isStored)
      print("\(path):\(slot.line): <<\(slot.directive)>>\n  \(explanation)")
    }
    Terminal.warn(store.takeWarnings())
    for fault in absent { Terminal.error(fault.rendered()) }
    if !absent.isEmpty {
      throw CommandFailure(code: .failed, message: "of some directives it cannot be told what they depend on")
    }
    if shown == 0, line == nil {
      print("\(path): nothing in it is computed")
    } else if shown == 0 {
      let lines = Set(slots.map(\.line)).sorted().map(String.init).joined(separator: ", ")
      throw CommandFailure(
        code: .usage,
        message: "error: no directive that computes begins on line \(line ?? 0) of \(path)"
          + (lines.isEmpty ? "" : "\n  hint: they begin on \(lines)"))
    }
  }

  /// `TEMPLATE` or `TEMPLATE:LINE`; a file whose own name ends in a colon and digits is found all the same.
  private static func place(_ text: String) -> (path: String, line: Int?) {
    guard !isFile(text), let colon = text.lastIndex(of: ":"), let line = Int(text[text.index(after: colon)...]) else {
      return (text, nil)
    }
    return (String(text[..<colon]), line)
  }
}
