import ArgumentParser
import Blocks
import Results

/// `layerbook render`: templates to pages.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Render templates to self-contained HTML pages.",
    discussion: """
      Without a template, every one of the book. A book of several templates gets index.html, a list of its reports.
      A template with a fault leaves its last good page where it is; the others are rendered all the same, every fault
      is listed, and PAGE.preview.html shows them in their places.

      Examples:
        layerbook render
        layerbook render reports/convergence.md --set model=llama-1b --out site
        layerbook render --frozen        only from stored results: a miss is an error
      """)

  @Argument(help: "Templates; by default every one of the book.")
  var templates: [String] = []

  @Option(help: "The folder the pages go to.")
  var out: String = "site"

  @Option(name: .customLong("set"), help: "Overrides front matter: --set model=NAME, --set n=500.")
  var settings: [String] = []

  @Flag(help: "Never compute: a result that the store lacks is an error.")
  var frozen = false

  @Option(help: "How many threads work; the same as --threads.")
  var jobs: Int?

  @OptionGroup var options: BookOptions

  func validate() throws {
    try PathOptions.check("--out", out)
    if let jobs, jobs < 1 { throw ValidationError("--jobs needs a number above 0, found \(jobs)") }
  }

  func run() throws {
    let items = try TemplateList(named: templates, options: options).items
    var options = options
    if options.threads == nil { options.threads = jobs }
    let settings = try Settings.pairs(settings)
    var worst: ExitStatus?
    var evaluators = BookEvaluators(options: options, isFrozen: frozen)
    var sites = BookSites()
    var theme = ""
    var store: ResultStore?
    for item in items {
      let book = try options.load(near: item.path)
      let evaluator = evaluators.evaluator(of: book)
      (theme, store) = (book.theme?.css ?? "", evaluator.bench.store)
      let status = PageJob(
        item: item, out: out, settings: settings, book: book, evaluator: evaluator, site: sites.site(of: item)
      ).run()
      if let status, worst != .usage { worst = status }
      Terminal.warn(evaluator.bench.store?.takeWarnings() ?? [])
    }
    do {
      if let line = try sites.writeLists(for: items, out: out, theme: theme, store: store) { print(line) }
    } catch { throw Faults.failure(error) }
    if let worst { throw CommandFailure(code: worst, message: "some pages were not written; the last good ones stay") }
  }
}
