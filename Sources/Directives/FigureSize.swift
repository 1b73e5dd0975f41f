/// How large an author wants a figure drawn: drawn at that size, not scaled to it.
public struct FigureSize: Sendable, Hashable {
  /// How much of the page's width it takes.
  public enum Width: String, Sendable, Hashable, CaseIterable {
    /// Half of the text column.
    case half
    /// The text column and, where the screen has room, the margin beside it.
    case wide
    /// The text column: what a figure takes where nothing is said.
    case full
  }

  /// The width; nil where it was not written.
  public var width: Width?
  /// The height of the data area in units of which the text column has 600 in its width; nil leaves it to the chart.
  public var height: Int?

  /// The heights that a figure can have.
  static let heights = 60...1200

  public init(width: Width? = nil, height: Int? = nil) { (self.width, self.height) = (width, height) }
}
