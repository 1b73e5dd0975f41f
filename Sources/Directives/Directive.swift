import Diagnostics

/// One argument of a directive, with the places of its parts.
public struct DirectiveArgument: Sendable, Hashable {
  /// The key of `key=value`; nil for a bare or quoted argument on its own.
  public var key: String?
  /// Where the key stands.
  public var keySpan: SourceSpan?
  /// The value with quotes and escapes resolved.
  public var value: String
  /// Where the value stands, quotes included.
  public var valueSpan: SourceSpan
  /// Whether the value was written in quotes.
  public var isQuoted: Bool
  /// Where the whole argument stands.
  public var span: SourceSpan

  public init(
    key: String? = nil, keySpan: SourceSpan? = nil, value: String, valueSpan: SourceSpan, isQuoted: Bool = false,
    span: SourceSpan
  ) {
    self.key = key
    self.keySpan = keySpan
    self.value = value
    self.valueSpan = valueSpan
    self.isQuoted = isQuoted
    self.span = span
  }
}

/// One directive as it was written: `<<heatmap r2 mean caption="R² per step">>`.
///
/// Nothing is known about its meaning yet; `DirectiveBinder` gives it one.
public struct Directive: Sendable {
  /// The name after `<<`.
  public var name: String
  /// Where the name stands.
  public var nameSpan: SourceSpan
  /// The arguments in the order they were written.
  public var arguments: [DirectiveArgument]
  /// Where the whole directive stands, brackets included.
  public var span: SourceSpan
  /// The text as it was written, brackets included.
  public var source: String
  /// The text it stands in.
  public var file: SourceFile
  /// Faults of spelling found while reading; they count only where the directive is run.
  public var faults: [Diagnostic]

  public init(
    name: String, nameSpan: SourceSpan, arguments: [DirectiveArgument], span: SourceSpan, source: String,
    file: SourceFile, faults: [Diagnostic] = []
  ) {
    self.name = name
    self.nameSpan = nameSpan
    self.arguments = arguments
    self.span = span
    self.source = source
    self.file = file
    self.faults = faults
  }

  /// The line of its template on which it begins, from 1.
  public var line: Int { file.line(ofByte: span.lower) }

  /// A diagnostic about a part of this directive.
  public func diagnostic(
    _ severity: Diagnostic.Severity = .error, at span: SourceSpan, _ message: String, hints: [String] = []
  ) -> Diagnostic {
    Diagnostic(severity, file: file, span: span, message: message, hints: hints)
  }
}
