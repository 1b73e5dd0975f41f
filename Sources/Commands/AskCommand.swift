import ArgumentParser
import Blocks
import Books
import Directives
import Files
import Foundation
import JSONText
import Reports

/// `layerbook ask`: one directive, answered on standard output.
struct AskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask",
    abstract: "Answer a directive on standard output.",
    discussion: """
      Examples:
        layerbook ask '<<convergence atlas-llama>>'
        layerbook ask '<<heatmap r2 mean>>' --format json
        layerbook ask 'earlyexit atlas-gpt2 90%' --format csv
        layerbook ask '<<convergence>>' --format pdf --out convergence.pdf
        layerbook ask --book none --model path/to/checkpoint --dataset texts.txt '<<convergence>>'
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, jsonl, svg, html, csv, pdf, png
  }

  enum Lettering: String, ExpressibleByArgument, CaseIterable {
    case fonts, outlines
  }

  @Argument(help: "The directive, with or without its brackets.")
  var directives: [String]

  @Option(
    help:
      "text, json (several directives: one array), jsonl (one a line), svg, html, csv; pdf, png through rsvg-convert.")
  var format: Format = .text

  @Option(help: "The letters of an SVG: fonts, or outlines through rsvg-convert.")
  var text: Lettering = .fonts

  @Option(help: "The file to write. Default: standard output.")
  var out: String?

  @Option(help: "The model: a name of the book or a checkpoint folder.")
  var model: String?

  @Option(help: "The dataset: a name of the book or a file.")
  var dataset: String?

  @Option(name: .customLong("set"), help: "A default for any key, as in front matter: --set n=500.")
  var settings: [String] = []

  @OptionGroup var options: BookOptions

  func run() throws {
    let book = try options.load()
    try NameCheck.model(model, in: book)
    try NameCheck.dataset(dataset, in: book)
    var matter = FrontMatter()
    var faults = matter.apply(settings: try Settings.pairs(settings))
    let scope = ReportScope.scope(of: book, matter, model: model, dataset: dataset)
    let registry = Registry(of: book)
    let binder = DirectiveBinder(schemas: registry.schemas, scope: scope)
    faults += binder.checkDefaults(matter)
    var bound: [Bound] = []
    var asked: [Directive] = []
    for text in directives {
      let (directive, problems) = DirectiveParser.parse(directive: text)
      faults += problems
      guard let directive else { continue }
      asked.append(directive)
      let (meaning, more) = binder.bind(directive)
      faults += more.filter { fault in !problems.contains { $0.message == fault.message } }
      if let meaning {
        bound.append(meaning)
        faults += registry.faults(of: meaning)
      }
    }
    faults += binder.unusedParameters(in: asked)
    try Faults.stop(faults)
    let evaluator = Evaluator(bench: options.bench(book))
    try Faults.stop(bound.compactMap { evaluator.misfit(of: $0) })
    try answer(bound, evaluator)
  }

  func validate() throws {
    try PathOptions.check("--out", out)
    if text == .outlines, format != .svg { throw ValidationError("--text outlines goes with --format svg") }
    if [.pdf, .png].contains(format), directives.count > 1 {
      throw ValidationError("--format \(format.rawValue) answers one directive, found \(directives.count)")
    }
    if [.pdf, .png].contains(format), out == nil, isatty(STDOUT_FILENO) == 1 {
      throw ValidationError("--format \(format.rawValue) is no text: name a file with --out")
    }
  }

  private func answer(_ bound: [Bound], _ evaluator: Evaluator) throws {
    let answering = Answering(evaluator: evaluator, format: format, lettering: text)
    // Several directives as JSON are one array; everything else can be read on its own, and is printed as it comes.
    let isArray = format == .json && bound.count > 1
    var items: [JSONValue] = []
    var kept: [UInt8] = []
    for (place, meaning) in bound.enumerated() {
      do {
        if isArray {
          items.append(try answering.json(meaning))
        } else {
          let answer =
            format == .json || format == .jsonl
            ? written(try answering.json(meaning)) : Self.parting(format, place) + (try answering.answer(meaning))
          if out == nil { StandardOutput.write(answer) } else { kept += answer }
        }
      } catch { throw Faults.failure(error) }
      Terminal.warn(evaluator.bench.store?.takeWarnings() ?? [])
    }
    if isArray { kept = written(.array(items)) }
    guard let out else { return StandardOutput.write(kept) }
    do { try AtomicFile.write(kept, to: out) } catch { throw Faults.failure(error) }
    ProgressLine.shared.clear()
  }

  /// What stands before an answer: between two tables, whose columns may be others, a line without cells.
  private static func parting(_ format: Format, _ place: Int) -> [UInt8] {
    format == .csv && place > 0 ? Array("\r\n".utf8) : []
  }

  private func written(_ value: JSONValue) -> [UInt8] {
    Array((JSON.write(value, pretty: format == .json) + "\n").utf8)
  }
}

/// `key=value` options.
enum Settings {
  static func pairs(_ texts: [String]) throws -> [(key: String, value: String)] {
    try texts.map { text in
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw CommandFailure(code: .usage, message: "error: --set needs key=value, found '\(text)'")
      }
      return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
  }
}
