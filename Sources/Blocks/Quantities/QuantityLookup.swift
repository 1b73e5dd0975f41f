import Directives
import JSONText
import Markup

/// Finds the number that `<<value …>>` or `<<expect …>>` names in a result.
public enum QuantityLookup {
  /// The number; nil where it is undefined.
  ///
  /// - Throws: `EngineError` where the path leads nowhere or to something that is not one number.
  public static func value(of quantity: BoundQuantity, in evaluation: Evaluation) throws -> Double? {
    try value(of: quantity, in: evaluation.result)
  }

  /// The number in a result; nil where it is undefined.
  static func value(of quantity: BoundQuantity, in result: JSONObject) throws -> Double? {
    let value = try end(of: quantity, in: result)
    if value.isNull { return nil }
    guard let number = value.doubleValue else {
      throw EngineError("'\(quantity.path)' is not one number", hint: contents(of: value))
    }
    return number
  }

  /// The numbers that `<<spark …>>` draws; nil where one is undefined.
  ///
  /// - Throws: `EngineError` where the path leads nowhere or to something that is no list of numbers.
  public static func series(of quantity: BoundQuantity, in evaluation: Evaluation) throws -> [Double?] {
    let value = try end(of: quantity, in: evaluation.result)
    guard let entries = value.arrayValue, entries.allSatisfy({ $0.isNull || $0.doubleValue != nil }) else {
      throw EngineError("'\(quantity.path)' is no list of numbers", hint: contents(of: value))
    }
    return entries.map(\.doubleValue)
  }

  private static func end(of quantity: BoundQuantity, in result: JSONObject) throws -> JSONValue {
    do throws(PathFault<JSONValue>) {
      return try quantity.path.place.walk(.object(result), named: quantity.path.directive)
    } catch {
      throw EngineError(error.message, hint: contents(of: error.target))
    }
  }

  private static func contents(of value: JSONValue) -> String? {
    if let names = value.memberNames { return "it holds \(names.joined(separator: ", "))" }
    if let items = value.arrayValue {
      return "it is a list of \(items.count): choose one with [0] to [\(items.count - 1)]"
    }
    return nil
  }

  /// What a failed claim says: what was expected, what came out, and where it came from.
  public static func failure(
    of quantity: BoundQuantity, _ claim: Claim, actual: Double?, _ evaluation: Evaluation
  ) -> String {
    let found = actual.map { NumberText.shortest($0, sign: .ascii) } ?? NumberText.undefined
    let model = evaluation.model.map { "model \($0.name) \($0.digest.prefix(8))" }
    let data = evaluation.dataset.map { "data \($0.name) \($0.digest.prefix(8))" }
    return "the claim \(quantity.path) \(claim) does not hold: expected \(claim), found \(found), "
      + "from <<\(evaluation.bound.canonicalText)>> ("
      + [model, data, "result \(evaluation.key.hex.prefix(12))"].compactMap { $0 }.joined(separator: ", ") + ")"
  }
}
