import Markup

#if canImport(Glibc)
  import Glibc
#endif

/// Chooses round numbers to mark on an axis.
enum Ticks {
  /// The distance of about `count` ticks: 1, 2 or 5 times a power of ten; for whole numbers at least 1.
  static func step(_ low: Double, _ high: Double, count: Int, isWhole: Bool) -> Double {
    if isWhole { return wholeStep(high - low, count: count) }
    let raw = (high - low) / Double(max(1, count))
    guard raw.isFinite, raw > 0 else { return 1 }
    let power = pow(10, log10(raw).rounded(.down))
    let lead = raw / power
    let round: Double = lead <= 1.0001 ? 1 : lead <= 2.0001 ? 2 : lead <= 5.0001 ? 5 : 10
    let step = round * power
    return step > 0 && step.isFinite ? step : raw
  }

  /// The multiples of a step from low to high, at most 200.
  static func multiples(of step: Double, from low: Double, to high: Double) -> [Double] {
    guard step > 0, step.isFinite else { return [] }
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard first.isFinite, last.isFinite, last >= first, last - first <= 200 else { return [] }
    // A division by a whole number is exact where a product with 0.1 is not.
    let inverse = (1 / step).rounded()
    let isFraction = step < 1 && abs(inverse * step - 1) < 1e-9
    return (0...Int(last - first)).map { index in
      let multiple = first + Double(index)
      return isFraction ? multiple / inverse : multiple * step
    }
  }

  /// How many decimals a tick needs.
  static func decimals(of step: Double) -> Int {
    guard step > 0, step.isFinite else { return 0 }
    var places = 0
    var scaled = step
    while places < 8, abs(scaled - scaled.rounded()) > 1e-6 * max(1, scaled) {
      scaled *= 10
      places += 1
    }
    return places
  }

  /// Decades around the data, and ticks at them; at 2 and 5 times too where there are at most three.
  static func decades(_ low: Double, _ high: Double) -> (low: Double, high: Double, ticks: [Double]) {
    let first = Int((log10(low) + 1e-9).rounded(.down))
    let last = max(Int((log10(high) - 1e-9).rounded(.up)), first + 1)
    let powers = (first...last).map { pow(10, Double($0)) }
    guard last - first <= 3 else {
      let stride = max(1, (last - first + 5) / 6)
      return (powers[0], powers[powers.count - 1], powers.indices.filter { $0 % stride == 0 }.map { powers[$0] })
    }
    let fine = powers.flatMap { [$0, 2 * $0, 5 * $0] }
    let start = fine.last { $0 <= low * 1.0001 } ?? powers[0]
    let end = fine.first { $0 >= high * 0.9999 } ?? powers[powers.count - 1]
    guard start < end else { return (powers[0], powers[powers.count - 1], powers) }
    return (start, end, fine.filter { $0 >= start && $0 <= end })
  }

  /// 0.01, 1, 10, 1000; on a long axis 10⁻³, 1, 10, 10³, 10⁵.
  static func logarithmicLabel(_ tick: Double, usesPowers: Bool) -> String {
    if !usesPowers || (tick > 0.9 && tick < 11) { return NumberText.significant(tick, digits: 1) }
    let power = Int((log10(tick) + 1e-9).rounded(.down))
    let lead = (tick / pow(10, Double(power))).rounded()
    let text = "10" + NumberText.superscript(power)
    return lead == 1 ? text : "\(Int(lead))×" + text
  }

  private static func wholeStep(_ span: Double, count: Int) -> Double {
    let wanted = max(1, span / Double(max(1, count)))
    for step in [1.0, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50] where step >= wanted - 1e-9 { return step }
    return Ticks.step(0, span, count: count, isWhole: false).rounded()
  }
}
