import Directives

/// What `plot` takes.
enum PlotKeys {
  /// How the numbers are drawn.
  enum Kind: String, Sendable, CaseIterable { case lines, points, bars }
  /// Which axes have equal ratios at equal distances.
  enum Logarithmic: String, Sendable, CaseIterable { case none, x, y, both }

  static let file = Key.file("file", "the table: a header, then one row a line")
  static let x = Key<String?>.text("x", "the column of the horizontal axis; the first one by default")
  static let y = Key<String?>.text("y", "the column of the vertical axis, or several, separated by commas").required
  static let by = Key<String?>.text("by", "a column whose every value has a line of its own")
  static let kind = Key<Kind>.choice("kind", standard: .lines, "how the numbers are drawn")
  static let log = Key<Logarithmic>.choice("log", standard: .none, "logarithmic axes").presentation
  static let xTitle = Key<String?>.text("x-title", "the title of the horizontal axis; the column's name by default")
    .presentation
  static let yTitle = Key<String?>.text("y-title", "the title of the vertical axis; the column's name by default")
    .presentation

  static let all: [any KeyDeclaration] = [file, x, y, by, kind, log, xTitle, yTitle]
}
