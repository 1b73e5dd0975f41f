import Markup

#if canImport(Glibc)
  import Glibc
#endif

/// The mapping from values to places on the drawing, with its ticks.
struct Scale {
  let low: Double
  let high: Double
  let isLogarithmic: Bool
  /// Places of the low and the high end.
  var start: Double
  var end: Double
  var ticks: [Double]
  /// Ticks that find room where the text is smaller, on a page that is not narrow.
  private(set) var moreTicks: [Double] = []
  private let axis: Axis
  private let step: Double

  /// Values are kept inside ±8e307 so that a range never overflows.
  private static let limit = 8e307

  /// Fits a scale to the data.
  ///
  /// - Parameters:
  ///   - nice: whether the ends are moved out to the next tick.
  ///   - tickCount: about how many ticks.
  init(_ axis: Axis, values: [Double], from start: Double, to end: Double, nice: Bool, tickCount: Int) {
    self.axis = axis
    self.start = start
    self.end = end
    isLogarithmic = axis.isLogarithmic
    let usable = values.filter { $0.isFinite && (!axis.isLogarithmic || $0 > 0) }
    var low = min(usable.min() ?? .infinity, axis.range?.lowerBound ?? .infinity)
    var high = max(usable.max() ?? -.infinity, axis.range?.upperBound ?? -.infinity)
    if !(low <= high) { (low, high) = isLogarithmic ? (1, 10) : (0, 1) }
    low = max(low, -Self.limit)
    high = min(high, Self.limit)
    if isLogarithmic {
      let decades = Ticks.decades(max(low, 1e-300), max(high, 1e-300))
      (self.low, self.high, ticks, step) = (decades.low, decades.high, decades.ticks, 0)
      return
    }
    if nice, axis.range == nil, low > 0, low < high * 0.4 { low = 0 }
    if low == high {
      let room = max(abs(low) * 0.1, axis.isWhole ? 1 : 0.05)
      (low, high) = axis.isWhole ? (low, low + 1) : (low - room, high + room)
    }
    step = Ticks.step(low, high, count: tickCount, isWhole: axis.isWhole)
    if nice {
      let first = (low / step - 1e-9).rounded(.up) * step
      let last = (high / step + 1e-9).rounded(.down) * step
      // A value slightly beyond a tick does not open a whole further step.
      if low < first - step * 0.02, axis.range.map({ low < $0.lowerBound }) ?? true { low = first - step }
      if high > last + step * 0.02, axis.range.map({ high > $0.upperBound }) ?? true { high = last + step }
    }
    (self.low, self.high) = (low, high)
    ticks = Ticks.multiples(of: step, from: low, to: high)
  }

  /// The place of a value; nil where the scale has none for it.
  func place(_ value: Double?) -> Double? {
    guard let value, value.isFinite else { return nil }
    let share: Double
    if isLogarithmic {
      guard value > 0 else { return nil }
      share = (log10(value) - log10(low)) / (log10(high) - log10(low))
    } else {
      share = (max(-Self.limit, min(Self.limit, value)) - low) / (high - low)
    }
    return start + share * (end - start)
  }

  /// The label of a tick.
  func label(_ tick: Double) -> String {
    if let index = Int(exactly: tick), axis.labels.indices.contains(index) { return axis.labels[index] }
    if let format = axis.format { return format.text(tick) }
    if axis.isShortfall { return NumberText.fixed(1 - tick, decimals: Ticks.decimals(of: tick)) }
    if isLogarithmic { return Ticks.logarithmicLabel(tick, usesPowers: high >= 1e5 || low < 1e-3) }
    if abs(tick) >= 1e6 || step < 1e-5 { return tick == 0 ? "0" : NumberText.significant(tick, digits: 3) }
    return NumberText.fixed(tick, decimals: Ticks.decimals(of: step))
  }

  /// Leaves out ticks of an upright axis until they keep a distance: of a logarithmic one those between the powers first.
  mutating func keepApart(by gap: Double) {
    func isCrowded(_ ticks: [Double]) -> Bool {
      let places = ticks.compactMap { place($0) }
      return zip(places, places.dropFirst()).contains { abs($0 - $1) < gap }
    }
    guard isCrowded(ticks) else { return }
    if isLogarithmic {
      let powers = ticks.filter { abs(log10($0) - log10($0).rounded()) < 1e-6 }
      if powers.count > 1 { ticks = powers }
    }
    var stride = 1
    let all = ticks
    while stride < all.count, isCrowded(ticks) {
      stride += 1
      ticks = all.indices.filter { $0 % stride == 0 }.map { all[$0] }
    }
  }

  /// Leaves out ticks until labels, as wide as said, keep their distance.
  ///
  /// - Parameter shrink: how much smaller the text is where the page is not narrow; ticks that find room there are kept
  ///   as `moreTicks`.
  mutating func thinTicks(width: (Double) -> Double, gap: Double, shrink: Double = 1) {
    ticks = (ticks + moreTicks).sorted()
    moreTicks = []
    guard ticks.count > 1 else { return }
    let fine = stride(multipleOf: 1) { overlaps(stride: $0, width: { width($0) * shrink }, gap: gap * shrink) }
    // A multiple of the finer stride, so that the labels of a phone are among those of a desk.
    let coarse = shrink == 1 ? fine : stride(multipleOf: fine) { overlaps(stride: $0, width: width, gap: gap) }
    let all = ticks
    ticks = all.indices.filter { $0 % coarse == 0 }.map { all[$0] }
    moreTicks = all.indices.filter { $0 % fine == 0 && $0 % coarse != 0 }.map { all[$0] }
  }

  /// The least stride that keeps labels apart.
  private func stride(multipleOf unit: Int, overlaps: (Int) -> Bool) -> Int {
    var stride = unit
    while stride < ticks.count, overlaps(stride) { stride += unit }
    guard axis.isWhole || !axis.labels.isEmpty else { return stride }
    // Round strides read better than 7 or 11 and still fit, being larger.
    return [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 16, 20, 24, 25].first { $0 >= stride && $0 % unit == 0 } ?? stride
  }

  private func overlaps(stride: Int, width: (Double) -> Double, gap: Double) -> Bool {
    var lastEdge = -Double.infinity
    for index in Swift.stride(from: 0, to: ticks.count, by: stride) {
      guard let centre = place(ticks[index]) else { continue }
      let half = width(ticks[index]) / 2
      if centre - half < lastEdge + gap { return true }
      lastEdge = centre + half
    }
    return false
  }
}
