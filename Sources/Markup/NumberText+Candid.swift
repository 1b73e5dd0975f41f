extension NumberText {
  /// A number with a fixed count of decimals, and as many more as it takes not to pass for 0, 1 or −1 where it is none of
  /// them: an R² of 0.997 is "0.997" at two decimals, not "1.00", and 0.0002 is not "0.000".
  ///
  /// Edge cases: what six decimals cannot tell from 1 is a rounding error and is written as it rounds; what they cannot
  /// tell from 0 is written with a power of ten.
  public static func candid(_ value: Double?, decimals: Int, sign: Sign = .typographic) -> String {
    candid(value, decimals: decimals) { fixed($0, decimals: $1, sign: sign) }
      ?? significant(value, digits: 1, sign: sign)
  }

  /// A share as percent, likewise: 0.99994 is "99.99%" at one decimal, not "100.0%".
  public static func candidPercent(_ share: Double?, decimals: Int = 1, sign: Sign = .typographic) -> String {
    candid(share, decimals: decimals) { percent($0, decimals: $1, sign: sign) }
      ?? significant(share.map { 100 * $0 }, digits: 1, sign: sign) + "%"
  }

  /// The text with the fewest decimals from a count on that does not read as a limit which the value is not; nil where
  /// the value is too close to 0.
  private static func candid(
    _ value: Double?, decimals: Int, write: (Double?, Int) -> String
  ) -> String? {
    let plain = write(value, decimals)
    guard let value, value.isFinite,
      let limit = [0.0, 1, -1].first(where: { $0 != value && write($0, decimals) == plain })
    else { return plain }
    for more in max(0, decimals)...max(6, decimals) where write(value, more) != write(limit, more) {
      return write(value, more)
    }
    return limit == 0 ? nil : plain
  }
}
