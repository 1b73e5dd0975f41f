import Blocks
import Diagnostics
import Directives

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
  }
}
