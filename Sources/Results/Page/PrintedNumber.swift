import JSONText

/// Judges whether a number shown to readers is an honest rounding of the exact one.
public enum PrintedNumber {
  /// Whether `text` is `exact` rounded to the decimals it shows; `%` means hundredths.
  ///
  /// Text that is no plain decimal number (a word, a unit, a range) cannot be judged and passes, unless `exact` is null
  /// and the text shows a number.
  public static func isRounding(_ text: String, of exact: JSONValue) -> Bool {
    guard let shown = Decimal(text) else { return true }
    guard let exact = exact.doubleValue else { return false }
    let target = shown.isPercent ? exact * 100 : exact
    var unit = 1.0
    for _ in 0..<shown.decimals { unit /= 10 }
    // Half a unit of the last digit, with room for the rounding of the arithmetic itself.
    let slack: Double = 4 * max(target.magnitude.ulp, shown.value.magnitude.ulp)
    return (shown.value - target).magnitude <= unit / 2 + slack
  }

  /// Whether text is a plain decimal number as this program prints one.
  public static func isNumber(_ text: String) -> Bool { Decimal(text) != nil }

  /// A plain decimal number as typeset: `0.873`, `−12`, `1 234.5`, `87.3 %`.
  private struct Decimal {
    var value: Double
    var decimals: Int
    var isPercent = false

    init?(_ text: String) {
      var digits = ""
      for scalar in text.unicodeScalars {
        switch scalar {
        case "\u{2212}": digits.append("-")
        case " ", "\u{A0}", "\u{2009}", "\u{202F}": continue
        case "%": isPercent = true
        default: digits.unicodeScalars.append(scalar)
        }
      }
      let body = digits.hasPrefix("-") ? digits.dropFirst() : Substring(digits)
      let parts = body.split(separator: ".", omittingEmptySubsequences: false)
      let isPlain = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
      guard parts.count <= 2, isPlain, let value = Double(digits) else { return nil }
      self.value = value
      decimals = parts.count == 2 ? parts[1].utf8.count : 0
    }
  }
}
