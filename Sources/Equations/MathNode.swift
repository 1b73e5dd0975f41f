/// The class of an atom, which decides the space beside it (The TeXbook, chapter 17).
enum AtomClass {
  case ordinary
  case largeOperator
  case binary
  case relation
  case opening
  case closing
  case punctuation
  case inner
  /// Space alone: it has no class and hides none.
  case none
}

/// Where the scripts of an operator stand.
enum Limits {
  /// Beside the base.
  case beside
  /// Above and below in displayed formulas, beside it in running text.
  case movable
  /// Above and below everywhere.
  case stacked
}

/// One atom of a formula: a nucleus with its scripts.
struct MathAtom {
  var nucleus: MathNucleus
  var kind: AtomClass = .ordinary
  var limits: Limits = .beside
  var lower: [MathAtom]?
  var upper: [MathAtom]?
  /// Whether it begins with an opening delimiter although it ends as its class says.
  var opens = false

  /// The class it shows to what stands before it.
  var leading: AtomClass { opens ? .opening : kind }
}

/// What an atom is, without its scripts.
indirect enum MathNucleus {
  case identifier(String, isUpright: Bool)
  case number(String)
  /// An operator sign; `isStretchy` nil leaves it to the browser.
  case sign(String, isStretchy: Bool?)
  /// A delimiter of a fixed size in em; `form` is `prefix`, `postfix` or `infix`.
  case sizedDelimiter(String, size: String, form: String)
  /// The name of a function, such as log.
  case function(String)
  case text(String, style: String?)
  /// Width in em as it is written.
  case space(String)
  case row([MathAtom])
  case fraction([MathAtom], [MathAtom], style: FractionStyle)
  case root([MathAtom], index: [MathAtom]?)
  case accent([MathAtom], mark: String, isUnder: Bool, isStretchy: Bool)
  case stacked([MathAtom], over: [MathAtom]?, under: [MathAtom]?)
  /// Delimiters that grow with what they hold; an empty text is no delimiter.
  case fenced(left: String, right: String, [MathAtom])
  case middle(String)
  case table(MathTable)
  case styled(display: Bool?, level: Int, [MathAtom])
  case phantom([MathAtom])
}

/// How a fraction is set.
struct FractionStyle {
  /// Whether there is a bar; binomials have none.
  var hasBar = true
  /// `true` for `\dfrac`, `false` for `\tfrac`.
  var isDisplay: Bool?
}

/// A grid of cells with its fences.
struct MathTable {
  var left = ""
  var right = ""
  var rows: [[[MathAtom]]] = []
  /// Alignment of the columns, repeated where there are more columns.
  var columns: [Column] = [.center]
  var isDisplay = false
  /// Whether columns come in pairs that touch, as in `aligned`.
  var isPaired = false

  enum Column: String {
    case left
    case center
    case right
  }
}
