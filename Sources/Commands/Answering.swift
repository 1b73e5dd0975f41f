import Blocks
import Directives
import JSONText
import Reports

/// One answer in one of the formats of `ask`.
struct Answering {
  let evaluator: Evaluator
  let format: AskCommand.Format
  let lettering: AskCommand.Lettering

  /// The answer as it is printed.
  func answer(_ meaning: Bound) throws -> [UInt8] {
    switch meaning {
    case .quantity(let quantity): Array(try answer(quantity).utf8)
    case .directive(let bound): try answer(bound)
    }
  }

  private func answer(_ quantity: BoundQuantity) throws -> String {
    let evaluation = try evaluator.evaluate(quantity.source)
    if quantity.isSeries { return try series(quantity, evaluation) }
    let value = try QuantityLookup.value(of: quantity, in: evaluation)
    if let claim = quantity.claim, !(value.map { claim.holds($0) } ?? false) {
      throw EngineError(QuantityLookup.failure(of: quantity, claim, actual: value, evaluation))
    }
    if format == .json || format == .jsonl {
      var object = evaluation.json.objectValue ?? JSONObject()
      object["quantity"] = .string("\(quantity.path)")
      object["value"] = .double(value)
      return json(.object(object))
    }
    if format != .text {
      throw CommandFailure(
        code: .usage, message: "error: a number has no form '\(format.rawValue)'; it is answered as text or json")
    }
    return (value.map { JSON.write(.double($0)) } ?? "undefined") + "\n"
  }

  /// The numbers of a curve in a sentence: a line each, or with the rest of the result.
  private func series(_ quantity: BoundQuantity, _ evaluation: Evaluation) throws -> String {
    let values = try QuantityLookup.series(of: quantity, in: evaluation)
    if format == .json || format == .jsonl {
      var object = evaluation.json.objectValue ?? JSONObject()
      object["quantity"] = .string("\(quantity.path)")
      object["values"] = .array(values.map { .double($0) })
      return json(.object(object))
    }
    guard format == .text else {
      throw CommandFailure(
        code: .usage,
        message: "error: a list of numbers has no form '\(format.rawValue)'; it is answered as text or json")
    }
    return values.map { ($0.map { JSON.write(.double($0)) } ?? "undefined") + "\n" }.joined()
  }

  private func json(_ value: JSONValue) -> String { JSON.write(value, pretty: format == .json) + "\n" }

  private func answer(_ bound: BoundDirective) throws -> [UInt8] {
    guard evaluator.registry.block(bound.name) != nil else {
      throw CommandFailure(
        code: .usage, message: "error: <<\(bound.name)>> shows nothing of its own; ask for a figure, a table or a value"
      )
    }
    let evaluation = try evaluator.evaluate(bound)
    switch format {
    case .json, .jsonl: return Array(json(evaluation.json).utf8)
    case .pdf: return try DrawingConversion.pdf(try ExhibitPrinting.text(evaluation, format: "svg"))
    case .png: return try DrawingConversion.png(try ExhibitPrinting.text(evaluation, format: "svg"))
    case .svg where lettering == .outlines:
      return try DrawingConversion.outlines(try ExhibitPrinting.text(evaluation, format: "svg"))
    default: return Array(try ExhibitPrinting.text(evaluation, format: format.rawValue).utf8)
    }
  }
}
