import Blocks
import Books
import Diagnostics
import Dispatch
import Files
import Reports
import Results

/// One template on its way to a page.
struct PageJob {
  let item: TemplateList.Item
  let out: String
  let settings: [(key: String, value: String)]
  let book: Book
  let evaluator: Evaluator
  /// What the page links to.
  var site = PageManifest.Site()
  /// What a live preview adds.
  var addition: PageAddition?

  /// What came of a template.
  struct Outcome {
    /// The page; nil where something is wrong.
    var page: RenderedPage?
    /// What is shown in its place.
    var preview: String?
    /// The files of the author's own that it depends on besides the template, whether there or not.
    var watched: [String] = []
    /// Everything wrong, or worth knowing.
    var faults: [Diagnostic]
    /// What the program ends with where there is no page.
    var status: ExitStatus
  }

  /// Renders and writes; says what happened; returns what went wrong.
  func run() -> ExitStatus? {
    let started = DispatchTime.now().uptimeNanoseconds
    let outcome = make()
    report(outcome.faults)
    let path = out + "/" + item.page
    do {
      guard let page = outcome.page else {
        // A name that is no template has no page, and a preview of it would stay for good.
        if let preview = outcome.preview, isFile(item.path) {
          try AtomicFile.update(Array(preview.utf8), at: previewPath)
          Terminal.error("preview with the faults in their places: \(previewPath)")
        }
        return outcome.status
      }
      let folder = PageFolder(page, beside: path)
      try folder.write()
      let isSame = try AtomicFile.update(page.bytes, at: path)
      try folder.removeStale()
      try removeFile(previewPath)
      keep(page.record)
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9
      ProgressLine.shared.clear()
      print(Self.summary(page, path: path, isSame: isSame, seconds: seconds))
      return nil
    } catch {
      Terminal.error("error: \(error)")
      return .failed
    }
  }

  /// The page, or a preview with the faults in it; writes nothing.
  func make() -> Outcome {
    let renderer = ReportRenderer(evaluator: evaluator, version: Version.current, addition: addition)
    renderer.site = site
    let (template, faults) = ReportTemplate.readDespiteFaults(
      path: item.path, book: book, settings: settings, registry: evaluator.registry)
    guard let template else {
      return Outcome(preview: renderer.faultPage(title: item.page, faults).html(), faults: faults, status: .usage)
    }
    let watched =
      template.files.watched + Set(template.meanings.values.flatMap { evaluator.ownFiles(of: $0.source) }).sorted()
    if faults.hasErrors {
      // One run lists what can be known without an engine, so that nobody mends a page fault by fault.
      let all = faults + renderer.faultsAtHand(of: template)
      return Outcome(preview: renderer.preview(of: template, all).html(), watched: watched, faults: all, status: .usage)
    }
    let (page, problems) = renderer.render(template)
    let all = faults + problems
    guard let page else {
      return Outcome(
        preview: renderer.preview(of: template, all).html(), watched: watched, faults: all, status: .failed)
    }
    return Outcome(page: page, watched: watched, faults: all, status: .failed)
  }

  /// `site/tour.preview.html` for `site/tour.html`.
  private var previewPath: String {
    out + "/" + (item.page.hasSuffix(".html") ? String(item.page.dropLast(5)) : item.page) + ".preview.html"
  }

  /// Remembers what the page was computed from, for `why`; a store that cannot be written forgets it.
  private func keep(_ record: RunRecord) {
    guard let store = evaluator.bench.store else { return }
    let name = absolutePath(item.path)
    if RunRecord.load(template: name, from: store) != record { try? record.save(template: name, in: store) }
  }

  private func report(_ faults: [Diagnostic]) {
    for fault in faults.inSourceOrder() { Terminal.error(fault.rendered()) }
    if faults.hasErrors { Terminal.error(faults.summary) }
  }

  private static func summary(_ page: RenderedPage, path: String, isSame: Bool, seconds: Double) -> String {
    let computed = Set(page.evaluations.flatMap { [$0] + $0.comparison }.filter { !$0.wasHit }.map(\.key.hex)).count
    let time = "\((seconds * 10).rounded() / 10) s"
    if isSame, computed == 0 { return "\(path) is up to date" }
    let work = computed == 0 ? "nothing to compute" : "\(counted(computed, "result")) computed"
    return
      "\(path)  \(counted(page.exhibits, "figure or table", "figures and tables")), \(work), \(time)"
  }
}
