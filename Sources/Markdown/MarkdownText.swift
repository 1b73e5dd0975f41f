import Diagnostics
import Directives
import Markup

/// Markdown outside the body, such as captions and abstracts; it holds no directives.
public enum MarkdownText {
  /// Prints text that can only be inline, such as a caption; line ends count as spaces.
  ///
  /// - Returns: XHTML without a paragraph around it, and what is wrong with formulas in it, at the text's place.
  public static func inline(_ text: Spanned<String>) -> (TrustedMarkup, [Diagnostic]) {
    let pass = pass(text.value)
    let html = pass.runInline()
    return (TrustedMarkup(verbatim: html), moved(pass.diagnostics, to: text))
  }

  /// Prints text that can only be inline, without saying what is wrong with it.
  public static func inline(_ text: String) -> TrustedMarkup {
    TrustedMarkup(verbatim: pass(text).runInline())
  }

  /// Prints text of whole paragraphs, such as an abstract.
  ///
  /// - Returns: XHTML, and what is wrong with it, at the text's place.
  public static func blocks(_ text: Spanned<String>) -> (TrustedMarkup, [Diagnostic]) {
    let pass = pass(text.value, isInline: false)
    let html = pass.run()
    return (TrustedMarkup(verbatim: html), moved(pass.diagnostics, to: text))
  }

  private static func pass(_ text: String, isInline: Bool = true) -> MarkdownPass {
    // The placeholder characters cannot come from a template, but they can come from the command line.
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      clean.append(scalar == Placeholder.opening || scalar == Placeholder.closing ? "\u{FFFD}" : scalar)
    }
    let text = String(clean)
    let scan = ScanResult(file: SourceFile(path: "text", text: text), text: text)
    return MarkdownPass(scan, options: MarkdownOptions(), inlineness: [], fill: nil, isInline: isInline)
  }

  private static func moved(_ diagnostics: [Diagnostic], to text: Spanned<String>) -> [Diagnostic] {
    diagnostics.map { diagnostic in
      Diagnostic(
        diagnostic.severity, file: text.file, span: text.file == nil ? nil : text.span, message: diagnostic.message,
        hints: diagnostic.hints)
    }
  }
}
