/// What is wrong with a table's text, and where.
public struct TabularError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1; nil where the whole text is meant.
  public let line: Int?
  /// The place in the line, from 1, counted in Unicode scalars; nil where the line or a named column is meant.
  public let column: Int?
  /// The sentence without the place.
  public let message: String
  /// What to do about it.
  public let hint: String?

  public init(line: Int? = nil, column: Int? = nil, _ message: String, hint: String? = nil) {
    self.line = line
    self.column = column
    self.message = message
    self.hint = hint
  }

  /// The place and the sentence, as in `3:14: a quote inside a field`.
  public var description: String {
    guard let line else { return message }
    guard let column else { return "line \(line): \(message)" }
    return "\(line):\(column): \(message)"
  }
}
