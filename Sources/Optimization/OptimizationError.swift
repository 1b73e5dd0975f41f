/// A step of optimisation that cannot be made, or a saved state that cannot be used.
public struct OptimizationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Code: Equatable, Sendable {
    /// The gradients hold NaN or infinity, so their norm is none.
    case notFinite
    /// A setting is outside its range.
    case badSetting(name: String, found: Double, expected: String)
    /// The bytes are no state, or were cut short or changed.
    case damagedState(String)
  }

  /// What is wrong.
  public var code: Code

  public init(_ code: Code) { self.code = code }

  /// The error as one sentence.
  public var description: String {
    switch code {
    case .notFinite: "cannot take a step: the gradients hold a number that is not finite"
    case .badSetting(let name, let found, let expected):
      "cannot optimise: \(name) is \(found), expected \(expected)"
    case .damagedState(let reason): "cannot restore the optimizer's state: \(reason)"
    }
  }
}
