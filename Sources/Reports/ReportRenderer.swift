import Blocks
import Charts
import Diagnostics
import Directives
import JSONText
import Markdown
import Markup
import Results
import Tensors

/// A page that was made, before it is written.
public struct RenderedPage: Sendable {
  /// The file, its manifest sealed in.
  public var bytes: [UInt8]
  /// What the page says about its own numbers.
  public var manifest: PageManifest
  /// Every result by its id in the manifest, also those of which the page has the digest alone.
  public var results: [String: JSONValue]
  /// What its front matter says about it.
  public var about: About
  /// The files beside the template that it was made of.
  public var files: TemplateFiles
  /// What each directive was computed from, for `why`.
  public var record: RunRecord
  /// Answered directives, in the order of the page.
  public var evaluations: [Evaluation]
  /// Figures and tables on it.
  public var exhibits: Int
  /// The folder beside the page that it links to, such as `tour.files`.
  public var folder: String
  /// What belongs into that folder: the numbers of each exhibit, and its drawing.
  public var exhibitFiles: [PageFile]
}

/// What a report says about itself.
public struct About: Sendable {
  public var title: String
  /// The abstract, or the title again.
  public var summary: String
  public var authors: [String]
}

/// Markup that stands in every page of a renderer, and what it may do there.
public struct PageAddition: Sendable {
  /// The page's content policy in place of the usual one.
  public var contentPolicy: String
  /// What is added to the body.
  public var markup: TrustedMarkup

  public init(contentPolicy: String, markup: TrustedMarkup) {
    self.contentPolicy = contentPolicy
    self.markup = markup
  }

  func apply(to page: inout PageSkeleton) {
    page.contentPolicy = contentPolicy
    page.body = page.body + markup
  }
}

/// Answers a template's directives and makes the page.
public final class ReportRenderer {
  let evaluator: Evaluator
  let version: String
  /// What a live preview puts into its pages.
  let addition: PageAddition?
  /// What the page's links to other pages lead to.
  public var site = PageManifest.Site()
  /// A page of which exhibits are taken as they stand where their results are not at hand.
  var original: PageText?
  /// The ids of those that were taken.
  private(set) var taken: [String] = []
  /// What the page that is being made says once.
  var memory = PageMemory()
  /// The exhibits of its figures and tables by their ids, and their drawings.
  private var drawn: [String: DrawnUnit] = [:]
  /// The files that the page links to, as far as it is made; nil for a page that stands alone, such as a preview.
  private var exhibitFiles: [PageFile]?
  var generator: String { "layerbook \(version)" }

  /// A renderer that shares its evaluator with other templates of the run.
  ///
  /// - Parameter version: the program's version, as the page names it.
  public init(evaluator: Evaluator, version: String, addition: PageAddition? = nil) {
    self.evaluator = evaluator
    self.addition = addition
    self.version = version
  }

  /// The page of a template, or everything that went wrong.
  public func render(_ whole: ReportTemplate) -> (RenderedPage?, [Diagnostic]) {
    let (decided, problems) = whole.decided(book: evaluator.bench.book, registry: evaluator.registry) { meaning in
      try evaluator.evaluate(meaning.source)
    }
    guard let template = decided else { return (nil, problems) }
    // What no machine can give is found before half an hour of work, and only where there is any.
    var misfits: [Diagnostic] = []
    evaluator.beforeComputing = {
      misfits = template.misfits(self.evaluator)
      return misfits.isEmpty
    }
    defer { evaluator.beforeComputing = nil }
    var faults: [Diagnostic] = []
    var answers: [Int: Evaluation] = [:]
    let questions = template.questions(evaluator.registry)
    evaluator.prepare(questions.map(\.meaning.source))
    for (mark, meaning) in questions {
      do { answers[mark] = try evaluator.evaluate(meaning.source) } catch {
        faults.append(meaning.diagnostic(of: error))
      }
    }
    if !misfits.isEmpty { return (nil, Self.distinct(misfits)) }
    let numbering = Numbering(template, registry: evaluator.registry)
    let inlines = InlineAnswers(template: template, answers: answers, numbering: numbering)
    faults = faults.gathered() + inlines.faults
    if faults.hasErrors { return (nil, Self.distinct(faults.inSourceOrder())) }
    do throws(ManifestError) {
      return (try assemble(template, answers, numbering, inlines), faults)
    } catch {
      return (nil, faults + [Diagnostic(file: template.file, message: "\(error)")])
    }
  }

  private static func distinct(_ faults: [Diagnostic]) -> [Diagnostic] {
    var seen: Set<String> = []
    return faults.filter { seen.insert($0.rendered()).inserted }
  }

  private func assemble(
    _ template: ReportTemplate, _ answers: [Int: Evaluation], _ numbering: Numbering, _ inlines: InlineAnswers
  ) throws(ManifestError) -> RenderedPage {
    exhibitFiles = addition == nil ? [] : nil
    defer { exhibitFiles = nil }
    memory = PageMemory(template, answers)
    let answers = answers.mapValues { $0.colored(memory.colors) }
    draw(numbering.groups.flatMap(\.units), template, answers)
    defer { drawn = [:] }
    var blocks: [Int: TrustedMarkup] = [:]
    var appendix: [TrustedMarkup] = []
    for group in numbering.groups {
      let (figures, data) = html(of: group, template, answers)
      blocks[group.index] = figures
      appendix.append(data)
    }
    var page = skeleton(
      of: template,
      template.body.render(blocks: blocks, inlines: inlines.contents, labels: numbering.author), inlines)
    page.appendix = appendix.joined()
    page.body = memory.settings.html(template.language) + page.body
    let record = PageRecord(template, answers, numbering, inlines, generator: generator, site: site)
    page.provenance = record.html(template.language)
    page.manifest = ""
    let bytes = Array(page.html().utf8)
    let manifest = record.manifest(version: version, report: template.name, pageSize: bytes.count)
    let ordered = answers.keys.sorted()
    let slots = ordered.flatMap { mark -> [RunRecord.Slot] in
      guard let answer = answers[mark], let directive = template.meanings[mark]?.directive else { return [] }
      return ([answer] + answer.comparison).map {
        RunRecord.Slot(directive: $0.bound.canonicalText, line: directive.line, inputs: $0.key.inputs)
      }
    }
    return RenderedPage(
      bytes: try manifest.seal(page: bytes), manifest: manifest, results: record.results, about: template.about(page),
      files: template.files, record: RunRecord(slots: slots), evaluations: ordered.compactMap { answers[$0] },
      exhibits: numbering.count, folder: ExhibitFiles.folder(of: template.name), exhibitFiles: exhibitFiles ?? [])
  }

  /// A page of a template's text, without manifest.
  func skeleton(of template: ReportTemplate, _ body: RenderedMarkdown, _ inlines: InlineAnswers) -> PageSkeleton {
    let matter = template.matter
    var page = PageSkeleton(title: matter.title?.value ?? template.name, body: ButtonSpacing.bound(body.html))
    page.language = matter.lang?.value ?? "en"
    page.subtitle = matter.subtitle?.value ?? ""
    page.authors = matter.authors
    page.date = matter.date?.value ?? ""
    page.finding = template.finding.map { ButtonSpacing.bound($0.render(inlines.contents).html) } ?? .empty
    page.abstract = template.abstract.map { ButtonSpacing.bound($0.render(inlines.contents).html) } ?? .empty
    page.description = (page.finding.isEmpty ? page.abstract : page.finding).oneLine
    page.site = site
    page.headings = body.headings.map {
      PageSkeleton.Heading(level: $0.level, id: $0.id, title: TrustedMarkup(text: $0.text))
    }
    page.generator = generator
    page.theme = AuthorStyle.css(of: body.features) + (evaluator.bench.book.theme?.css ?? "")
    page.words = template.language == .japanese ? .japanese : .english
    addition?.apply(to: &page)
    return page
  }

  /// One group of block directives: a figure, or one exhibit after the other where they cannot share one; and the tables
  /// behind them.
  func html(
    of group: Numbering.Group, _ template: ReportTemplate, _ answers: [Int: Evaluation]
  ) -> (figures: TrustedMarkup, data: TrustedMarkup) {
    let language = template.language
    var assembly = assembly(of: template)
    defer { memory = assembly.memory }
    let parts = group.units.map { unit -> (figure: TrustedMarkup, data: TrustedMarkup) in
      if let name = unit.equation {
        return (EquationMarkup.html(name, id: unit.id, number: unit.number, language), .empty)
      }
      if unit.marks.contains(where: { answers[$0]?.isOfUnknownResult ?? false }) {
        let exhibit = exhibitAsItStands(unit.id)
        assembly.memory.take(exhibit.figure)
        return exhibit
      }
      let shown = drawn[unit.id] ?? DrawnUnit(unit, template, answers, assembly)
      let (figure, data) = assembly.html(of: shown.parts, id: unit.id, number: unit.number, panels: shown.panels)
      let keys = unit.marks.compactMap { answers[$0] }.flatMap { [$0] + $0.comparison }.map(\.key.hex)
      return (linked(figure, shown.parts, unit.id, keys, template), data)
    }
    return (parts.map(\.figure).joined(separator: "\n"), parts.map(\.data).joined())
  }

  private func assembly(of template: ReportTemplate) -> FigureAssembly {
    FigureAssembly(language: template.language, memory: memory, works: template.works)
  }

  /// Makes the exhibits of a page and draws them, several at a time: none hangs on another.
  private func draw(_ units: [Numbering.Unit], _ template: ReportTemplate, _ answers: [Int: Evaluation]) {
    let assembly = assembly(of: template)
    let open = units.filter { unit in
      unit.equation == nil && !unit.marks.contains { answers[$0]?.isOfUnknownResult ?? false }
    }
    let found = Compute.parallelMap(count: open.count, multiplies: false) {
      DrawnUnit(open[$0], template, answers, assembly)
    }
    drawn = Dictionary(zip(open.map(\.id), found)) { first, _ in first }
  }

  /// A figure with links to the files of its exhibits, which are noted to be written.
  private func linked(
    _ figure: TrustedMarkup, _ parts: [FigureAssembly.Part], _ id: String, _ keys: [String], _ template: ReportTemplate
  ) -> TrustedMarkup {
    guard exhibitFiles != nil else { return figure }
    let own = ExhibitFiles(folder: ExhibitFiles.folder(of: template.name), language: template.language)
    let added = own.files(of: parts.map(\.exhibit), id: id, figure: figure, keys: keys, version: version)
    exhibitFiles? += added
    return own.linked(figure, to: added)
  }

  /// An exhibit of the original page, and the tables behind it.
  private func exhibitAsItStands(_ id: String) -> (figure: TrustedMarkup, data: TrustedMarkup) {
    taken.append(id)
    let tables = original.map { $0.markup(from: "<section id=\"\(id)\u{B7}data", to: "</section>\n") } ?? []
    return (original?.markup(from: "<figure id=\"\(id)\"", to: "</figure>\n").first ?? .empty, tables.joined())
  }
}

extension ReportTemplate {
  /// The report's name: the file's, without its ending.
  public var name: String {
    let file = file.path.split(separator: "/").last.map(String.init) ?? file.path
    return file.hasSuffix(".md") ? String(file.dropLast(3)) : file
  }
  /// Title, abstract and authors.
  func about(_ page: PageSkeleton) -> About {
    let title = matter.title?.value ?? name
    let abstract = page.abstract.oneLine
    return About(title: title, summary: abstract.isEmpty ? title : abstract, authors: matter.authors)
  }
}

extension TrustedMarkup {
  /// What a reader sees of it, on one line.
  var oneLine: String { plainText.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
