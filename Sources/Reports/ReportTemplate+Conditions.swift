import Blocks
import Books
import Diagnostics
import Directives
import Markdown

extension ReportTemplate {
  /// `<<if QUANTITY OP NUMBER>>`, read as a claim is.
  static let condition = DirectiveSchema(
    name: "if", summary: "text that depends on a number", role: .claim,
    examples: ["<<if convergence.score > 0.9>> … <<else>> … <<end>>"])

  /// The mark of a condition: before all marks of the text.
  static func conditionMark(_ index: Int) -> Int { index - TemplateExpansion.mostConditions }

  /// Reads a template, and what is wrong in every branch of its conditions.
  ///
  /// - Returns: the template with all conditions taken to hold; the faults of all branches.
  static func readEveryBranch(
    _ file: SourceFile, beside files: TemplateFiles, book: Book, settings: [(key: String, value: String)],
    registry: Registry?
  ) -> (ReportTemplate, [Diagnostic]) {
    func read(_ decisions: [String: Bool]) -> (ReportTemplate, [Diagnostic]) {
      readDespiteFaults(
        file, beside: files, book: book, settings: settings, registry: registry, decisions: decisions)
    }
    let (template, first) = read([:])
    guard !template.conditions.isEmpty else { return (template, first) }
    var faults = first
    var branches = Branches(template.conditions)
    while let decisions = branches.next() {
      let (other, more) = read(decisions)
      faults += more
      branches.met(other.conditions)
    }
    return (template, faults.inSourceOrder())
  }

  /// The template under the answers that its conditions have.
  ///
  /// - Parameter answer: the answer of a condition's quantity; nil leaves a condition as it was taken.
  /// - Returns: nil where a number is undefined or a branch is faulty, and why.
  func decided(
    book: Book, registry: Registry, answer: (Bound) throws -> Evaluation?
  ) -> (ReportTemplate?, [Diagnostic]) {
    var template = self
    var decisions: [String: Bool] = [:]
    while let open = template.conditions.indices.first(where: { decisions[template.conditions[$0].id] == nil }) {
      let condition = template.conditions[open]
      decisions[condition.id] = condition.holds
      guard case .quantity(let quantity)? = template.meanings[Self.conditionMark(open)], let claim = quantity.claim
      else { continue }
      do {
        guard let evaluation = try answer(.quantity(quantity)) else { continue }
        guard let value = try QuantityLookup.value(of: quantity, in: evaluation) else {
          return (
            nil,
            [
              condition.directive.diagnostic(
                at: quantity.pathSpan, "'\(quantity.path)' is undefined: no branch can be chosen")
            ]
          )
        }
        decisions[condition.id] = claim.holds(value)
      } catch {
        return (nil, [Bound.quantity(quantity).diagnostic(of: error)])
      }
      guard decisions[condition.id] != condition.holds else { continue }
      let (next, faults) = Self.readDespiteFaults(
        file, beside: files, book: book, settings: settings, registry: registry, decisions: decisions)
      if faults.hasErrors { return (nil, faults) }
      template = next
    }
    return (template, [])
  }
}

/// Answers of conditions under which every branch of a template is read once.
private struct Branches {
  /// Conditions by id: under which answers each is met, and with which answers it was read.
  private var known: [String: (within: [String: Bool], read: Set<Bool>)] = [:]
  private var order: [String] = []

  init(_ conditions: [TemplateExpansion.Condition]) { met(conditions) }

  /// Notes the conditions of a reading.
  mutating func met(_ conditions: [TemplateExpansion.Condition]) {
    for condition in conditions {
      if known[condition.id] == nil {
        known[condition.id] = (condition.within, [])
        order.append(condition.id)
      }
      known[condition.id]?.read.insert(condition.holds)
    }
  }

  /// Answers that lead to a branch which was not read; nil where every one was.
  mutating func next() -> [String: Bool]? {
    guard let id = order.first(where: { known[$0].map { $0.read.count < 2 } ?? false }), let target = known[id] else {
      return nil
    }
    // Whatever else was not read may be read along, but for what the branch stands in.
    var decisions: [String: Bool] = [:]
    for (other, entry) in known where entry.read == [true] { decisions[other] = false }
    decisions.merge(target.within) { $1 }
    decisions[id] = !target.read.contains(false) ? false : true
    // Counted as read even where it cannot be met, so that this ends.
    known[id]?.read = [true, false]
    return decisions
  }
}
