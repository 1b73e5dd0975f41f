import ArgumentParser
import Blocks
import Books
import Files
import Foundation
import JSONText
import Reports
import Results

/// `archive add`.
struct ArchiveAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Render reports and keep what comes of them as new versions.",
    discussion: """
      Where nothing changed, no version is made. The date is today's in UTC, or that of SOURCE_DATE_EPOCH.

      Example: layerbook archive add convergence
      """)

  @Argument(help: "Reports of the book, or templates; by default every report of the book.")
  var reports: [String] = []

  @Option(name: .customLong("set"), help: "Overrides front matter.")
  var settings: [String] = []

  @OptionGroup var archive: ArchiveOptions
  @OptionGroup var options: BookOptions

  func run() throws {
    let date = try Self.today()
    try checkNames()
    var evaluators = BookEvaluators(options: options)
    var worst: ExitStatus?
    for item in try TemplateList(named: try reports.map(template), options: options).items {
      let book = try options.load(near: item.path)
      let evaluator = evaluators.evaluator(of: book)
      let job = PageJob(
        item: item, out: "", settings: try Settings.pairs(settings), book: book, evaluator: evaluator)
      let outcome = job.make()
      ProgressLine.shared.clear()
      for fault in outcome.faults { Terminal.error(fault.rendered()) }
      guard let page = outcome.page else {
        Terminal.error("\(item.path) was not archived")
        if worst != .usage { worst = outcome.status }
        continue
      }
      try add(page, item, evaluator, date: date)
    }
    if let worst { throw CommandFailure(code: worst, message: "some reports were not archived") }
  }

  /// Two reports of a book that would be versions of one: `sub/a.md` and `sub-a.md`.
  private func checkNames() throws {
    guard let items = try? TemplateList(named: [], options: options).items else { return }
    for (name, same) in Dictionary(grouping: items, by: Self.name).sorted(by: { $0.key < $1.key }) where same.count > 1
    {
      throw CommandFailure(
        code: .usage,
        message: "error: \(same.map(\.path).joined(separator: " and ")) would both be archived as '\(name)'\n"
          + "  hint: rename one of them")
    }
  }

  private func add(_ page: RenderedPage, _ item: TemplateList.Item, _ evaluator: Evaluator, date: String) throws {
    let about = page.about
    let description = ArchiveDescription(
      title: about.title, summary: about.summary, authors: about.authors, date: date, version: Version.current)
    let environment = RunEnvironment.json(settings: try Settings.pairs(settings))
    do {
      let items =
        ArchiveItem.version(
          page: page.bytes, template: page.manifest.template,
          book: try BookExcerpt.json(of: page.evaluations, evaluator.bench), environment: environment,
          manifest: page.manifest, sources: page.files.archived, results: page.results)
        + (try OwnFiles.items(of: page.evaluations, evaluator.bench))
        + page.exhibitFiles.map {
          ArchiveItem(
            path: "\(page.folder)/\($0.name)", title: "Numbers or drawing of an exhibit", content: .bytes($0.bytes))
        }
      let addition = try archive.folder.add(report: Self.name(item), description: description, items: items)
      print("\(addition.version.path)  \(try Self.news(addition, in: archive.folder))")
    } catch { throw Faults.failure(error) }
  }

  /// What came of an addition: where an older version is the same, a newer one that differs is not hidden.
  private static func news(_ addition: Archive.Addition, in archive: Archive) throws -> String {
    if addition.isNew { return "new" }
    let latest = try archive.versions(of: addition.version.report).last ?? addition.version
    return latest.number == addition.version.number
      ? "unchanged since" : "the same again; the latest version, \(latest.number), differs"
  }

  /// `tour` for `tour.html`, `ja-tour` for `ja/tour.html`.
  private static func name(_ item: TemplateList.Item) -> String {
    let path = item.page.hasSuffix(".html") ? String(item.page.dropLast(5)) : item.page
    return path.replacingOccurrences(of: "/", with: "-")
  }

  /// A report's template: a file, or a name below the book's folder.
  private func template(_ report: String) throws -> String {
    if isFile(report) { return report }
    if let directory = options.directory(), isFile("\(directory)/\(report).md") { return "\(directory)/\(report).md" }
    throw CommandFailure(
      code: .usage, message: "error: no report '\(report)' in the book, and no such file\n  hint: name a template")
  }

  private static func today() throws -> String {
    var seconds = Int(systemStoreClock() / 1_000_000_000)
    if let text = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"], !text.isEmpty {
      guard let value = Int(text), value >= 0 else {
        throw CommandFailure(
          code: .usage, message: "error: SOURCE_DATE_EPOCH must be seconds since 1970, found '\(text)'")
      }
      seconds = value
    }
    var time = time_t(seconds)
    var parts = tm()
    guard gmtime_r(&time, &parts) != nil else { return "1970-01-01" }
    func padded(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
    return "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
  }
}

/// What a version says of the book: the entries that were used, with the digests of their files.
enum BookExcerpt {
  static func json(of evaluations: [Evaluation], _ bench: Workbench) throws -> JSONValue {
    var models = JSONObject()
    var datasets = JSONObject()
    var files = JSONObject()
    for evaluation in evaluations.flatMap({ [$0] + $0.comparison }) {
      if let model = evaluation.model, models[model.name] == nil {
        let subject = try bench.subject(model.name)
        models[model.name] = .object([
          "source": source(of: subject.entry, bench.book), "digest": .string(model.digest),
          "files": .object(try subject.components()),
        ])
      }
      for file in evaluation.namedFiles { files[file.name] = .object(["digest": .string(file.digest)]) }
      for name in [evaluation.dataset?.name].compactMap({ $0 }) + evaluation.namedDatasets {
        guard datasets[name] == nil, let entry = bench.book.dataset(name) else { continue }
        datasets[name] = .object([
          "path": .string(relative(entry.path, bench.book)),
          "digest": .string(try bench.identity(of: entry).digest),
          "components": .object(try bench.components(of: entry)),
        ])
      }
    }
    var excerpt: JSONObject = ["models": .object(models), "datasets": .object(datasets)]
    if !files.isEmpty { excerpt["files"] = .object(files) }
    return .object(excerpt)
  }

  private static func source(of entry: ModelEntry, _ book: Book) -> JSONValue {
    switch entry.source {
    case .path(let path): .object(["path": .string(relative(path, book))])
    case .hub(let name, let revision): .object(["hub": .string(name), "revision": .string(revision)])
    case .states(let file, let checkpoint):
      .object([
        "states": .string(relative(file, book)),
        "path": checkpoint.map { .string(relative($0, book)) } ?? .null,
      ])
    }
  }

  /// The path from the book's folder: where this machine keeps its files is nobody's business.
  private static func relative(_ path: String, _ book: Book) -> String {
    guard let directory = book.directory else { return fileName(of: path) }
    var from = absolutePath(directory).split(separator: "/")[...]
    var to = absolutePath(path).split(separator: "/")[...]
    while let first = from.first, first == to.first {
      from.removeFirst()
      to.removeFirst()
    }
    // Far away is somewhere else: the name has to do.
    guard from.count <= 3 else { return fileName(of: path) }
    return (Array(repeating: "..", count: from.count) + to.map(String.init)).joined(separator: "/")
  }
}

/// What a number may depend on besides its inputs: the program, its compiler, the machine.
enum RunEnvironment {
  static func json(settings: [(key: String, value: String)]) -> JSONValue {
    var object: JSONObject = [
      "layerbook": .string(Version.current), "system": .string(line("/etc/os-release", "PRETTY_NAME=") ?? "unknown"),
      "processor": .string(line("/proc/cpuinfo", "model name") ?? "unknown"), "architecture": .string(architecture),
    ]
    if !settings.isEmpty {
      object["settings"] = .array(settings.map { ["key": .string($0.key), "value": .string($0.value)] })
    }
    return .object(object)
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }

  /// What stands after a name in a file of `NAME="value"` or `name : value` lines.
  private static func line(_ path: String, _ name: String) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
    let value = line.dropFirst(name.count).drop { [" ", "\t", ":", "\""].contains($0) }
    return String(value.hasSuffix("\"") ? value.dropLast() : value)
  }
}
