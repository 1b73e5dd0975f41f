import Diagnostics
import Markup

extension MarkdownPass {
  /// What is printed for a citation.
  func cite(_ citation: CitationMark, _ mark: SyntaxMark, isPlain: Bool) -> InlinePiece {
    if fill == nil {
      report(
        .error, at: mark.span, "'\(mark.source)' cites a work, and this text has no bibliography",
        hints: ["write '\\[' for literal text"])
    }
    return .text(mark.source)
  }
}
