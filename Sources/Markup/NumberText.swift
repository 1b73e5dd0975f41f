/// Writes numbers the same way on every machine: no locale, exact rounding, never "-0", never "nan".
///
/// nil, NaN and the infinities are *undefined* and are written as that word; a wrong number is worse than none.
public enum NumberText {
  /// How a negative number is marked.
  public enum Sign: Sendable {
    /// The minus sign U+2212, for readers.
    case typographic
    /// The hyphen-minus, for data attributes, CSV and anything a program reads.
    case ascii
  }

  /// What stands for a number that does not exist.
  public static let undefined = "undefined"

  /// Between groups of three digits: a thin space that does not break.
  static let groupSeparator = "\u{202F}"

  /// A number with a fixed count of decimals, rounded exactly (ties to even), whole part grouped from 10 000 on.
  ///
  /// Edge cases: a value of 10^15 or more is written with a power of ten, since its digits say nothing.
  public static func fixed(_ value: Double?, decimals: Int, sign: Sign = .typographic) -> String {
    guard let value, value.isFinite else { return undefined }
    if abs(value) >= 1e15 { return scientific(value, digits: max(1, decimals + 1), sign: sign) }
    var exact = ExactDecimal(value)
    exact.round(toDecimals: max(0, decimals))
    return text(exact, sign: sign)
  }

  /// A number with a count of significant digits; a power of ten below 10^-4 and from 10^15 on.
  public static func significant(_ value: Double?, digits: Int, sign: Sign = .typographic) -> String {
    guard let value, value.isFinite else { return undefined }
    guard value != 0 else { return "0" }
    if abs(value) >= 1e15 || abs(value) < 1e-4 { return scientific(value, digits: digits, sign: sign) }
    return text(rounded(ExactDecimal(value), digits: digits), sign: sign)
  }

  /// The shortest decimal that reads back as the same Double; whole numbers without a point.
  public static func shortest(_ value: Double?, sign: Sign = .typographic) -> String {
    guard let value, value.isFinite else { return undefined }
    if value == 0 { return "0" }
    var text = value.description
    if text.hasSuffix(".0") { text.removeLast(2) }
    if let power = text.firstIndex(of: "e"), sign == .typographic {
      let mantissa = text[..<power].hasSuffix(".0") ? text[..<power].dropLast(2) : text[..<power]
      text = mantissa + "×10" + superscript(Int(text[text.index(after: power)...]) ?? 0)
    }
    return sign == .typographic && value < 0 ? "\u{2212}" + text.dropFirst() : text
  }

  /// A share as percent: `percent(0.138)` is "13.8%"; undefined where the share is absurdly large.
  public static func percent(_ share: Double?, decimals: Int = 1, sign: Sign = .typographic) -> String {
    guard let share, share.isFinite, abs(share) < 1e13 else { return undefined }
    var exact = ExactDecimal(share)
    exact.shift(2)
    exact.round(toDecimals: max(0, decimals))
    return text(exact, sign: sign) + "%"
  }

  /// A whole number, grouped from 10 000 on; "undefined" for nil.
  public static func integer(_ value: Int?, sign: Sign = .typographic) -> String {
    guard let value else { return undefined }
    let digits = grouped(String(value.magnitude), sign: sign)
    return value < 0 ? minus(sign) + digits : digits
  }

  /// Whole numbers from a least to a largest one: `12–31`, and `12` where both are that.
  public static func range(_ low: Int, _ high: Int) -> String {
    low == high ? integer(low) : "\(integer(low))–\(integer(high))"
  }

  /// A number as data: ASCII, shortest round trip; empty for a value that does not exist.
  public static func data(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return shortest(value, sign: .ascii)
  }

  /// A number as mantissa times a power of ten: "1.24×10⁻⁷", in ASCII "1.24e-7".
  public static func scientific(_ value: Double?, digits: Int, sign: Sign = .typographic) -> String {
    guard let value, value.isFinite else { return undefined }
    guard value != 0 else { return "0" }
    var exact = rounded(ExactDecimal(value), digits: digits)
    let power = exact.leadingPower ?? 0
    exact.shift(-power)
    exact.round(toDecimals: max(0, digits - 1))
    let mantissa = text(exact, sign: sign)
    return sign == .ascii ? "\(mantissa)e\(power)" : "\(mantissa)×10\(superscript(power))"
  }

  private static func rounded(_ exact: ExactDecimal, digits: Int) -> ExactDecimal {
    guard let power = exact.leadingPower else { return exact }
    let once = rounded(exact, toPower: power - max(1, digits) + 1)
    // A carry into a new leading digit (9.996 to 10.00) leaves one digit too many, which is a zero.
    guard let carried = once.leadingPower, carried > power else { return once }
    return rounded(once, toPower: carried - max(1, digits) + 1)
  }

  /// Rounds to a multiple of ten to a power.
  private static func rounded(_ exact: ExactDecimal, toPower power: Int) -> ExactDecimal {
    var result = exact
    if power <= 0 {
      result.round(toDecimals: -power)
    } else {
      result.shift(-power)
      result.round(toDecimals: 0)
      result.shift(power)
    }
    return result
  }

  private static func text(_ exact: ExactDecimal, sign: Sign) -> String {
    let (whole, fraction) = exact.parts
    let body = grouped(whole, sign: sign) + (fraction.isEmpty ? "" : "." + fraction)
    return exact.isNegative && !exact.isZero ? minus(sign) + body : body
  }

  private static func minus(_ sign: Sign) -> String { sign == .typographic ? "\u{2212}" : "-" }

  private static func grouped(_ digits: String, sign: Sign) -> String {
    guard sign == .typographic, digits.count > 4 else { return digits }
    var out = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { out += groupSeparator }
      out.append(digit)
    }
    return out
  }

  /// An exponent in raised digits: -7 is "⁻⁷".
  public static func superscript(_ number: Int) -> String {
    let raised: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return (number < 0 ? "⁻" : "") + String(String(number.magnitude).compactMap(\.wholeNumberValue).map { raised[$0] })
  }
}
