import JSONText

/// The way to one number of a directive's result: `convergence.distance[-1]`, `earlyexit.mat.saved`.
///
/// The directive's name, which begins with a letter, and a place in its result.
public struct QuantityPath: Sendable, Hashable, CustomStringConvertible {
  /// The directive whose result is meant.
  public var directive: String
  /// The place in its result.
  public var place: ValuePath

  /// Reads a path; nil where the text is none.
  public init?(_ text: String) {
    guard let path = ValuePath(text), case .member(let name)? = path.steps.first, name.first?.isLetter == true else {
      return nil
    }
    directive = name
    place = ValuePath(steps: Array(path.steps.dropFirst()))
  }

  /// The steps into the directive's result.
  public var steps: [ValuePath.Step] { place.steps }

  /// The path as it is written.
  public var description: String { "\(ValuePath(steps: [.member(directive)] + steps))" }
}
