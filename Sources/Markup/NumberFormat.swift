/// A way to write a number, as a value that charts and tables can be told.
public enum NumberFormat: Sendable, Hashable {
  /// So many decimals.
  case fixed(Int)
  /// So many decimals, and more where the number would pass for 0, 1 or −1 otherwise.
  case score(Int)
  /// So many significant digits.
  case significant(Int)
  /// A share as percent with so many decimals.
  case percent(Int)
  /// A whole number, digits grouped.
  case integer
  /// As many digits as needed to read the same number back.
  case shortest

  /// The number in this format; "undefined" where it is nil or not finite.
  public func text(_ value: Double?, sign: NumberText.Sign = .typographic) -> String {
    switch self {
    case .fixed(let decimals): NumberText.fixed(value, decimals: decimals, sign: sign)
    case .score(let decimals): NumberText.candid(value, decimals: decimals, sign: sign)
    case .significant(let digits): NumberText.significant(value, digits: digits, sign: sign)
    case .percent(let decimals): NumberText.percent(value, decimals: decimals, sign: sign)
    case .integer: NumberText.fixed(value, decimals: 0, sign: sign)
    case .shortest: NumberText.shortest(value, sign: sign)
    }
  }
}
