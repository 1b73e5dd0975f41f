import Diagnostics

/// One value of a YAML document with its place in the source.
///
/// Scalars are kept as the text that was written: `no`, `1e3`, `2026-01-01` and `12:30` stay what they are until a
/// typed accessor of `YAMLMapReader` reads them.
public struct YAMLValue: Sendable {
  /// What a value is.
  public indirect enum Content: Sendable {
    /// Text; `isPlain` is false where it was quoted or a block scalar.
    case scalar(text: String, isPlain: Bool)
    case list([YAMLValue])
    /// A mapping, in the order it was written.
    case map([YAMLEntry])
  }

  /// What it is.
  public var content: Content
  /// Where it starts; for a scalar, where it stands.
  public var span: SourceSpan
  /// The text it stands in.
  public var file: SourceFile

  public init(content: Content, span: SourceSpan, file: SourceFile) {
    self.content = content
    self.span = span
    self.file = file
  }

  /// The text of a scalar; nil for lists and maps.
  public var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// The entries of a map; nil for scalars and lists.
  public var entries: [YAMLEntry]? {
    if case .map(let entries) = content { entries } else { nil }
  }

  /// The items of a list; nil for scalars and maps.
  public var items: [YAMLValue]? {
    if case .list(let items) = content { items } else { nil }
  }

  /// Whether nothing was written, or `null` or `~` without quotes.
  public var isNull: Bool {
    if case .scalar(let text, true) = content { text.isEmpty || text == "~" || text == "null" } else { false }
  }

  /// What it is, in words for a message: `'x'`, `a list`, `a map`, `nothing`.
  public var wording: String {
    if isNull { return "nothing" }
    switch content {
    case .scalar(let text, _): return "'\(text)'"
    case .list: return "a list"
    case .map: return "a map"
    }
  }

  /// An error about this value.
  public func error(_ message: String, hints: [String] = []) -> Diagnostic {
    Diagnostic(file: file, span: span, message: message, hints: hints)
  }
}

/// One `key: value` of a map.
public struct YAMLEntry: Sendable {
  /// The key as it was written.
  public var key: String
  /// Where the key stands.
  public var keySpan: SourceSpan
  public var value: YAMLValue

  public init(key: String, keySpan: SourceSpan, value: YAMLValue) {
    self.key = key
    self.keySpan = keySpan
    self.value = value
  }
}
