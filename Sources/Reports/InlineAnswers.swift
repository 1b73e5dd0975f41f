import Blocks
import Diagnostics
import Directives
import JSONText
import Markdown
import Markup
import Results

/// What stands in running text for values, claims and references.
struct InlineAnswers {
  /// The text of each mark.
  private(set) var contents: [Int: InlineContent] = [:]
  /// The numbers as they are printed, with their places in the results.
  private(set) var printed: [Int: PageManifest.Printed] = [:]
  /// Claims that do not hold and paths that lead nowhere.
  private(set) var faults: [Diagnostic] = []

  init(template: ReportTemplate, answers: [Int: Evaluation], numbering: Numbering) {
    for mark in template.meanings.keys.sorted() {
      switch template.meanings[mark] {
      case .quantity(let quantity)?:
        guard let evaluation = answers[mark] else { continue }
        add(quantity, evaluation, at: mark)
      case .directive(let bound)? where bound.name == "ref":
        let target = bound[InlineSchemas.target]
        let label = numbering.labels[target] ?? target
        let link = MarkupWriter.make {
          $0.element("a", ["href": "#" + (numbering.anchors[target] ?? target)], text: label)
        }
        contents[mark] = InlineContent(html: link, plainText: label)
      default: break
      }
    }
  }

  private mutating func add(_ quantity: BoundQuantity, _ evaluation: Evaluation, at mark: Int) {
    let directive = quantity.directive
    guard !evaluation.isUnknown else {
      faults.append(directive.diagnostic(at: directive.span, "the page has the digest of this result only"))
      return
    }
    do {
      let value = try QuantityLookup.value(of: quantity, in: evaluation)
      if let claim = quantity.claim, !(value.map { claim.holds($0) } ?? false) {
        faults.append(
          directive.diagnostic(
            at: quantity.claimSpan ?? directive.span,
            QuantityLookup.failure(of: quantity, claim, actual: value, evaluation)))
      }
      let text = Self.text(quantity, value)
      contents[mark] = Self.content(quantity, value, text, evaluation)
      printed[mark] = PageManifest.Printed(
        path: "\(ValuePath(steps: [.member("result")] + quantity.path.steps))", text: text)
    } catch {
      let (message, hints) = error.explanation
      faults.append(directive.diagnostic(at: quantity.pathSpan, message, hints: hints))
    }
  }

  /// The number rounded for readers, with more digits where it would pass for 0 or 1.
  private static func text(_ quantity: BoundQuantity, _ value: Double?) -> String {
    let digits = quantity[InlineSchemas.digits]
    return quantity[InlineSchemas.style] == .percent
      ? NumberText.candidPercent(value, decimals: digits) : NumberText.candid(value, decimals: digits)
  }

  /// The number in a sentence: rounded for readers, exact for programs, its origin on hover.
  private static func content(
    _ quantity: BoundQuantity, _ value: Double?, _ text: String, _ evaluation: Evaluation
  ) -> InlineContent {
    let origin = "\(quantity.path) · <<\(evaluation.bound.canonicalText)>> · \(evaluation.key.hex.prefix(8))"
    let number = MarkupWriter.make {
      $0.element(
        "data",
        [
          "value": NumberText.data(value), "title": quantity.claim.map { "\(origin) · \($0)" } ?? origin,
          "class": quantity.claim == nil ? nil : "claim pass",
        ], text: text)
    }
    return InlineContent(html: number, plainText: text)
  }
}
