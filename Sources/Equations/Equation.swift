import Diagnostics
import Markup

/// Something in a formula that is not understood.
public struct EquationFault: Sendable, Hashable {
  /// The faulty bytes of the TeX text.
  public var span: SourceSpan
  /// What is wrong.
  public var message: String
  /// What to do about it.
  public var hints: [String]

  /// The same fault so many bytes further on.
  public static func moved(_ fault: EquationFault, by bytes: Int) -> EquationFault {
    var fault = fault
    fault.span = SourceSpan(lower: fault.span.lower + bytes, upper: fault.span.upper + bytes)
    return fault
  }

  /// The fault as a diagnostic of the text the formula stands in.
  ///
  /// - Parameter start: byte offset at which the TeX text starts in the file.
  public func diagnostic(in file: SourceFile, startingAt start: Int) -> Diagnostic {
    Diagnostic(
      file: file, span: SourceSpan(lower: start + span.lower, upper: start + span.upper), message: message,
      hints: hints)
  }
}

/// A formula in TeX, turned into MathML Core.
///
/// ```swift
/// let equation = Equation(tex: "R^2 = 1 - \\frac{a}{b}", isDisplay: true)
/// equation.markup      // <math display="block">…</math>, with the TeX kept as an annotation
/// ```
/// A subset of TeX and AMS-LaTeX is understood; anything else is a fault at its column, never silently dropped.
public struct Equation: Sendable {
  /// The TeX text.
  public let tex: String
  /// MathML; where there are faults, the TeX as code.
  public let markup: TrustedMarkup
  /// The text of `\tag{…}`; nil where there is none.
  public let tag: String?
  /// What was not understood.
  public let faults: [EquationFault]

  /// Reads a formula.
  ///
  /// - Parameter isDisplay: whether it stands on lines of its own.
  public init(tex: String, isDisplay: Bool = false) {
    self.tex = tex
    var parser = TeXParser(tex)
    let atoms = parser.parse()
    faults = parser.faults
    tag = parser.tag
    if faults.isEmpty {
      markup = MathMLWriter.markup(atoms, tex: tex, isDisplay: isDisplay)
    } else {
      markup = MarkupWriter.make { $0.element("code", ["class": "equation-error"], text: tex) }
    }
  }
}
