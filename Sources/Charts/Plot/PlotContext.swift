import Markup

/// How much room a plot has: it decides the drawing's width and how large its text must be taken when labels are placed.
public enum PlotSize: Sendable, Hashable {
  /// The whole text width.
  case full
  /// One of two panels side by side.
  case half
  /// One of three or more panels side by side.
  case third
  /// The text width and the margin beside it.
  case wide

  /// The width of the drawing in its own units, which are about CSS pixels at desktop width.
  var width: Double {
    switch self {
    case .full: 600
    case .half: 380
    case .third: 320
    case .wide: 760
    }
  }

  /// The text size to place labels for.
  ///
  /// A full-width plot shrinks to about 60 % on a phone, a wide one to less than half, and the style sheet enlarges their
  /// text to 15 and 19 units, about 9 CSS pixels at 400; laid out
  /// for that, nothing overlaps at either size. Panels are stacked on a phone and keep their 12 units.
  var layoutFont: Double {
    switch self {
    case .full: 15
    case .wide: 19
    case .half, .third: 12
    }
  }

  /// The size its text has where the page is not narrow.
  var deskFont: Double { isEnlarged ? 10.5 : 12 }

  /// Whether the style sheet enlarges its text on a phone.
  var isEnlarged: Bool { self == .full || self == .wide }

  var styleClass: String {
    switch self {
    case .full: "plot wide"
    case .wide: "plot wide vast"
    case .half, .third: "plot"
    }
  }

  /// The size for as many panels side by side.
  public static func sharing(_ panels: Int) -> PlotSize { panels <= 1 ? .full : panels == 2 ? .half : .third }
}

/// What a chart is told about the place it is drawn in.
public struct PlotContext: Sendable {
  /// The beginning of every id in the drawing; two drawings of one page must not share it.
  public var idPrefix: String
  /// How much room there is.
  public var size: PlotSize
  /// The height its author wants of the data area, in drawing units; nil leaves it to the chart.
  public var height: Double?
  /// The words that the drawing and its description use.
  public var words: ChartWords

  public init(idPrefix: String, size: PlotSize = .full, height: Double? = nil, words: ChartWords = .english) {
    self.idPrefix = idPrefix
    self.size = size
    self.height = height
    self.words = words
  }

  /// The height of the data area: the author's, or one that suits the size.
  func height(_ large: Double, _ small: Double) -> Double { height ?? (size.isEnlarged ? large : small) }

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
