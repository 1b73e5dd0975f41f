/// An error that can say what to do about it.
public protocol HintedError: Error {
  /// What went wrong, without the hint.
  var message: String { get }
  /// What may help; nil where nothing is known to.
  var hint: String? { get }
}

extension Error {
  /// What went wrong, and apart from it what to do, as a diagnostic has them.
  public var explanation: (message: String, hints: [String]) {
    guard let error = self as? any HintedError else { return ("\(self)", []) }
    return (error.message, error.hint.map { [$0] } ?? [])
  }
}
