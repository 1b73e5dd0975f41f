import Diagnostics
import Directives
import Files

/// A style sheet of the user's own, which a page carries after the built-in one: colour variables, fonts, spacing.
public struct Theme: Sendable, Equatable {
  /// Where it is.
  public var path: String
  public var css: String

  /// What a page cannot carry, and why.
  private static let refused: [(text: String, reason: String)] = [
    ("<", "it would end the page's style"), ("&", "the page would no longer be well-formed XML"),
    ("]]>", "the page would no longer be well-formed XML"),
    ("@import", "a page loads nothing: put the rules into the file itself"),
    ("url(", "a page loads nothing: system fonts and colours have to do"),
  ]

  /// Reads a style sheet.
  ///
  /// - Returns: what is wrong with it, at its own place or at the book's entry, where it cannot be used.
  static func read(_ path: String, named entry: Spanned<String>) -> (Theme?, [Diagnostic]) {
    let bytes: [UInt8]
    do { bytes = try readFile(path) } catch {
      let place = entry.file == nil ? nil : entry.span
      return (nil, [Diagnostic(file: entry.file, span: place, message: "cannot read the theme: \(error)")])
    }
    let file = SourceFile(path: path, bytes: bytes)
    let css = String(decoding: bytes, as: UTF8.self)
    var faults = TextCheck(file).diagnostics
    let folded = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    for (text, reason) in refused {
      guard let found = folded.firstRange(of: Array(text.utf8)) else { continue }
      let span = SourceSpan(lower: found.lowerBound, upper: found.upperBound)
      faults.append(Diagnostic(file: file, span: span, message: "a theme cannot hold '\(text)': \(reason)"))
    }
    return (faults.isEmpty ? Theme(path: path, css: css) : nil, faults)
  }
}
