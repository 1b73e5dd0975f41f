import Diagnostics

/// What a document says about a number, and how to decide whether it holds.
///
/// `= 0.86` without a tolerance holds where the number rounds to 0.86, that is within half a unit of the last digit
/// written; `= 12` holds for 12 alone. With `+-TOL` an equation holds within TOL, and a bound may be missed by TOL.
public struct Claim: Sendable, Hashable, CustomStringConvertible {
  /// How the number compares.
  public enum Relation: String, Sendable, Hashable, CaseIterable {
    /// Equal.
    case equal = "="
    /// Less than.
    case less = "<"
    /// At most.
    case atMost = "<="
    /// Greater than.
    case greater = ">"
    /// At least.
    case atLeast = ">="
  }

  /// How the number compares.
  public var relation: Relation
  /// The number as written.
  public var numberText: String
  public var number: Double
  /// The tolerance as written; nil where there is none.
  public var tolerance: Double?

  public init(relation: Relation, numberText: String, number: Double, tolerance: Double? = nil) {
    self.relation = relation
    self.numberText = numberText
    self.number = number
    self.tolerance = tolerance
  }

  /// Whether the claim holds for a number; never for one that is not finite.
  public func holds(_ actual: Double) -> Bool {
    guard actual.isFinite else { return false }
    let slack = tolerance ?? 0
    switch relation {
    case .less: return actual < number + slack
    case .atMost: return actual <= number + slack
    case .greater: return actual > number - slack
    case .atLeast: return actual >= number - slack
    case .equal: return abs(actual - number) <= equalityTolerance
    }
  }

  /// How far a number may be from the one written where the claim is an equation.
  ///
  /// A few units in the last place are added, so that 0.86 +- 0.01 holds for 0.87.
  public var equalityTolerance: Double {
    let decimals = NumberReading.decimals(numberText)
    var allowed = tolerance ?? 0
    if tolerance == nil, decimals > 0 {
      allowed = 0.5
      for _ in 0..<min(decimals, 320) { allowed /= 10 }
    }
    return allowed + 4 * number.ulp
  }

  /// The claim as it is written, such as `>= 0.8 +-0.05`.
  public var description: String {
    "\(relation.rawValue) \(numberText)" + (tolerance.map { " +-\(NumberReading.text($0))" } ?? "")
  }
}
