import Blocks
import Books
import Charts
import Diagnostics
import Directives
import JSONText
import Markdown
import Markup

/// A page that was made, before it is written.
public struct RenderedPage: Sendable {
  /// The file's whole text.
  public var html: String
  /// Answered directives, in the order of the page.
  public var evaluations: [Evaluation]
  /// Figures and tables on it.
  public var exhibits: Int
}

/// Answers a template's directives and makes the page.
public final class ReportRenderer {
  private let evaluator: Evaluator
  private let generator: String

  /// A renderer that shares its evaluator with other templates of the run.
  ///
  /// - Parameter generator: the program and its version, as the page names them.
  public init(evaluator: Evaluator, generator: String) {
    self.evaluator = evaluator
    self.generator = generator
  }

  /// The page of a template, or everything that went wrong.
  public func render(_ template: ReportTemplate) -> (RenderedPage?, [Diagnostic]) {
    var faults: [Diagnostic] = []
    var answers: [Int: Evaluation] = [:]
    for mark in template.meanings.keys.sorted() {
      guard let meaning = template.meanings[mark], evaluator.registry.block(meaning.source.name) != nil else { continue }
      do { answers[mark] = try evaluator.evaluate(meaning.source) } catch {
        faults.append(Self.diagnostic(error, at: meaning))
      }
    }
    let numbering = Numbering(template, registry: evaluator.registry)
    let inlines = InlineAnswers(template: template, answers: answers, numbering: numbering)
    faults += inlines.faults
    if faults.hasErrors { return (nil, Self.distinct(faults.inSourceOrder())) }
    let page = assemble(template, answers, numbering, inlines)
    return (page, faults)
  }

  /// The diagnostic of an engine's error, at the directive that asked.
  private static func diagnostic(_ error: any Error, at meaning: Bound) -> Diagnostic {
    let directive: Directive =
      switch meaning {
      case .directive(let bound): bound.directive
      case .quantity(let quantity): quantity.directive
      }
    let hint = (error as? EngineError)?.hint ?? (error as? BookError)?.hint
    let message = (error as? BookError)?.message ?? "\(error)"
    return directive.diagnostic(at: directive.span, message, hints: hint.map { [$0] } ?? [])
  }

  private static func distinct(_ faults: [Diagnostic]) -> [Diagnostic] {
    var seen: Set<String> = []
    return faults.filter { seen.insert($0.rendered()).inserted }
  }

  private func assemble(
    _ template: ReportTemplate, _ answers: [Int: Evaluation], _ numbering: Numbering, _ inlines: InlineAnswers
  ) -> RenderedPage {
    let language = template.language
    var blocks: [Int: TrustedMarkup] = [:]
    for group in numbering.groups { blocks[group.index] = html(of: group, template, answers, language) }
    let body = template.body.render(
      blocks: blocks, inlines: inlines.contents, tableLabels: numbering.tableLabels)
    var page = PageSkeleton(title: template.matter.title?.value ?? Self.name(of: template), body: body.html)
    page.language = template.matter.lang?.value ?? "en"
    page.subtitle = template.matter.subtitle?.value ?? ""
    page.authors = template.matter.authors
    page.date = template.matter.date?.value ?? ""
    page.abstract = template.matter.abstract.map { MarkdownText.blocks($0).0 } ?? .empty
    page.headings = body.headings.map {
      PageSkeleton.Heading(level: $0.level, id: $0.id, title: TrustedMarkup(text: $0.text))
    }
    page.generator = generator
    page.words = language == .japanese ? .japanese : .english
    let ordered = answers.keys.sorted().compactMap { answers[$0] }
    let record = PageRecord(evaluations: ordered, generator: generator)
    page.provenance = record.html(language)
    page.manifest = JSON.write(record.manifest)
    return RenderedPage(html: page.html(), evaluations: ordered, exhibits: numbering.count)
  }

  private static func name(of template: ReportTemplate) -> String {
    let file = template.file.path.split(separator: "/").last.map(String.init) ?? template.file.path
    return file.hasSuffix(".md") ? String(file.dropLast(3)) : file
  }

  /// One group of block directives: a figure, or one exhibit after the other where they cannot share one.
  private func html(
    of group: Numbering.Group, _ template: ReportTemplate, _ answers: [Int: Evaluation], _ language: Language
  ) -> TrustedMarkup {
    let assembly = FigureAssembly(language: language)
    return group.units.map { unit -> TrustedMarkup in
      if let name = unit.equation { return EquationMarkup.html(name, id: unit.id, number: unit.number, language) }
      let parts = unit.marks.compactMap { mark -> FigureAssembly.Part? in
        guard case .directive(let bound)? = template.meanings[mark], let evaluation = answers[mark],
          let block = evaluator.registry.block(bound.name)
        else { return nil }
        return FigureAssembly.Part(
          exhibit: block.exhibit(of: evaluation, in: language), caption: bound.caption?.value,
          provenance: Provenance.items(evaluation, in: language))
      }
      return assembly.html(of: parts, id: unit.id, number: unit.number)
    }.joined(separator: "\n")
  }
}
