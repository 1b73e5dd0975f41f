import Markup

/// How much room a plot has: it decides the drawing's width and how large its text must be taken when labels are placed.
public enum PlotSize: Sendable, Hashable {
  /// The whole text width.
  case full
  /// One of two panels side by side.
  case half
  /// One of three or more panels side by side.
  case third

  /// The width of the drawing in its own units, which are about CSS pixels at desktop width.
  var width: Double {
    switch self {
    case .full: 600
    case .half: 380
    case .third: 320
    }
  }

  /// The text size to place labels for.
  ///
  /// A full-width plot shrinks to about 60 % on a phone, where the style sheet enlarges its text to 15 units; laid out
  /// for that, nothing overlaps at either size. Panels are stacked on a phone and keep their 12 units.
  var layoutFont: Double { self == .full ? 15 : 12 }

  /// The size for as many panels side by side.
  public static func sharing(_ panels: Int) -> PlotSize { panels <= 1 ? .full : panels == 2 ? .half : .third }
}

/// What a chart is told about the place it is drawn in.
public struct PlotContext: Sendable {
  /// The beginning of every id in the drawing; two drawings of one page must not share it.
  public var idPrefix: String
  /// How much room there is.
  public var size: PlotSize
  /// The words that the drawing and its description use.
  public var words: ChartWords

  public init(idPrefix: String, size: PlotSize = .full, words: ChartWords = .english) {
    self.idPrefix = idPrefix
    self.size = size
    self.words = words
  }

  /// An id inside the drawing: with a mark that no author can write into an id, so that it is nobody else's.
  func id(_ name: String) -> String { idPrefix + "\u{B7}" + name }
}

/// A figure that can be drawn: values and strings in, SVG out, always the same bytes for the same input.
public protocol Chart: Sendable {
  /// What the drawing shows, in a few words; becomes the drawing's accessible name.
  var title: String { get }
  func svg(in context: PlotContext) -> TrustedMarkup
  /// The numbers behind the drawing.
  func data(words: ChartWords) -> DataTable
}
