import ArgumentParser
import Blocks
import Books
import Diagnostics
import Directives
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
        layerbook ask --book none --model path/to/checkpoint --dataset texts.txt '<<convergence>>'
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, svg, html, csv
  }

  @Argument(help: "The directive, with or without its brackets.")
  var directives: [String]

  @Option(help: "text, json, svg, html or csv.")
  var format: Format = .text

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
    for meaning in bound {
      do { print(try Answering(evaluator: evaluator, format: format).answer(meaning), terminator: "") } catch {
        throw Faults.failure(error)
      }
      for warning in evaluator.bench.store?.takeWarnings() ?? [] { Terminal.error("warning: \(warning)") }
    }
    ProgressLine.shared.clear()
  }
}

/// One answer in one of the formats.
private struct Answering {
  let evaluator: Evaluator
  let format: AskCommand.Format

  func answer(_ meaning: Bound) throws -> String {
    switch meaning {
    case .quantity(let quantity): return try answer(quantity)
    case .directive(let bound): return try answer(bound)
    }
  }

  private func answer(_ quantity: BoundQuantity) throws -> String {
    let evaluation = try evaluator.evaluate(quantity.source)
    let value = try QuantityLookup.value(of: quantity, in: evaluation)
    if let claim = quantity.claim, !(value.map { claim.holds($0) } ?? false) {
      throw EngineError(QuantityLookup.failure(of: quantity, claim, actual: value, evaluation))
    }
    if format == .json {
      var object = evaluation.json.objectValue ?? JSONObject()
      object["quantity"] = .string("\(quantity.path)")
      object["value"] = .double(value)
      return JSON.write(.object(object), pretty: true) + "\n"
    }
    if format != .text {
      throw CommandFailure(
        code: .usage, message: "error: a number has no form '\(format.rawValue)'; it is answered as text or json")
    }
    return (value.map { JSON.write(.double($0)) } ?? "undefined") + "\n"
  }

  private func answer(_ bound: BoundDirective) throws -> String {
    guard evaluator.registry.block(bound.name) != nil else {
      throw CommandFailure(
        code: .usage, message: "error: <<\(bound.name)>> shows nothing of its own; ask for a figure, a table or a value"
      )
    }
    let evaluation = try evaluator.evaluate(bound)
    if format == .json { return JSON.write(evaluation.json, pretty: true) + "\n" }
    return try ExhibitPrinting.text(evaluation, format: format.rawValue)
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
