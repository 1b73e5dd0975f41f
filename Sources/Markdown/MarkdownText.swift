import Diagnostics
import Directives
import Markup

/// Markdown outside the body, such as captions; it holds no directives.
public enum MarkdownText {
  /// Prints text that can only be inline, such as a caption; line ends count as spaces.
  ///
  /// - Parameter works: those that it may cite.
  /// - Returns: XHTML without a paragraph around it, and what is wrong with formulas and citations in it, at the text's
  ///   place.
  public static func inline(_ text: Spanned<String>, citing works: CitedWorks? = nil) -> (TrustedMarkup, [Diagnostic]) {
    let pass = pass(text.value, works)
    let html = pass.runInline()
    return (TrustedMarkup(verbatim: html), moved(pass.diagnostics, to: text))
  }

  /// Prints text that can only be inline, without saying what is wrong with it.
  public static func inline(_ text: String, citing works: CitedWorks? = nil) -> TrustedMarkup {
    TrustedMarkup(verbatim: pass(text, works).runInline())
  }

  /// Prints text of whole paragraphs, such as an abstract.
  ///
  /// - Returns: XHTML, and what is wrong with it, at the text's place.
  public static func blocks(_ text: Spanned<String>) -> (TrustedMarkup, [Diagnostic]) {
    let pass = pass(text.value, nil, isInline: false)
    let html = pass.run()
    return (TrustedMarkup(verbatim: html), moved(pass.diagnostics, to: text))
  }

  /// A text without directives as the scan of one: the placeholder characters cannot come from a template, but they can
  /// come from the command line.
  static func scan(_ text: String) -> ScanResult {
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      clean.append(scalar == Placeholder.opening || scalar == Placeholder.closing ? "\u{FFFD}" : scalar)
    }
    let text = String(clean)
    return ScanResult(file: SourceFile(path: "text", text: text), text: text)
  }

  private static func pass(_ text: String, _ works: CitedWorks?, isInline: Bool = true) -> MarkdownPass {
    MarkdownPass(
      scan(text), options: MarkdownOptions(), inlineness: [], fill: nil,
      surroundings: works.map { .beside($0) } ?? .none, isInline: isInline)
  }

  private static func moved(_ diagnostics: [Diagnostic], to text: Spanned<String>) -> [Diagnostic] {
    diagnostics.map { diagnostic in
      Diagnostic(
        diagnostic.severity, file: text.file, span: text.file == nil ? nil : text.span, message: diagnostic.message,
        hints: diagnostic.hints)
    }
  }
}
