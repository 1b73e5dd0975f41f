/// One thing an author should know about a template or a book file.
///
/// Wording: lower case, no final stop, the author's text in '…', what was expected and what was found; hints are
/// sentences of their own.
public struct Diagnostic: Sendable, CustomStringConvertible {
  /// How grave a diagnostic is.
  public enum Severity: String, Sendable, Hashable {
    /// The page cannot be made.
    case error
    /// The page can be made, but probably not as meant.
    case warning
  }

  /// How grave it is.
  public var severity: Severity
  /// The text it is about; nil where there is none, such as a command-line option.
  public var file: SourceFile?
  /// The faulty bytes of `file`; nil where the whole file is meant.
  public var span: SourceSpan?
  /// What is wrong.
  public var message: String
  /// What to do about it, most useful first.
  public var hints: [String]

  public init(
    _ severity: Severity = .error, file: SourceFile? = nil, span: SourceSpan? = nil, message: String,
    hints: [String] = []
  ) {
    self.severity = severity
    // A text that was put together is nobody's to mend: what is wrong is said where it was written.
    let place = file.flatMap { file in span.flatMap { file.origin(of: $0) } }
    self.file = place?.file ?? file
    self.span = place?.span ?? span
    self.message = message
    self.hints = hints
  }

  /// Line and column of the first faulty byte, where there is a place.
  public var position: SourcePosition? {
    guard let file, let span else { return nil }
    return file.position(ofByte: span.lower)
  }

  /// The diagnostic on one line, without source excerpt and hints.
  public var headline: String {
    var place = ""
    if let file {
      place = file.path
      if let position { place += ":\(position)" }
      place += ": "
    }
    return "\(place)\(severity.rawValue): \(message)"
  }

  /// The diagnostic with its source line, a caret under the faulty text, and its hints.
  ///
  /// ```
  /// t.md:3:3: error: unknown directive 'heatmp'
  ///   <<heatmp r2 mean>>
  ///     ^~~~~~
  ///   hint: did you mean 'heatmap'?
  /// ```
  public func rendered() -> String {
    var lines = [headline]
    if let file, let span {
      lines += SourceExcerpt(file: file, span: span).lines.map { $0.isEmpty ? "" : "  " + $0 }
    }
    lines += hints.map { "  hint: \($0)" }
    return lines.joined(separator: "\n")
  }

  /// Same as `rendered()`.
  public var description: String { rendered() }
}

extension Sequence<Diagnostic> {
  /// Whether any of them is an error.
  public var hasErrors: Bool { contains { $0.severity == .error } }

  /// The diagnostics by path, then place; those without a place in a file come first, exact repetitions go.
  public func inSourceOrder() -> [Diagnostic] {
    let keyed = enumerated().map { offset, diagnostic in
      (
        path: Array((diagnostic.file?.path ?? "").utf8), lower: diagnostic.span?.lower ?? -1, offset: offset,
        diagnostic: diagnostic
      )
    }
    let sorted = keyed.sorted { left, right in
      if left.path != right.path { return left.path.lexicographicallyPrecedes(right.path) }
      return (left.lower, left.offset) < (right.lower, right.offset)
    }
    var seen: Set<[UInt8]> = []
    return sorted.map(\.diagnostic).filter { seen.insert(Array($0.rendered().utf8)).inserted }
  }

  /// How many there are, such as `2 errors, 1 warning`; empty where there are none.
  public var summary: String {
    var errors = 0
    var warnings = 0
    for diagnostic in self {
      if diagnostic.severity == .error { errors += 1 } else { warnings += 1 }
    }
    let counts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }
    return counts.map { counted($0.0, $0.1) }.joined(separator: ", ")
  }
}
