import ArgumentParser
import Diagnostics
import Reports

/// `layerbook check`: everything a render would complain about, without running an engine.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Parse and resolve templates; run nothing.",
    discussion: """
      Examples:
        layerbook check reports/convergence.md
        layerbook check --numbers      typed numbers near a metric's or a model's name, too
      """)

  @Argument(help: "Templates; by default every one of the book.")
  var templates: [String] = []

  @Option(name: .customLong("set"), help: "Overrides front matter.")
  var settings: [String] = []

  @Flag(help: "List numerals near the name of a metric or a model that no directive produced.")
  var numbers = false

  @Flag(help: "Fail on warnings, too.")
  var strict = false

  @OptionGroup var options: BookOptions

  func run() throws {
    let settings = try Settings.pairs(settings)
    var faults: [Diagnostic] = []
    let items = try TemplateList(named: templates, options: options).items
    var directives = 0
    var evaluators = BookEvaluators(options: options)
    for item in items {
      let book = try options.load(near: item.path)
      let (template, problems) = ReportTemplate.read(path: item.path, book: book, settings: settings)
      faults += problems
      if numbers, let template { faults += NumberAudit(template, models: book.models.map(\.name)).warnings }
      if let template { faults += template.absences(evaluators.evaluator(of: book)) }
      directives += template?.meanings.count ?? 0
    }
    try Faults.stop(faults)
    if strict, !faults.isEmpty { throw CommandFailure(code: .failed, message: faults.inSourceOrder().summary) }
    print("\(counted(items.count, "template")), \(directives) directives, no faults")
  }
}
