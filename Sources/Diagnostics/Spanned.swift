/// A value together with the place it was read from.
public struct Spanned<Value: Sendable>: Sendable {
  public var value: Value
  /// Where it stands.
  public var span: SourceSpan
  /// The text it stands in; nil for a value given on the command line.
  public var file: SourceFile?

  public init(_ value: Value, span: SourceSpan, file: SourceFile?) {
    self.value = value
    self.span = span
    self.file = file
  }
}
