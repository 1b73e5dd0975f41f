/// The exact decimal expansion of a finite Double, for rounding without a second rounding error.
///
/// Every finite Double m·2^e has a finite expansion: for e < 0 it is m·5^(-e) with the point moved by -e places.
struct ExactDecimal {
  /// Decimal digits, most significant first, without leading zeros; `[0]` for zero.
  private(set) var digits: [UInt8]
  /// How many of the digits stand after the point.
  private(set) var decimals: Int
  let isNegative: Bool

  init(_ value: Double) {
    precondition(value.isFinite)
    isNegative = value < 0
    var limbs: [UInt64] = []  // base 10^9, least significant first
    var exponent = 0
    if value != 0 {
      var mantissa = value.significandBitPattern | (value.isNormal ? 1 << 52 : 0)
      exponent = (value.isNormal ? Int(value.exponentBitPattern) - 1075 : -1074)
      let shift = mantissa.trailingZeroBitCount
      mantissa >>= UInt64(shift)
      exponent += shift
      while mantissa > 0 {
        limbs.append(mantissa % 1_000_000_000)
        mantissa /= 1_000_000_000
      }
    }
    let factor: UInt64 = exponent < 0 ? 5 : 2
    // As many factors at once as stay below the base, so that the carry is one limb: 5^12 and 2^29.
    let (count, power): (Int, UInt64) = exponent < 0 ? (12, 244_140_625) : (29, 536_870_912)
    for _ in 0..<abs(exponent) / count { Self.multiply(&limbs, by: power) }
    for _ in 0..<abs(exponent) % count { Self.multiply(&limbs, by: factor) }
    decimals = max(0, -exponent)
    digits = Self.digits(of: limbs)
  }

  /// Moves the decimal point: `shift(2)` multiplies by 100.
  mutating func shift(_ places: Int) {
    decimals -= places
    if decimals < 0 {
      digits += Array(repeating: 0, count: -decimals)
      decimals = 0
    }
    trimLeadingZeros()
  }

  /// Rounds to so many places after the point, ties to the even digit, as IEEE 754 and C's `printf` do.
  mutating func round(toDecimals places: Int) {
    let drop = decimals - places
    if drop <= 0 {
      digits += Array(repeating: 0, count: -drop)
      decimals = places
      trimLeadingZeros()
      return
    }
    if digits.count < drop { digits = Array(repeating: 0, count: drop - digits.count) + digits }
    let kept = digits.count - drop
    let tail = digits[kept...]
    let half = tail.first ?? 0
    let isTie = half == 5 && tail.dropFirst().allSatisfy { $0 == 0 }
    let lastIsOdd = kept > 0 && digits[kept - 1] % 2 == 1
    digits.removeSubrange(kept...)
    decimals = places
    if isTie ? lastIsOdd : half >= 5 { increment() }
    trimLeadingZeros()
  }

  /// The power of ten of the leading digit: 0 for 1…9.99, -1 for 0.1…0.99; nil for zero.
  var leadingPower: Int? { digits.first == 0 || digits.isEmpty ? nil : digits.count - 1 - decimals }

  /// Whether nothing but zeros is left.
  var isZero: Bool { digits.allSatisfy { $0 == 0 } }

  /// The digits before and after the point.
  var parts: (whole: String, fraction: String) {
    var text = [UInt8](repeating: 0x30, count: max(0, decimals + 1 - digits.count))
    for digit in digits { text.append(0x30 + digit) }
    let point = text.count - decimals
    return (String(decoding: text[..<point], as: UTF8.self), String(decoding: text[point...], as: UTF8.self))
  }

  private mutating func increment() {
    var index = digits.count - 1
    while index >= 0 {
      if digits[index] < 9 {
        digits[index] += 1
        return
      }
      digits[index] = 0
      index -= 1
    }
    digits.insert(1, at: 0)
  }

  private mutating func trimLeadingZeros() {
    let first = digits.firstIndex { $0 != 0 } ?? max(0, digits.count - 1)
    digits.removeSubrange(..<first)
    if digits.isEmpty { digits = [0] }
  }

  private static func multiply(_ limbs: inout [UInt64], by factor: UInt64) {
    var carry: UInt64 = 0
    for index in limbs.indices {
      let product = limbs[index] * factor + carry
      limbs[index] = product % 1_000_000_000
      carry = product / 1_000_000_000
    }
    if carry > 0 { limbs.append(carry) }
  }

  private static func digits(of limbs: [UInt64]) -> [UInt8] {
    guard !limbs.isEmpty else { return [0] }
    var out: [UInt8] = []
    for limb in limbs {
      var rest = limb
      for _ in 0..<9 {
        out.append(UInt8(rest % 10))
        rest /= 10
      }
    }
    while out.count > 1, out.last == 0 { out.removeLast() }
    return out.reversed()
  }
}
