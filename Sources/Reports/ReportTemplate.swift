import Blocks
import Books
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
  /// The meaning of each directive that runs, by its mark.
  public let meanings: [Int: Bound]
  /// The names its directives may use.
  public let scope: BindingScope
  /// What replaced settings of its front matter.
  public let settings: [(key: String, value: String)]

  /// The language of its captions.
  public var language: Language { Language(tag: matter.lang?.value) }

  /// Reads a template.
  ///
  /// - Parameter settings: `--set key=value` pairs, which override the front matter.
  /// - Returns: the template where nothing is wrong, and all diagnostics.
  public static func read(
    path: String, book: Book, settings: [(key: String, value: String)], registry: Registry = .standard
  ) -> (ReportTemplate?, [Diagnostic]) {
    let (template, faults) = readDespiteFaults(path: path, book: book, settings: settings, registry: registry)
    return (faults.hasErrors ? nil : template, faults)
  }

  /// Reads a template as far as it can be read, for a preview.
  ///
  /// - Returns: nil only where there is no file; directives with a fault have no meaning.
  public static func readDespiteFaults(
    path: String, book: Book, settings: [(key: String, value: String)], registry: Registry = .standard
  ) -> (ReportTemplate?, [Diagnostic]) {
    let bytes: [UInt8]
    do { bytes = try readFile(path) } catch {
      return (nil, [Diagnostic(message: "cannot read the template: \(error)")])
    }
    let (template, faults) = readDespiteFaults(
      SourceFile(path: path, bytes: bytes), book: book, settings: settings, registry: registry)
    return (template, faults)
  }

  /// Reads a template that is at hand already, such as one out of a page.
  ///
  /// - Returns: the template where nothing is wrong, and all diagnostics.
  public static func read(
    _ file: SourceFile, book: Book, settings: [(key: String, value: String)], registry: Registry = .standard
  ) -> (ReportTemplate?, [Diagnostic]) {
    let (template, faults) = readDespiteFaults(file, book: book, settings: settings, registry: registry)
    return (faults.hasErrors ? nil : template, faults)
  }

  private static func readDespiteFaults(
    _ file: SourceFile, book: Book, settings: [(key: String, value: String)], registry: Registry
  ) -> (ReportTemplate, [Diagnostic]) {
    var (matter, faults) = FrontMatter.parse(file)
    faults += matter.apply(settings: settings)
    faults += directivesOutsideTheBody(matter)
    let scope = ReportScope.scope(of: book, matter)
    let binder = DirectiveBinder(schemas: registry.schemas, scope: scope)
    faults += binder.checkDefaults(matter)
    let scan = DirectiveParser.scan(file, bodyStartsAt: matter.bodyStartsAt)
    let options = MarkdownOptions(reservedIDs: Set(scan.directives.compactMap(writtenID) + pageIDs))
    let body = MarkdownBody.parse(scan, options: options) { binder.schema($0)?.isInline }
    faults += body.diagnostics
    var meanings: [Int: Bound] = [:]
    for (index, directive) in body.directivesToRun {
      let (meaning, problems) = binder.bind(directive)
      faults += problems
      guard let meaning else { continue }
      meanings[index] = meaning
      faults += registry.faults(of: meaning)
    }
    faults += body.groups.flatMap { widthFaults(of: $0.compactMap { meanings[$0] }, registry) }
    faults += binder.unusedParameters(in: scan.directives)
    let template = ReportTemplate(
      file: file, matter: matter, body: body, meanings: meanings, scope: scope, settings: settings)
    faults += Anchors(template).faults
    return (template, faults.inSourceOrder())
  }

  /// Widths of panels, which share that of their figure: it can be wide and nothing else.
  private static func widthFaults(of group: [Bound], _ registry: Registry) -> [Diagnostic] {
    let figures = group.compactMap { meaning -> BoundDirective? in
      guard case .directive(let bound) = meaning, registry.block(bound.name)?.kind(of: bound) == .figure else { return nil }
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
    faults(of: evaluator, severity) { try evaluator.resolve($0) }
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
        fault.severity = severity
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

  /// A directive in a title or an abstract would be printed as it stands: better to say so.
  private static func directivesOutsideTheBody(_ matter: FrontMatter) -> [Diagnostic] {
    [matter.title, matter.subtitle, matter.abstract].compactMap { $0 }.compactMap { part in
      guard !DirectiveParser.scan(SourceFile(path: "", text: part.value)).directives.isEmpty else { return nil }
      return Diagnostic(
        file: part.file, span: part.file == nil ? nil : part.span,
        message: "directives are not looked for in the front matter", hints: ["move it into the text"])
    }
  }
}
