import Markup

/// Which colours stand for which values, and how the colour bar is labelled.
public struct ColorScale: Sendable {
  public var palette: Palette
  /// The range the colours cover; nil covers the data.
  ///
  /// Values outside take the end colours, and the bar says so.
  public var range: ClosedRange<Double>?
  /// What the colours mean, with unit.
  public var title: String
  /// How values are written in cells, hover texts and the description.
  public var format: NumberFormat

  public init(
    _ title: String, palette: Palette = .viridis, range: ClosedRange<Double>? = nil, format: NumberFormat = .fixed(2)
  ) {
    self.title = title
    self.palette = palette
    self.range = range
    self.format = format
  }

  /// A scale for scores that end at 1 and mostly lie near it: it begins at the round number below nearly all of them.
  ///
  /// Of the scores, one in fifty may lie below; they take the end colour, and the bar says "≤". A scale from 0 would show
  /// scores between 0.9 and 1 as one colour.
  public static func scores(_ title: String, of values: [Double], palette: Palette = .viridis) -> ColorScale {
    let sorted = values.filter(\.isFinite).sorted()
    let least = sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 50]
    let low = [0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.2].first { $0 <= least } ?? 0
    return ColorScale(title, palette: palette, range: low...1, format: .score(2))
  }

  /// How many values lie below the range, and take the colour of its low end.
  public func countBelow(_ values: [Double]) -> Int {
    let scale = resolved(values)
    return values.count { $0 < scale.range.lowerBound && scale.cutsBelow }
  }

  /// A scale for differences: purple and orange, symmetric around zero.
  public static func difference(_ title: String, reach: Double? = nil, format: NumberFormat = .fixed(2)) -> ColorScale {
    ColorScale(title, palette: .puOr, range: reach.map { -abs($0)...abs($0) }, format: format)
  }

  /// The scale with its range settled for the data.
  func resolved(_ values: [Double]) -> ResolvedColorScale {
    ResolvedColorScale(self, values)
  }
}

/// A colour scale whose range is known.
struct ResolvedColorScale {
  let scale: ColorScale
  let range: ClosedRange<Double>
  /// Whether data lies below or above the range.
  let cutsBelow: Bool
  let cutsAbove: Bool
  /// How many values lie outside.
  let cutCount: Int
  let ticks: [Double]
  private let step: Double
  /// How far beyond the range a value may lie before it counts as cut.
  private let slack: Double

  init(_ scale: ColorScale, _ values: [Double]) {
    self.scale = scale
    let limited = values.map { max(-8e307, min(8e307, $0)) }
    range = scale.range.flatMap(Self.usable) ?? Self.fitted(scale.palette, limited)
    let (low, high) = (range.lowerBound, range.upperBound)
    // A fitted range cuts nothing; of a given one, rounding errors do not count as beyond it.
    slack = scale.range == nil ? .infinity : (high - low) * 1e-9
    let slack = self.slack
    cutsBelow = limited.contains { $0 < low - slack }
    cutsAbove = limited.contains { $0 > high + slack }
    cutCount = limited.filter { $0 < low - slack || $0 > high + slack }.count
    step = Ticks.step(low, high, count: 5, isWhole: false)
    var ticks = Ticks.multiples(of: step, from: low, to: high)
    // A cut end always carries a label, since that is where "≤" or "≥" is said.
    if cutsBelow, let first = ticks.first, first - low > step * 0.01 { ticks.insert(low, at: 0) }
    if cutsAbove, let last = ticks.last, high - last > step * 0.01 { ticks.append(high) }
    self.ticks = ticks
  }

  private static func usable(_ range: ClosedRange<Double>) -> ClosedRange<Double>? {
    guard range.lowerBound.isFinite, range.upperBound.isFinite, range.lowerBound < range.upperBound else { return nil }
    return (range.upperBound - range.lowerBound).isFinite ? range : nil
  }

  private static func fitted(_ palette: Palette, _ values: [Double]) -> ClosedRange<Double> {
    guard let low = values.min(), let high = values.max() else { return palette == .puOr ? -1...1 : 0...1 }
    if palette == .puOr {
      let reach = max(abs(low), abs(high))
      guard reach > 0 else { return -1...1 }
      let end = rounded(reach, span: 2 * reach, .up)
      return -end...end
    }
    if low == high { return low...(low + max(abs(low) * 0.1, 0.01)) }
    // The ends move out to round numbers, so that the bar is labelled to its ends.
    return rounded(low, span: high - low, .down)...rounded(high, span: high - low, .up)
  }

  /// The next round number, unless that would waste more than a twelfth of the colours.
  private static func rounded(_ end: Double, span: Double, _ rule: FloatingPointRoundingRule) -> Double {
    let step = Ticks.step(0, span, count: 5, isWhole: false)
    let slack = rule == .up ? -1e-9 : 1e-9
    let round = (end / step + slack).rounded(rule) * step
    return round.isFinite && abs(round - end) <= span / 12 ? round : end
  }

  func color(of value: Double) -> Palette.Color {
    scale.palette.color(level: Palette.level(of: max(-8e307, min(8e307, value)), in: range))
  }

  /// What a cell says: its value, or at a cut end which limit it lies beyond.
  func text(of value: Double) -> String {
    if value < range.lowerBound - slack, let low = ticks.first { return label(low) }
    if value > range.upperBound + slack, let high = ticks.last { return label(high) }
    return scale.format.text(value)
  }

  /// The label of a tick; the ends say when they stand for everything beyond.
  func label(_ tick: Double) -> String {
    let isRound = abs((tick / step).rounded() * step - tick) < step * 1e-6
    let text: String
    switch scale.format {
    case .percent, .integer: text = scale.format.text(tick)
    default:
      if abs(tick) >= 1e5 || step < 1e-4 {
        text = tick == 0 ? "0" : NumberText.significant(tick, digits: 2)
      } else {
        text = NumberText.fixed(tick, decimals: isRound ? Ticks.decimals(of: step) : Ticks.decimals(of: step) + 1)
      }
    }
    if cutsBelow, tick == ticks.first { return "≤" + (Double(text) == 0 ? "0" : text) }
    if cutsAbove, tick == ticks.last { return "≥" + text }
    return text
  }
}
