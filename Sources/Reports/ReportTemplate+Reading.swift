import Blocks
import Books
import Citations
import Diagnostics
import Directives
import Markdown

// From the text of a template to what it means.
extension ReportTemplate {
  /// Reads a template under some answers of its conditions.
  ///
  /// - Parameter decisions: the answers by the ids of the conditions; one that is not there is taken to hold.
  static func readDespiteFaults(
    _ file: SourceFile, beside files: TemplateFiles, book: Book, settings: [(key: String, value: String)],
    registry: Registry?, decisions: [String: Bool] = [:]
  ) -> (ReportTemplate, [Diagnostic]) {
    let registry = registry ?? Registry(of: book)
    var (matter, faults) = FrontMatter.parse(file)
    faults += matter.apply(settings: settings)
    faults += directivesOutsideTheBody(matter)
    let scope = ReportScope.scope(of: book, matter)
    let binder = DirectiveBinder(schemas: registry.schemas + [Self.condition], scope: scope)
    faults += binder.checkDefaults(matter)
    let expansion = TemplateExpansion(
      file, bodyStartsAt: matter.bodyStartsAt, parameters: matter.parameters, decisions: decisions
    ) { files.text($0) }
    faults += expansion.diagnostics
    let scan = DirectiveParser.scan(expansion.file, bodyStartsAt: matter.bodyStartsAt)
    let isInline = { (name: String) in binder.schema(name)?.isInline }
    let works = works(matter, files, scan, &faults)
    let body = body(of: scan, matter, files, works, isInline, &faults)
    let finding = matter.finding.map {
      FrontText($0, name: "finding", firstMark: scan.marks.count, citing: works, isInline: isInline)
    }
    let abstract = matter.abstract.map {
      FrontText(
        $0, name: "abstract", firstMark: finding?.nextMark ?? scan.marks.count, citing: works, isInline: isInline)
    }
    let front = [finding, abstract].compactMap { $0 }
    faults += front.flatMap(\.faults)
    let conditions = expansion.conditions.enumerated().map { (conditionMark($0), $1.directive) }
    let meanings = meanings(
      of: body.directivesToRun.map { ($0.index, $0.directive) } + front.flatMap(\.directives) + conditions, binder,
      registry, works, &faults)
    faults += body.groups.flatMap { widthFaults(of: $0.compactMap { meanings[$0] }, registry) }
    faults += binder.unusedParameters(
      in: scan.directives + (front.flatMap(\.directives) + conditions).map(\.1), besides: expansion.usedParameters)
    let template = ReportTemplate(
      file: file, matter: matter, body: body, finding: finding, abstract: abstract, meanings: meanings, scope: scope,
      conditions: expansion.conditions, files: files, works: works, settings: settings)
    faults += Anchors(template).faults
    return (template, faults.inSourceOrder())
  }

  /// The text of a template, with places for the answers of its directives.
  private static func body(
    of scan: ScanResult, _ matter: FrontMatter, _ files: TemplateFiles, _ works: CitedWorks?,
    _ isInline: (_ name: String) -> Bool?, _ faults: inout [Diagnostic]
  ) -> MarkdownBody {
    let options = MarkdownOptions(
      reservedIDs: Set(scan.directives.compactMap(writtenID) + pageIDs),
      words: Language(tag: matter.lang?.value) == .japanese ? .japanese : .english)
    let surroundings = MarkdownSurroundings(
      image: { files.image($0) }, template: { files.refusal(ofTemplate: $0) }, works: works)
    let body = MarkdownBody.parse(scan, options: options, surroundings: surroundings, isInline: isInline)
    faults += body.diagnostics
    return body
  }

  /// The anchors that the page of a template will have; nil where they depend on numbers.
  ///
  /// - Parameter files: what the template names beside itself.
  static func anchors(of file: SourceFile, beside files: TemplateFiles) -> Set<String>? {
    let matter = FrontMatter.parse(file).0
    let expansion = TemplateExpansion(file, bodyStartsAt: matter.bodyStartsAt, parameters: matter.parameters) {
      files.text($0)
    }
    guard expansion.conditions.isEmpty else { return nil }
    let scan = DirectiveParser.scan(expansion.file, bodyStartsAt: matter.bodyStartsAt)
    // What is wrong with it is said where it is read as a template of its own.
    var faults: [Diagnostic] = []
    let works = works(matter, files, scan, &faults)
    let body = body(of: scan, matter, files, works, { _ in nil }, &faults)
    let written = body.headings.map(\.id) + body.authorIDs + scan.directives.compactMap(writtenID)
    return Set(written + pageIDs + (works?.listAnchors ?? []))
  }

  /// The meanings of directives by their marks; one with a fault has none.
  private static func meanings(
    of directives: [(mark: Int, directive: Directive)], _ binder: DirectiveBinder, _ registry: Registry,
    _ works: CitedWorks?, _ faults: inout [Diagnostic]
  ) -> [Int: Bound] {
    var meanings: [Int: Bound] = [:]
    for (mark, directive) in directives {
      let (meaning, problems) = binder.bind(directive)
      faults += problems
      guard let meaning else { continue }
      meanings[mark] = meaning
      faults += registry.faults(of: meaning)
      if let caption = meaning.caption { faults += MarkdownText.inline(caption, citing: works).1 }
    }
    return meanings
  }

  /// The works that a template cites anywhere; nil where it names none to cite.
  private static func works(
    _ matter: FrontMatter, _ files: TemplateFiles, _ scan: ScanResult, _ faults: inout [Diagnostic]
  ) -> CitedWorks? {
    guard let named = matter.bibliography else { return nil }
    var works = Bibliography()
    for path in named.value {
      switch files.text(path) {
      case .success(let file): faults += works.read(file)
      case .failure(let refusal):
        faults.append(
          Diagnostic(
            file: named.file, span: named.file == nil ? nil : named.span, message: refusal.message,
            hints: refusal.hints))
      }
    }
    let captions = scan.directives.flatMap(\.arguments).filter { $0.key == "caption" }.map(\.value)
    let front = [matter.finding, matter.abstract].compactMap { $0 }.map { FrontText.scan($0.value) }
    return CitedWorks(works, in: [scan] + front, captions)
  }

  /// Widths of panels, which share that of their figure: it can be wide and nothing else.
  private static func widthFaults(of group: [Bound], _ registry: Registry) -> [Diagnostic] {
    let figures = group.compactMap { meaning -> BoundDirective? in
      guard case .directive(let bound) = meaning, registry.block(bound.name)?.kind(of: bound) == .figure else {
        return nil
      }
      return bound
    }
    guard figures.count > 1 else { return [] }
    return figures.filter { $0.size.width == .half || $0.size.width == .full }.map { bound in
      bound.directive.diagnostic(
        at: bound.directive.arguments.first { $0.key == "width" }?.span ?? bound.directive.span,
        "figures side by side share the page's width", hints: ["leave it out, or write width=wide"])
    }
  }

  /// Anchors the page itself uses.
  static let pageIDs = ["text", "layerbook-manifest"]

  static func writtenID(_ directive: Directive) -> String? {
    directive.arguments.first { $0.key == "id" }?.value
  }

  /// A directive in a title would be printed as it stands: better to say so.
  private static func directivesOutsideTheBody(_ matter: FrontMatter) -> [Diagnostic] {
    [matter.title, matter.subtitle].compactMap { $0 }.compactMap { part in
      guard !DirectiveParser.scan(SourceFile(path: "", text: part.value)).directives.isEmpty else { return nil }
      return Diagnostic(
        file: part.file, span: part.file == nil ? nil : part.span,
        message: "directives are not looked for in titles",
        hints: ["move it into the finding, the abstract or the text"])
    }
  }
}
