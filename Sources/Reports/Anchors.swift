import Blocks
import Diagnostics
import Directives
import Foundation
import Markdown

/// The ids of a document: every one once, every reference to one that is there.
struct Anchors {
  /// Ids given by authors, with the directive's mark.
  private(set) var given: [String: Int] = [:]
  /// What is wrong.
  private(set) var faults: [Diagnostic] = []

  init(_ template: ReportTemplate) {
    let headings = Set(template.body.headings.map(\.id) + template.body.authorIDs)
    let taken = headings.union(ReportTemplate.pageIDs)
    let marks = template.meanings.keys.sorted()
    for mark in marks {
      guard case .directive(let bound)? = template.meanings[mark], let id = bound.id else { continue }
      if given[id.value] != nil || taken.contains(id.value) {
        faults.append(
          Diagnostic(file: id.file, span: id.span, message: "the id '\(id.value)' is already taken on this page"))
      } else {
        given[id.value] = mark
      }
    }
    // An id of a directive with a fault of its own is there all the same: one mistake, one fault.
    let broken = template.body.directivesToRun.filter { template.meanings[$0.index] == nil }
      .compactMap { ReportTemplate.writtenID($0.directive) }
    let names = given.keys.sorted() + headings.sorted() + broken
    for mark in marks {
      guard case .directive(let bound)? = template.meanings[mark], bound.name == "ref",
        case let target = bound[InlineSchemas.target], !names.contains(target)
      else { continue }
      let span = bound.directive.arguments.first?.span ?? bound.directive.span
      faults.append(
        bound.directive.diagnostic(
          at: span, "nothing on this page has the id '\(target)'",
          hints: Spelling.hints(for: target, in: names, noun: "ids")))
    }
    addDeadLinks(of: template, names)
  }

  /// Links to ids that a page does not have: they would lead nowhere.
  private mutating func addDeadLinks(of template: ReportTemplate, _ names: [String]) {
    let known = Set(names + ReportTemplate.pageIDs + (template.works?.listAnchors ?? []))
    let front = [template.finding, template.abstract].compactMap { $0 }
    for link in template.body.links + front.flatMap(\.links) {
      // An address may be written with its letters as `%E7`.
      let target = link.target.removingPercentEncoding ?? link.target
      guard let ids = link.template.map({ template.files.anchors(ofTemplate: $0) }) ?? known,
        !ids.contains(target), !ids.contains(link.target), !Self.isMade(target)
      else { continue }
      let page = link.template.map { "the page of '\($0)'" } ?? "this page"
      faults.append(
        Diagnostic(
          file: link.file, span: link.file == nil ? nil : link.span,
          message: "nothing on \(page) has the id '\(quotable(target))'",
          hints: Spelling.hints(
            for: target, in: link.template == nil ? names : ids.subtracting(ReportTemplate.pageIDs).sorted(),
            noun: "ids")))
    }
  }

  /// Whether an id is of those that a page gives to notes, and to figures, tables and equations without one.
  private static func isMade(_ id: String) -> Bool {
    ["footnote-", "fig-", "tbl-", "eq-"].contains { id.hasPrefix($0) && id.dropFirst($0.count).first?.isNumber == true }
  }
}
