import Blocks
import Charts
import Diagnostics
import Directives
import Markdown
import Markup

extension ReportRenderer {
  /// The page as far as it can be made, marked as faulty: every fault on top, and each again where its directive stands.
  ///
  /// Nothing is computed for it: a directive whose result is not at hand says so.
  public func preview(of whole: ReportTemplate, _ faults: [Diagnostic]) -> PageSkeleton {
    let decided = whole.decided(book: evaluator.bench.book, registry: evaluator.registry) { meaning in
      (try? evaluator.known(meaning.source)) ?? nil
    }
    let template = decided.0 ?? whole
    let placed = PlacedFaults(template, faults)
    let questions = template.questions(evaluator.registry).filter { placed.byMark[$0.mark] == nil }
    let found = answersAtHand(questions)
    memory = PageMemory(template, found)
    let answers = found.mapValues { $0.colored(memory.colors) }
    let missing = Set(questions.map(\.mark)).subtracting(answers.keys)
    let numbering = Numbering(template, registry: evaluator.registry)
    let inlines = InlineAnswers(template: template, answers: answers, numbering: numbering)
    func box(_ mark: Int) -> TrustedMarkup? {
      if let faults = placed.byMark[mark] { return Self.box(faults.map(Self.text), of: template, mark) }
      return missing.contains(mark) ? Self.box(["not computed yet"], of: template, mark) : nil
    }
    var blocks: [Int: TrustedMarkup] = [:]
    var appendix = TrustedMarkup.empty
    let groups = Dictionary(numbering.groups.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
    for (index, marks) in template.body.groups.enumerated() {
      let boxes = marks.compactMap(box)
      let parts = groups[index].map { html(of: Self.answered($0, answers), template, answers) }
      appendix = appendix + (parts?.data ?? .empty)
      blocks[index] = ([parts?.figures].compactMap { $0 } + boxes).joined(separator: "\n")
    }
    var contents = inlines.contents
    for mark in template.body.placements.indices where template.body.placements[mark] == .inline {
      let texts = placed.byMark[mark].map { $0.map(\.message) } ?? (missing.contains(mark) ? ["not computed yet"] : [])
      if !texts.isEmpty { contents[mark] = Self.remark(texts, of: template, mark) }
    }
    var page = skeleton(
      of: template, template.body.render(blocks: blocks, inlines: contents, labels: numbering.author), inlines)
    page.appendix = appendix
    page.title = "Preview: " + page.title
    page.body = Self.banner(faults) + memory.settings.html(template.language) + page.body
    return page
  }

  /// What else is wrong with a template that cannot be rendered.
  ///
  /// Models and data that are not there, and claims that stored results contradict; computes nothing.
  public func faultsAtHand(of template: ReportTemplate) -> [Diagnostic] {
    let answers = answersAtHand(template.questions(evaluator.registry))
    let numbering = Numbering(template, registry: evaluator.registry)
    return template.absences(evaluator, .error)
      + InlineAnswers(template: template, answers: answers, numbering: numbering).faults
  }

  /// The answers that need no computing, by mark.
  private func answersAtHand(_ questions: [(mark: Int, meaning: Bound)]) -> [Int: Evaluation] {
    var answers: [Int: Evaluation] = [:]
    for (mark, meaning) in questions { answers[mark] = (try? evaluator.known(meaning.source)) ?? nil }
    return answers
  }

  /// A page that holds faults alone, where there is no template to show.
  public func faultPage(title: String, _ faults: [Diagnostic]) -> PageSkeleton {
    var page = PageSkeleton(title: "Preview: " + title, body: Self.banner(faults))
    page.generator = generator
    addition?.apply(to: &page)
    return page
  }

  /// The group without the units of which nothing can be shown.
  private static func answered(_ group: Numbering.Group, _ answers: [Int: Evaluation]) -> Numbering.Group {
    var group = group
    group.units = group.units.filter { unit in unit.equation != nil || unit.marks.contains { answers[$0] != nil } }
    return group
  }

  /// A fault without its place, which shows.
  private static func text(_ fault: Diagnostic) -> String {
    ([fault.message] + fault.hints.map { "hint: " + $0 }).joined(separator: "\n")
  }

  private static func box(_ texts: [String], of template: ReportTemplate, _ mark: Int) -> TrustedMarkup {
    MarkupWriter.make {
      $0.element("div", ["class": "error", "role": "note"]) {
        $0.element("code", text: template.body.scan.marks[mark].source)
        $0.element("pre", text: texts.joined(separator: "\n"))
      }
    }
  }

  private static func remark(_ texts: [String], of template: ReportTemplate, _ mark: Int) -> InlineContent {
    let source = template.body.scan.marks[mark].source
    let text = texts.joined(separator: "; ")
    let html = MarkupWriter.make {
      $0.element("strong", ["class": "directive-error", "title": source], text: "[\(source): \(text)]")
    }
    return InlineContent(html: html, plainText: "[\(text)]")
  }

  private static func banner(_ faults: [Diagnostic]) -> TrustedMarkup {
    guard !faults.isEmpty else { return .empty }
    return MarkupWriter.make {
      $0.element("div", ["class": "error", "role": "alert", "id": "layerbook-faults"]) {
        $0.element(
          "strong", text: "This is a preview, not a report: \(faults.summary). The last good page is unchanged.")
        $0.element("pre", text: faults.map { $0.rendered() }.joined(separator: "\n"))
      }
      $0.newLine()
    }
  }
}

/// Faults by the directive they are about.
private struct PlacedFaults {
  private(set) var byMark: [Int: [Diagnostic]] = [:]

  init(_ template: ReportTemplate, _ faults: [Diagnostic]) {
    for fault in faults where fault.severity == .error {
      guard let span = fault.span, let file = fault.file else { continue }
      let source = template.body.scan.file
      let mark = template.body.scan.marks.firstIndex { mark in
        let place = source.origin(of: mark.span) ?? (source, mark.span)
        return place.file.path == file.path && place.span.lower <= span.lower && span.upper <= place.span.upper
      }
      if let mark { byMark[mark, default: []].append(fault) }
    }
  }
}
