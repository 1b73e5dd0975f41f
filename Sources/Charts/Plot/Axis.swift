import Markup

/// One axis of a chart, before its range and ticks are known.
public struct Axis: Sendable {
  /// What is measured, with its unit, as the drawing says it.
  public var title: String
  /// The plain name of what is measured, which heads its column in a table of the numbers.
  public var column: String
  /// Whether equal ratios, not equal differences, take equal room; values at or below zero are then left out.
  public var isLogarithmic: Bool
  /// A range that must be visible; the data may widen it.
  public var range: ClosedRange<Double>?
  /// Whether only whole numbers are marked, as for layers.
  public var isWhole: Bool
  /// How tick numbers are written; nil chooses decimals by the distance of the ticks.
  public var format: NumberFormat?
  /// Names of the positions 0, 1, 2 …, written instead of their numbers.
  public var labels: [String]
  /// Whether values are shown by what they lack of 1: what lies on the axis is `1 − v`, its labels say `v`.
  ///
  /// With a logarithmic axis 0.9, 0.99 and 0.999 then stand at equal distances, the largest on top.
  var isShortfall = false

  /// Makes an axis.
  ///
  /// - Parameter column: the name of the column of its numbers, where the title says more than what they are.
  public init(
    _ title: String, column: String? = nil, isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil,
    isWhole: Bool = false,
    format: NumberFormat? = nil, labels: [String] = []
  ) {
    self.title = title
    self.column = column ?? title
    self.isLogarithmic = isLogarithmic
    self.range = range
    self.isWhole = isWhole
    self.format = format
    self.labels = labels
  }

  /// The axis of layers or states: whole numbers from a first to a last one.
  public static func layers(_ title: String, _ range: ClosedRange<Int>, labels: [String] = []) -> Axis {
    Axis(title, range: Double(range.lowerBound)...Double(range.upperBound), isWhole: true, labels: labels)
  }

  /// The axis of scores that crowd below 1: logarithmic in what they lack of it.
  public static func shortfall(_ title: String) -> Axis {
    var axis = Axis(title, isLogarithmic: true)
    axis.isShortfall = true
    return axis
  }

  /// A position in words, for hover texts and descriptions.
  func name(of position: Double) -> String {
    if let index = Int(exactly: position), labels.indices.contains(index) { return labels[index] }
    if let format { return format.text(position) }
    return isWhole || position == position.rounded()
      ? NumberText.shortest(position) : NumberText.significant(position, digits: 4)
  }
}
