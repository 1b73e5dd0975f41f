import ArgumentParser
import Blocks
import Books
import Diagnostics
import Dispatch
import Files
import Reports

/// `layerbook render`: templates to pages.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Render templates to self-contained HTML pages.",
    discussion: """
      Without a template, every one of the book. A template with a fault leaves its last good page where it is; the
      others are rendered all the same, and every fault is listed.

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

  func run() throws {
    let items = try TemplateList(named: templates, options: options).items
    var options = options
    if options.threads == nil { options.threads = jobs }
    let settings = try Settings.pairs(settings)
    var worst: ExitStatus?
    var evaluators: [String: Evaluator] = [:]
    for item in items {
      let book = try options.load(near: item.path)
      let place = book.directory ?? ""
      let evaluator = evaluators[place] ?? Evaluator(bench: options.bench(book, isFrozen: frozen))
      evaluators[place] = evaluator
      let status = PageJob(item: item, out: out, settings: settings, book: book, evaluator: evaluator).run()
      if let status, worst != .usage { worst = status }
      for warning in evaluator.bench.store?.takeWarnings() ?? [] { Terminal.error("warning: \(warning)") }
    }
    if let worst { throw CommandFailure(code: worst, message: "some pages were not written; the last good ones stay") }
  }
}

/// One template on its way to a page.
private struct PageJob {
  let item: TemplateList.Item
  let out: String
  let settings: [(key: String, value: String)]
  let book: Book
  let evaluator: Evaluator

  /// Renders and writes; says what happened; returns what went wrong.
  func run() -> ExitStatus? {
    let started = DispatchTime.now().uptimeNanoseconds
    let (template, faults) = ReportTemplate.read(
      path: item.path, book: book, settings: settings, registry: evaluator.registry)
    guard let template else {
      report(faults)
      return .usage
    }
    let renderer = ReportRenderer(evaluator: evaluator, generator: "layerbook \(Version.current)")
    let (page, problems) = renderer.render(template)
    report(faults + problems)
    guard let page else { return .failed }
    do {
      let path = out + "/" + item.page
      let bytes = Array(page.html.utf8)
      let isSame = (try? readFile(path)) == bytes
      if !isSame {
        try createDirectory(parentDirectory(of: path))
        try AtomicFile.write(bytes, to: path)
      }
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9
      ProgressLine.shared.clear()
      print(Self.summary(page, path: path, isSame: isSame, seconds: seconds))
      return nil
    } catch {
      Terminal.error("error: \(error)")
      return .failed
    }
  }

  private func report(_ faults: [Diagnostic]) {
    for fault in faults.inSourceOrder() { Terminal.error(fault.rendered()) }
    if faults.hasErrors { Terminal.error(faults.summary) }
  }

  private static func summary(_ page: RenderedPage, path: String, isSame: Bool, seconds: Double) -> String {
    let computed = Set(page.evaluations.flatMap { [$0] + $0.comparison }.filter { !$0.wasHit }.map(\.key.hex)).count
    let time = "\((seconds * 10).rounded() / 10) s"
    if isSame, computed == 0 { return "\(path) is up to date" }
    let work = computed == 0 ? "nothing to compute" : "\(computed) result\(computed == 1 ? "" : "s") computed"
    return "\(path)  \(page.exhibits) figures and tables, \(work), \(time)"
  }
}
