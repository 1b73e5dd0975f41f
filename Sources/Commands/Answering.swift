import Blocks
import Directives
import JSONText
import Reports

/// One answer in one of the formats of `ask`.
struct Answering {
  let evaluator: Evaluator
  let format: AskCommand.Format
  let lettering: AskCommand.Lettering

  /// The answer as JSON: the whole result, and with a quantity the number or the numbers that were asked for.
  func json(_ meaning: Bound) throws -> JSONValue {
    switch meaning {
    case .directive(let bound): try evaluation(of: bound).json
    case .quantity(let quantity): try json(quantity)
    }
  }

  /// The answer as it is printed where that is no JSON.
  func answer(_ meaning: Bound) throws -> [UInt8] {
    switch meaning {
    case .quantity(let quantity): Array(try text(quantity).utf8)
    case .directive(let bound): try answer(bound)
    }
  }

  // MARK: - Numbers

  /// What a quantity is: one number, or those of a curve in a sentence.
  private enum Found {
    case number(Double?)
    case series([Double?])
  }

  private func json(_ quantity: BoundQuantity) throws -> JSONValue {
    let evaluation = try evaluator.evaluate(quantity.source)
    var object = evaluation.json.objectValue ?? JSONObject()
    object["quantity"] = .string("\(quantity.path)")
    switch try find(quantity, in: evaluation) {
    case .number(let value): object["value"] = .double(value)
    case .series(let values): object["values"] = .array(values.map { .double($0) })
    }
    return .object(object)
  }

  private func text(_ quantity: BoundQuantity) throws -> String {
    let found = try find(quantity, in: evaluator.evaluate(quantity.source))
    guard format == .text else {
      let noun = quantity.isSeries ? "a list of numbers" : "a number"
      throw CommandFailure(
        code: .usage, message: "error: \(noun) has no form '\(format.rawValue)'; it is answered as text or json")
    }
    let values =
      switch found {
      case .number(let value): [value]
      case .series(let values): values
      }
    return values.map { ($0.map { JSON.write(.double($0)) } ?? "undefined") + "\n" }.joined()
  }

  private func find(_ quantity: BoundQuantity, in evaluation: Evaluation) throws -> Found {
    if quantity.isSeries { return .series(try QuantityLookup.series(of: quantity, in: evaluation)) }
    let value = try QuantityLookup.value(of: quantity, in: evaluation)
    if let claim = quantity.brokenClaim(by: value) {
      throw EngineError(QuantityLookup.failure(of: quantity, claim, actual: value, evaluation))
    }
    return .number(value)
  }

  // MARK: - Exhibits

  private func evaluation(of bound: BoundDirective) throws -> Evaluation {
    guard evaluator.registry.block(bound.name) != nil else {
      throw CommandFailure(
        code: .usage, message: "error: <<\(bound.name)>> shows nothing of its own; ask for a figure, a table or a value"
      )
    }
    return try evaluator.evaluate(bound)
  }

  private func answer(_ bound: BoundDirective) throws -> [UInt8] {
    let evaluation = try evaluation(of: bound)
    switch format {
    case .pdf: return try DrawingConversion.pdf(try ExhibitPrinting.text(evaluation, format: "svg"))
    case .png: return try DrawingConversion.png(try ExhibitPrinting.text(evaluation, format: "svg"))
    case .svg where lettering == .outlines:
      return try DrawingConversion.outlines(try ExhibitPrinting.text(evaluation, format: "svg"))
    default: return Array(try ExhibitPrinting.text(evaluation, format: format.rawValue).utf8)
    }
  }
}
