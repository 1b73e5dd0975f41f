#if canImport(Glibc)
  import Glibc
#endif

/// A mapping from the interval 0…1 to colours.
public enum Palette: String, Sendable, Hashable, CaseIterable {
  /// The default: even steps of lightness, readable in every form of colour vision.
  case viridis
  /// Looks nearly the same with and without red-green deficiency.
  case cividis
  /// Purple to orange around white, for differences; its middle belongs to zero.
  case puOr

  /// A colour of eight bits per channel.
  public struct Color: Sendable, Hashable {
    /// Red, green and blue.
    public var red: UInt8, green: UInt8, blue: UInt8

    /// The colour as `#rrggbb`.
    public var hex: String {
      let digits = Array("0123456789abcdef")
      return "#" + [red, green, blue].map { String([digits[Int($0 >> 4)], digits[Int($0 & 15)]]) }.joined()
    }

    /// Relative luminance as WCAG 2 defines it, from 0 to 1.
    public var luminance: Double {
      func linear(_ channel: UInt8) -> Double {
        let share = Double(channel) / 255
        return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Whether white text reads better on it than black text: one of the two has a contrast of 4.58 at least.
    public var isDark: Bool { luminance < (1.05 * 0.05).squareRoot() - 0.05 }
  }

  /// How many different colours a map uses; one index of a PNG stays free for undefined cells.
  public static let levels = 255

  /// The level 0…254 of a value in a range; values outside get the nearest end.
  public static func level(of value: Double, in range: ClosedRange<Double>) -> Int {
    let span = range.upperBound - range.lowerBound
    guard span > 0 else { return 0 }
    let share = (value - range.lowerBound) / span
    return max(0, min(levels - 1, Int((max(0, min(1, share)) * Double(levels)).rounded(.down))))
  }

  /// The colour of a level.
  public func color(level: Int) -> Color {
    let table = colors
    return table[max(0, min(Self.levels - 1, level)) * 255 / (Self.levels - 1)]
  }

  /// The 256 colours of the table.
  var colors: [Color] {
    switch self {
    case .viridis: Self.viridisColors
    case .cividis: Self.cividisColors
    case .puOr: Self.puOrColors
    }
  }

  private static let viridisColors = parse(PaletteTables.viridis)
  private static let cividisColors = parse(PaletteTables.cividis)
  private static let puOrColors = parse(PaletteTables.puOr)

  private static func parse(_ hex: String) -> [Color] {
    let digits = hex.utf8.compactMap { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
      default: nil
      }
    }
    precondition(digits.count == 1536, "a palette has 256 colours")
    return (0..<256).map { index in
      let at = index * 6
      return Color(
        red: digits[at] << 4 | digits[at + 1], green: digits[at + 2] << 4 | digits[at + 3],
        blue: digits[at + 4] << 4 | digits[at + 5])
    }
  }
}
