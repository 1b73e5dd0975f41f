import Blocks
import Charts
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
  /// The numbers with all their digits, by mark.
  private(set) var opened: [Int: OpenedNumber] = [:]
  /// Claims that do not hold and paths that lead nowhere.
  private(set) var faults: [Diagnostic] = []
  private let rows: ResultRows

  init(template: ReportTemplate, answers: [Int: Evaluation], numbering: Numbering) {
    rows = ResultRows(answers)
    // Conditions have marks below 0: nothing is printed for them.
    for mark in template.meanings.keys.sorted() where mark >= 0 {
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
      if quantity.isSeries { return try addCurve(quantity, evaluation, at: mark) }
      let value = try QuantityLookup.value(of: quantity, in: evaluation)
      if let claim = quantity.brokenClaim(by: value) {
        faults.append(
          directive.diagnostic(
            at: quantity.claimSpan ?? directive.span,
            QuantityLookup.failure(of: quantity, claim, actual: value, evaluation)))
      }
      let text = Self.text(quantity, value)
      contents[mark] = InlineContent(
        html: opening(Self.number(quantity, value, text), quantity, evaluation), plainText: text)
      opened[mark] = OpenedNumber(quantity, [value])
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

  /// The number in a sentence: rounded for readers, exact for programs.
  private static func number(_ quantity: BoundQuantity, _ value: Double?, _ text: String) -> TrustedMarkup {
    MarkupWriter.make {
      $0.element(
        "data", ["value": NumberText.data(value), "class": quantity.claim == nil ? nil : "claim pass"], text: text)
    }
  }

  /// A curve the size of a word.
  private mutating func addCurve(_ quantity: BoundQuantity, _ evaluation: Evaluation, at mark: Int) throws {
    let values = try QuantityLookup.series(of: quantity, in: evaluation)
    let defined = values.compactMap { $0 }.filter(\.isFinite)
    let low = quantity[InlineSchemas.low] ?? defined.min() ?? 0
    let curve = Sparkline(values: values, range: low...max(low, quantity[InlineSchemas.high] ?? defined.max() ?? low))
    contents[mark] = InlineContent(
      html: opening(curve.svg(name: "\(quantity.path)"), quantity, evaluation), plainText: "\(quantity.path)")
    opened[mark] = OpenedNumber(quantity, values)
  }

  /// What shows a number, as a button that opens what the number is made of: the row of its result.
  private func opening(
    _ content: TrustedMarkup, _ quantity: BoundQuantity, _ evaluation: Evaluation
  ) -> TrustedMarkup {
    let title = quantity.claim.map { "\(quantity.path) \($0)" } ?? "\(quantity.path)"
    return MarkupWriter.make {
      $0.element(
        "button", ["class": "n", "popovertarget": rows.anchor(evaluation), "title": title], markup: content)
    }
  }
}
