/// How a line looks; unset parts follow from the series' place in the chart.
public struct LineStyle: Sendable, Hashable {
  /// How heavy the line is.
  public enum Weight: Sendable, Hashable {
    /// For the secondary member of a pair, such as a fixed exit.
    case thin
    /// The usual weight.
    case normal
    /// For the primary member of a pair, such as early exit.
    case thick
  }

  /// Index into the series colours (0…5, then around).
  public var color: Int?
  /// Index into the dash patterns (0 is solid).
  public var dash: Int?
  /// The point shape.
  public var marker: Marker?
  /// The line's weight.
  public var weight: Weight
  /// Whether points are drawn as outlines.
  public var isHollow: Bool
  /// Whether points are drawn; nil draws them where there are at most 50.
  public var showsMarkers: Bool?
  /// Whether a value holds until the next point instead of being joined by a straight line.
  public var isStepped: Bool
  /// Whether points are joined at all; marks on another line are not, since nothing was found between them.
  public var joins: Bool
  /// Whether it is named, at its end or in the legend; marks that a caption explains are not.
  public var isNamed: Bool

  public init(
    color: Int? = nil, dash: Int? = nil, marker: Marker? = nil, weight: Weight = .normal, isHollow: Bool = false,
    showsMarkers: Bool? = nil, isStepped: Bool = false, joins: Bool = true,
    isNamed: Bool = true
  ) {
    self.color = color
    self.dash = dash
    self.marker = marker
    self.weight = weight
    self.isHollow = isHollow
    self.showsMarkers = showsMarkers
    self.isStepped = isStepped
    self.joins = joins
    self.isNamed = isNamed
  }
}

/// One line of a chart.
public struct LineSeries: Sendable {
  /// One point; y is nil where the value is undefined, which leaves a gap.
  public struct Point: Sendable {
    /// The position.
    public var x: Double
    /// The value.
    public var y: Double?
    /// A confidence band around the value.
    public var band: ClosedRange<Double>?
    /// What hovering says, instead of position and value.
    public var note: String?

    /// Makes a point; numbers that are not finite are undefined.
    public init(x: Double, y: Double?, band: ClosedRange<Double>? = nil, note: String? = nil) {
      self.x = x
      self.y = y.flatMap { $0.isFinite ? $0 : nil }
      self.band = band.flatMap { $0.lowerBound.isFinite && $0.upperBound.isFinite ? $0 : nil }
      self.note = note
    }
  }

  /// The name in the legend.
  public var name: String
  /// The points in drawing order.
  public var points: [Point]
  /// How it looks.
  public var style: LineStyle

  public init(_ name: String, points: [Point], style: LineStyle = LineStyle()) {
    self.name = name
    self.points = points.filter(\.x.isFinite)
    self.style = style
  }

  /// Makes a series of values at consecutive whole positions.
  public init(
    _ name: String, values: [Double?], first: Int = 0, bands: [ClosedRange<Double>?] = [],
    style: LineStyle = LineStyle()
  ) {
    let points = values.enumerated().map { index, value in
      Point(x: Double(first + index), y: value, band: bands.indices.contains(index) ? bands[index] : nil)
    }
    self.init(name, points: points, style: style)
  }
}

/// A straight line across the plot that marks a value, such as a floor or a target.
public struct ReferenceLine: Sendable {
  /// Which axis the value belongs to.
  public enum Direction: Sendable {
    /// A horizontal line at a y value.
    case horizontal
    /// A vertical line at an x value.
    case vertical
  }

  public var direction: Direction
  public var value: Double
  /// A short label.
  public var label: String

  public init(_ direction: Direction, at value: Double, label: String = "") {
    self.direction = direction
    self.value = value
    self.label = label
  }
}
