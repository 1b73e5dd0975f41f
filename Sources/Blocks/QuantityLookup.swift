import Directives
import JSONText
import Markup

/// Finds the number that `<<value …>>` or `<<expect …>>` names in a result.
public enum QuantityLookup {
  /// The number; nil where it is undefined.
  ///
  /// - Throws: `EngineError` where the path leads nowhere or to something that is not one number.
  public static func value(of quantity: BoundQuantity, in evaluation: Evaluation) throws -> Double? {
    var value = JSONValue.object(evaluation.result)
    var walked = quantity.path.directive
    for step in quantity.path.steps {
      switch step {
      case .member(let name):
        guard let next = value[name] else {
          throw EngineError("'\(walked)' has no '\(name)'", hint: contents(of: value))
        }
        value = next
        walked += "." + name
      case .index(let index):
        guard let items = value.arrayValue else {
          throw EngineError("'\(walked)' is no list", hint: contents(of: value))
        }
        let place = index < 0 ? items.count + index : index
        guard items.indices.contains(place) else {
          throw EngineError("'\(walked)' has \(items.count) entries, and [\(index)] is none of them")
        }
        value = items[place]
        walked += "[\(index)]"
      }
    }
    if value.isNull { return nil }
    guard let number = value.doubleValue else {
      throw EngineError("'\(walked)' is not one number", hint: contents(of: value))
    }
    return number
  }

  private static func contents(of value: JSONValue) -> String? {
    if let object = value.objectValue { return "it holds \(object.keys.joined(separator: ", "))" }
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
    let data = evaluation.dataset.map { ", data \($0.name) \($0.digest.prefix(8))" } ?? ""
    return "the claim \(quantity.path) \(claim) does not hold: expected \(claim), found \(found), "
      + "from <<\(evaluation.bound.canonicalText)>> (model \(evaluation.model.name) \(evaluation.model.digest.prefix(8))"
      + data + ", result \(evaluation.key.hex.prefix(12)))"
  }
}
