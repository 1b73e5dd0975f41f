import Blocks
import Books
import Citations
import Diagnostics
import Directives
import Files
import Markdown
import Results

/// A template read and bound: what it says, what it asks, and everything that is wrong with it.
///
/// Reading runs nothing.
public struct ReportTemplate {
  public let file: SourceFile
  /// What it says about itself.
  public let matter: FrontMatter
  /// Its text, with places for the answers.
  public let body: MarkdownBody
  /// What was found, as the front matter says it.
  public let finding: FrontText?
  /// Its abstract.
  public let abstract: FrontText?
  /// The meaning of each directive that runs, by its mark.
  public let meanings: [Int: Bound]
  /// The names its directives may use.
  public let scope: BindingScope
  /// The conditions on numbers that decide its text, and what was taken for their answers.
  let conditions: [TemplateExpansion.Condition]
  /// What it names beside itself.
  public let files: TemplateFiles
  /// What replaced settings of its front matter.
  public let settings: [(key: String, value: String)]

  /// The language of its captions.
  public var language: Language { Language(tag: matter.lang?.value) }

  /// Reads a template.
  ///
  /// - Parameter settings: `--set key=value` pairs, which override the front matter.
  /// - Returns: the template where nothing is wrong, and all diagnostics.
  public static func read(
    path: String, book: Book, settings: [(key: String, value: String)], registry: Registry? = nil
  ) -> (ReportTemplate?, [Diagnostic]) {
    let (template, faults) = readDespiteFaults(path: path, book: book, settings: settings, registry: registry)
    return (faults.hasErrors ? nil : template, faults)
  }

  /// Reads a template as far as it can be read, for a preview.
  ///
  /// - Returns: nil only where there is no file; directives with a fault have no meaning.
  public static func readDespiteFaults(
    path: String, book: Book, settings: [(key: String, value: String)], registry: Registry? = nil
  ) -> (ReportTemplate?, [Diagnostic]) {
    let bytes: [UInt8]
    do { bytes = try readFile(path) } catch {
      return (nil, [Diagnostic(message: "cannot read the template: \(error)")])
    }
    return readEveryBranch(
      SourceFile(path: path, bytes: bytes), beside: TemplateFiles(beside: path, book: book), book: book,
      settings: settings, registry: registry)
  }

  /// Reads a template that is at hand already, such as one out of a page.
  ///
  /// - Parameter files: what it names beside itself.
  /// - Returns: the template where nothing is wrong, and all diagnostics.
  public static func read(
    _ file: SourceFile, beside files: TemplateFiles, book: Book, settings: [(key: String, value: String)],
    registry: Registry? = nil
  ) -> (ReportTemplate?, [Diagnostic]) {
    let (template, faults) = readEveryBranch(
      file, beside: files, book: book, settings: settings, registry: registry)
    return (faults.hasErrors ? nil : template, faults)
  }

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
    let options = MarkdownOptions(
      reservedIDs: Set(scan.directives.compactMap(writtenID) + pageIDs),
      words: Language(tag: matter.lang?.value) == .japanese ? .japanese : .english)
    let (bibliography, problems) = bibliography(matter, files)
    faults += problems
    let surroundings = MarkdownSurroundings(
      image: { files.image($0) }, template: { files.refusal(ofTemplate: $0) }, bibliography: bibliography)
    let body = MarkdownBody.parse(scan, options: options, surroundings: surroundings) { binder.schema($0)?.isInline }
    faults += body.diagnostics
    let finding = matter.finding.map {
      FrontText($0, name: "finding", firstMark: scan.marks.count) { binder.schema($0)?.isInline }
    }
    let abstract = matter.abstract.map {
      FrontText($0, name: "abstract", firstMark: finding?.nextMark ?? scan.marks.count) { binder.schema($0)?.isInline }
    }
    let front = [finding, abstract].compactMap { $0 }
    faults += front.flatMap(\.faults)
    var meanings: [Int: Bound] = [:]
    for (index, directive) in body.directivesToRun.map({ ($0.index, $0.directive) }) + front.flatMap(\.directives) {
      let (meaning, problems) = binder.bind(directive)
      faults += problems
      guard let meaning else { continue }
      meanings[index] = meaning
      faults += registry.faults(of: meaning)
      if let caption = meaning.caption { faults += MarkdownText.inline(caption).1 }
    }
    faults += body.groups.flatMap { widthFaults(of: $0.compactMap { meanings[$0] }, registry) }
    for (index, condition) in expansion.conditions.enumerated() {
      let (meaning, problems) = binder.bind(condition.directive)
      faults += problems
      guard let meaning else { continue }
      meanings[conditionMark(index)] = meaning
      faults += registry.faults(of: meaning)
    }
    let unused = binder.unusedParameters(
      in: scan.directives + expansion.conditions.map(\.directive) + front.flatMap(\.directives).map(\.directive))
    faults += unused.filter { fault in !expansion.usedParameters.contains { fault.message.contains("'\($0)'") } }
    let template = ReportTemplate(
      file: file, matter: matter, body: body, finding: finding, abstract: abstract, meanings: meanings, scope: scope,
      conditions: expansion.conditions, files: files, settings: settings)
    faults += Anchors(template).faults
    return (template, faults.inSourceOrder())
  }

  /// The works that a template may cite, and what is wrong with their files.
  private static func bibliography(_ matter: FrontMatter, _ files: TemplateFiles) -> (Bibliography?, [Diagnostic]) {
    guard let named = matter.bibliography else { return (nil, []) }
    var works = Bibliography()
    var faults: [Diagnostic] = []
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
    return (works, faults)
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

  /// What each directive would be computed from now; runs no engine.
  ///
  /// - Returns: what can be told, and a fault for each directive whose model or dataset is not there.
  public func slots(_ evaluator: Evaluator) -> (slots: [RunRecord.Slot], faults: [Diagnostic]) {
    var slots: [RunRecord.Slot] = []
    let faults = faults(of: evaluator) { bound in
      slots += try evaluator.keys(of: bound).map {
        RunRecord.Slot(directive: $0.directive, line: bound.directive.line, inputs: $0.key.inputs)
      }
    }
    return (slots, faults)
  }

  /// Says of each directive whose model or dataset is not on this machine; reads none of them.
  public func absences(_ evaluator: Evaluator, _ severity: Diagnostic.Severity = .warning) -> [Diagnostic] {
    faults(of: evaluator, severity) { try evaluator.resolve($0) } + faultsOfFiles(evaluator)
  }

  /// What is wrong with the tables that its directives show, and with what they ask of them.
  private func faultsOfFiles(_ evaluator: Evaluator) -> [Diagnostic] {
    questions(evaluator.registry).compactMap { _, meaning in
      do { _ = try evaluator.readFile(of: meaning) } catch { return ReportRenderer.diagnostic(error, at: meaning) }
      return nil
    }.gathered()
  }

  /// The directives that an engine answers, with their marks, in the order of the page.
  func questions(_ registry: Registry) -> [(mark: Int, meaning: Bound)] {
    meanings.sorted { $0.key < $1.key }.filter { registry.block($0.value.source.name) != nil }
      .map { (mark: $0.key, meaning: $0.value) }
  }

  /// What goes wrong where something is done for each directive with an engine.
  private func faults(
    of evaluator: Evaluator, _ severity: Diagnostic.Severity = .error, _ body: (BoundDirective) throws -> Void
  ) -> [Diagnostic] {
    let faults = questions(evaluator.registry).compactMap { _, meaning -> Diagnostic? in
      do { try body(meaning.source) } catch {
        var fault = ReportRenderer.diagnostic(error, at: meaning)
        // What another machine may have is a warning to `check`; what no machine can give is an error.
        fault.severity = error is Misfit ? .error : severity
        return fault
      }
      return nil
    }
    return faults.gathered()
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
        message: "directives are not looked for in titles", hints: ["move it into the finding, the abstract or the text"])
    }
  }
}
