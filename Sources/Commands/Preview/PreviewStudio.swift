import Blocks
import Books
import Diagnostics
import Files
import Foundation
import Markup
import Reports
import Synchronization

/// Renders pages for the preview, one at a time, each when it is looked at and its sources have changed.
actor PreviewStudio {
  private let options: BookOptions
  private let settings: [(key: String, value: String)]
  private var pages: [String: (state: String, html: String)] = [:]
  /// The files of the author's own that each page was last made of besides its template, whether there or not.
  private let sources = Mutex<[String: [String]]>([:])

  init(options: BookOptions, settings: [(key: String, value: String)]) {
    self.options = options
    self.settings = settings
  }

  /// The page of that name below the site; nil where the book has no such template.
  func page(_ name: String) -> String? {
    guard let item = items().first(where: { $0.page == name }) else { return nil }
    let state = state(of: name)
    if let known = pages[name], known.state == state { return known.html }
    let html = render(item, state)
    // What it names was not known before it was read: then the state is another, and it is rendered once more.
    pages[name] = (state, html)
    return html
  }

  /// The list of pages.
  func index() -> String {
    let items = items()
    let body = MarkupWriter.make {
      $0.element("ul") { list in
        for item in items {
          list.element("li") { $0.element("a", ["href": "/" + item.page], text: item.page) }
        }
      }
    }
    return PageSkeleton(title: "Preview", body: body).html()
  }

  /// A digest over size, time and inode of everything a page is made from; answers also while a page is rendered.
  nonisolated func state(of name: String) -> String {
    var paths: [String] = items().filter { $0.page == name }.map(\.path)
    let beside = sources.withLock { $0[name] ?? [] }
    if let directory = options.directory(near: paths.first) {
      paths.append(directory + "/" + Book.fileName)
      let book = BookReader.read(directory: directory).0
      paths += book.datasets.map(\.path) + book.models.flatMap(Self.files) + [book.theme?.path].compactMap { $0 }
    }
    paths += beside
    let stamps = paths.map { path -> String in
      guard let status = try? fileStatus(path) else { return "\(path) missing" }
      return "\(path) \(status.size) \(status.modifiedNanoseconds) \(status.inode)"
    }
    return String(sha256(Array(stamps.joined(separator: "\n").utf8)).hex.prefix(24))
  }

  /// What a model's numbers come from: the files themselves, since a folder's own time says nothing of them.
  private static func files(of model: ModelEntry) -> [String] {
    var files =
      model.checkpointDirectory().map { folder in
        [folder] + ((try? listing(folder)) ?? []).map { folder + "/" + $0 }
      } ?? []
    if case .states(let file, _) = model.source { files.append(file) }
    return files
  }

  private nonisolated func items() -> [TemplateList.Item] {
    (try? TemplateList(named: [], options: options).items) ?? []
  }

  private func render(_ item: TemplateList.Item, _ state: String) -> String {
    let addition = Self.reload(item.page, state)
    var book = Book()
    var faults: [Diagnostic] = []
    if let directory = options.directory(near: item.path) {
      (book, faults) = BookReader.read(directory: directory)
    }
    faults += Registry.faults(of: book)
    // A new evaluator for each render: models and datasets may have changed on disk.
    let evaluator = Evaluator(bench: options.bench(book))
    if faults.hasErrors {
      return ReportRenderer(evaluator: evaluator, version: Version.current, addition: addition)
        .faultPage(title: item.page, faults).html()
    }
    var sites = BookSites()
    let job = PageJob(
      item: item, out: "", settings: settings, book: book, evaluator: evaluator, site: sites.site(of: item),
      addition: addition)
    let outcome = job.make()
    ProgressLine.shared.clear()
    sources.withLock { $0[item.page] = outcome.watched }
    for fault in outcome.faults { Terminal.error(fault.rendered()) }
    if let page = outcome.page { return String(decoding: page.bytes, as: UTF8.self) }
    return outcome.preview ?? ""
  }

  /// A script that waits for a change and loads the page again, and a policy that allows it and nothing else.
  private static func reload(_ page: String, _ state: String) -> PageAddition {
    // The name goes through its UTF-8 bytes, so that it can hold nothing that ends a string or an element.
    let name = Array(page.utf8).map(String.init).joined(separator: ",")
    let script = """
      (function(){var known="\(state)",name=new TextDecoder().decode(new Uint8Array([\(name)]));\
      function wait(){fetch("/-/changes/"+known+"/"+encodeURI(name),{cache:"no-store"}).then(function(r){return r.text()})\
      .then(function(t){if(t.trim()===known){wait()}else{location.reload()}}).catch(function(){setTimeout(wait,1000)})}\
      wait()})();
      """
    let digest = Data(sha256(Array(script.utf8)).bytes).base64EncodedString()
    return PageAddition(
      contentPolicy: "default-src 'none'; img-src data:; style-src 'unsafe-inline'; connect-src 'self'; "
        + "script-src 'sha256-\(digest)'",
      markup: MarkupWriter.make { $0.element("script", markup: TrustedMarkup(verbatim: script)) })
  }
}
