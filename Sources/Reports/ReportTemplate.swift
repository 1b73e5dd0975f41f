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
  /// The works that it cites; nil where it names none to cite.
  let works: CitedWorks?
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
      do { _ = try evaluator.readFile(of: meaning) } catch { return meaning.diagnostic(of: error) }
      return nil
    }.gathered()
  }

  /// What no machine can give of what the directives ask.
  func misfits(_ evaluator: Evaluator) -> [Diagnostic] {
    questions(evaluator.registry).compactMap { _, meaning in evaluator.misfit(of: meaning) }
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
        var fault = meaning.diagnostic(of: error)
        // What another machine may have is a warning to `check`; what no machine can give is an error.
        fault.severity = error is Misfit ? .error : severity
        return fault
      }
      return nil
    }
    return faults.gathered()
  }
}
