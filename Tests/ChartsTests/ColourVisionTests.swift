import Charts
import Foundation
import Testing

/// Colours can be told apart and read: computed for normal sight, protanopia and deuteranopia.
@Suite struct ColourVisionTests {
  /// The colour variables of a page, by name.
  private static func variables(_ css: String) -> [String: Colour] {
    var found: [String: Colour] = [:]
    for part in css.split(separator: ";") {
      let pair = part.split(separator: ":")
      if pair.count == 2, let colour = Colour(hex: String(pair[1])) {
        found[String(pair[0].drop { $0 == "-" })] = colour
      }
    }
    return found
  }

  @Test(arguments: [ChartStyle.light, ChartStyle.dark]) func seriesColoursDiffer(css: String) throws {
    let colours = Self.variables(css)
    let series = try (0..<6).map { try #require(colours["s\($0)"]) }
    for sight in Sight.allCases {
      let seen = series.map { $0.seen(by: sight).lab }
      for first in seen.indices {
        for second in seen.indices where first < second {
          let difference = Lab.difference(seen[first], seen[second])
          #expect(difference > 15, "s\(first) and s\(second), \(sight): \(difference)")
        }
      }
    }
  }

  @Test(arguments: [ChartStyle.light, ChartStyle.dark]) func textIsReadable(css: String) throws {
    let colours = Self.variables(css)
    let page = try #require(colours["bg"])
    for name in ["fg", "muted"] + (0..<6).map({ "s\($0)" }) {
      let contrast = try #require(colours[name]).contrast(with: page)
      #expect(contrast >= 4.5, "\(name): \(contrast)")
    }
  }

  @Test(arguments: Palette.allCases) func textInCellsIsReadable(palette: Palette) throws {
    #expect(ChartStyle.css.contains(".vl{fill:#fff") && ChartStyle.css.contains(".vd{fill:#000"))
    for level in 0..<Palette.levels {
      let color = palette.color(level: level)
      let cell = try #require(Colour(hex: color.hex))
      let text = try #require(Colour(hex: color.isDark ? "#fff" : "#000"))
      #expect(cell.contrast(with: text) >= 4.5, "\(palette) \(level)")
    }
  }

  /// The pairs of the paper that defines CIEDE2000 (Sharma, Wu and Dalal 2005), by their published differences.
  @Test func differenceIsCIEDE2000() {
    let pairs: [(Lab, Lab, Double)] = [
      (Lab(50, 2.6772, -79.7751), Lab(50, 0, -82.7485), 2.0425),
      (Lab(50, 2.49, -0.001), Lab(50, -2.49, 0.0011), 7.2195),
      (Lab(60.2574, -34.0099, 36.2677), Lab(60.4626, -34.1751, 39.4387), 1.2644),
      (Lab(22.7233, 20.0904, -46.694), Lab(23.0331, 14.973, -42.5619), 2.0373),
    ]
    for (first, second, published) in pairs { #expect(abs(Lab.difference(first, second) - published) < 1e-4) }
  }
}

/// How red, green and blue light is seen: Machado, Oliveira and Fernandes (2009), severity 1.
private enum Sight: CaseIterable {
  case normal, protanopia, deuteranopia

  var matrix: [[Double]] {
    switch self {
    case .normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    case .protanopia:
      [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    case .deuteranopia:
      [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    }
  }
}

/// A colour as linear light, red, green and blue from 0 to 1.
private struct Colour {
  var light: [Double]

  init?(hex: String) {
    guard hex.hasPrefix("#"), hex.count == 4 || hex.count == 7 else { return nil }
    let digits = hex.dropFirst().map(String.init)
    let pairs =
      digits.count == 3 ? digits.map { $0 + $0 } : stride(from: 0, to: 6, by: 2).map { digits[$0] + digits[$0 + 1] }
    light = pairs.compactMap { Int($0, radix: 16) }.map {
      let share = Double($0) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    guard light.count == 3 else { return nil }
  }

  private static func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { zip($0, vector).map(*).reduce(0, +) }
  }

  func seen(by sight: Sight) -> Colour {
    var other = self
    other.light = Self.product(sight.matrix, light).map { max(0, min(1, $0)) }
    return other
  }

  /// The contrast of WCAG 2.
  func contrast(with other: Colour) -> Double {
    let both = [self, other].map { 0.2126 * $0.light[0] + 0.7152 * $0.light[1] + 0.0722 * $0.light[2] + 0.05 }.sorted()
    return both[1] / both[0]
  }

  /// CIELAB under D65.
  var lab: Lab {
    let xyz = Self.product(
      [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]], light)
    let f = zip(xyz, [0.95047, 1, 1.08883]).map { value, white -> Double in
      let share = value / white
      return share > 216.0 / 24389 ? cbrt(share) : (24389.0 / 27 * share + 16) / 116
    }
    return Lab(116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2]))
  }
}

private struct Lab {
  var l: Double, a: Double, b: Double
  init(_ l: Double, _ a: Double, _ b: Double) { (self.l, self.a, self.b) = (l, a, b) }

  /// CIEDE2000.
  static func difference(_ one: Lab, _ two: Lab) -> Double {
    func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
    func seventh(_ c: Double) -> Double { (pow(c, 7) / (pow(c, 7) + pow(25.0, 7))).squareRoot() }
    func hue(_ a: Double, _ b: Double) -> Double {
      let angle = a == 0 && b == 0 ? 0 : atan2(b, a) * 180 / .pi
      return angle < 0 ? angle + 360 : angle
    }
    let g = 0.5 * (1 - seventh((hypot(one.a, one.b) + hypot(two.a, two.b)) / 2))
    let (a1, a2) = (one.a * (1 + g), two.a * (1 + g))
    let (c1, c2) = (hypot(a1, one.b), hypot(a2, two.b))
    let (h1, h2) = (hue(a1, one.b), hue(a2, two.b))
    let isGrey = c1 * c2 == 0
    var turn = isGrey ? 0 : h2 - h1
    if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
    let deltaH = 2 * (c1 * c2).squareRoot() * sin(radians(turn / 2))
    let (l, c) = ((one.l + two.l) / 2, (c1 + c2) / 2)
    var h = isGrey ? h1 + h2 : (h1 + h2) / 2
    if !isGrey, abs(h1 - h2) > 180 { h += h1 + h2 < 360 ? 180 : -180 }
    let t =
      1 - 0.17 * cos(radians(h - 30)) + 0.24 * cos(radians(2 * h)) + 0.32 * cos(radians(3 * h + 6))
      - 0.2 * cos(radians(4 * h - 63))
    let sl = 1 + 0.015 * (l - 50) * (l - 50) / (20 + (l - 50) * (l - 50)).squareRoot()
    let (sc, sh) = (1 + 0.045 * c, 1 + 0.015 * c * t)
    let rotation = -2 * seventh(c) * sin(radians(60 * exp(-pow((h - 275) / 25, 2))))
    let (dl, dc, dh) = ((two.l - one.l) / sl, (c2 - c1) / sc, deltaH / sh)
    return (dl * dl + dc * dc + dh * dh + rotation * dc * dh).squareRoot()
  }
}
