import Diagnostics

/// Something the pre-scan took out of the text before Markdown sees it.
public struct ScannedMark: Sendable {
  /// What stands there.
  public enum Kind: Sendable {
    case directive(Directive)
    /// An escaped directive, `\<<name …>>`, that prints the text given here.
    case literal(String)
    /// `<<name` without its `>>`; the text says what is wrong.
    case unclosed(String)
  }

  /// What stands there.
  public var kind: Kind
  /// Where it stands.
  public var span: SourceSpan
  /// The source text, put back where directives are not looked for.
  public var source: String

  /// The name of a directive, also of one that is not closed; nil for an escaped one.
  public var name: String? {
    switch kind {
    case .directive(let directive): directive.name
    case .unclosed: String(source.dropFirst(2))
    case .literal: nil
    }
  }

  /// The directive, where it is one.
  public var directive: Directive? {
    if case .directive(let directive) = kind { directive } else { nil }
  }
}

/// The body of a template with every mark replaced by a placeholder.
///
/// A placeholder is U+E000, the decimal index into `marks`, U+E001: Markdown treats it as a word, so nothing inside a
/// directive is taken for emphasis, HTML, a link or an entity.
public struct ScanResult: Sendable {
  public var file: SourceFile
  /// The body with placeholders; line endings are kept.
  public var text: String
  /// Byte offset in the file at which the body starts.
  public var bodyStart: Int
  /// The 1-based line of the file on which the body starts.
  public var firstLine: Int
  /// What was taken out, by placeholder index.
  public var marks: [ScannedMark]
  /// Faults of the text itself: invalid UTF-8, reserved or control characters.
  public var diagnostics: [Diagnostic]

  /// Makes a scan by hand, such as of a text that holds no directives.
  public init(
    file: SourceFile, text: String, bodyStart: Int = 0, firstLine: Int = 1, marks: [ScannedMark] = [],
    diagnostics: [Diagnostic] = []
  ) {
    self.file = file
    self.text = text
    self.bodyStart = bodyStart
    self.firstLine = firstLine
    self.marks = marks
    self.diagnostics = diagnostics
  }

  /// The directives in the order of the text.
  public var directives: [Directive] { marks.compactMap(\.directive) }
}

/// The characters that stand in for a directive while Markdown is parsed.
public enum Placeholder {
  /// The first character of a placeholder.
  public static let opening: Unicode.Scalar = "\u{E000}"
  /// The last character of a placeholder.
  public static let closing: Unicode.Scalar = "\u{E001}"

  /// The placeholder of a mark.
  public static func text(_ index: Int) -> String { "\u{E000}\(index)\u{E001}" }
}
