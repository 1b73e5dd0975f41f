import Foundation
import Markup
import Testing

struct NumberTextTests {
  @Test(arguments: [
    (0.861, 3, "0.861"), (1.005, 2, "1.00"), (1.115, 2, "1.11"), (0.5, 0, "0"), (1.5, 0, "2"), (2.5, 0, "2"),
    (-0.0004, 3, "0.000"), (-0.0, 2, "0.00"), (-1.25, 1, "−1.2"), (9.999, 2, "10.00"), (0.999, 1, "1.0"),
    (1234.5, 1, "1234.5"), (12345.678, 1, "12\u{202F}345.7"), (1_234_567, 0, "1\u{202F}234\u{202F}567"),
    (1e16, 2, "1.00×10¹⁶"), (.leastNonzeroMagnitude, 2, "0.00"), (0, 3, "0.000"), (0.05, 1, "0.1"),
  ])
  func fixedDecimals(value: Double, decimals: Int, expected: String) {
    #expect(NumberText.fixed(value, decimals: decimals) == expected)
  }

  @Test(arguments: [
    (0.00123456, 3, "0.00123"), (123456, 3, "123\u{202F}000"), (0.00001234, 2, "1.2×10⁻⁵"), (1.0, 3, "1.00"),
    (-99.96, 3, "−100"), (6.02e23, 3, "6.02×10²³"), (0.0, 3, "0"), (9.996, 3, "10.0"),
  ])
  func significantDigits(value: Double, digits: Int, expected: String) {
    #expect(NumberText.significant(value, digits: digits) == expected)
  }

  @Test func shortestReadsBack() {
    #expect(NumberText.shortest(0.1) == "0.1")
    #expect(NumberText.shortest(3) == "3")
    #expect(NumberText.shortest(-2.5) == "−2.5")
    #expect(NumberText.shortest(1e-7) == "1×10⁻⁷")
    #expect(NumberText.shortest(-1e-7, sign: .ascii) == "-1e-07")
    #expect(NumberText.shortest(-0.0) == "0")
  }

  @Test func aRangeOfOneNumberIsThatNumber() {
    #expect(NumberText.range(12, 31) == "12–31")
    #expect(NumberText.range(12, 12) == "12")
    #expect(NumberText.range(9999, 131_072) == "9999–131\u{202F}072")
  }

  @Test func percentIsExact() {
    #expect(NumberText.percent(0.95, decimals: 0) == "95%")
    #expect(NumberText.percent(0.138) == "13.8%")
    #expect(NumberText.percent(0.285, decimals: 0) == "28%")
    #expect(NumberText.percent(0, decimals: 0) == "0%")
    #expect(NumberText.percent(0.001, decimals: 0) == "0%")
    #expect(NumberText.percent(1, decimals: 0) == "100%")
    #expect(NumberText.percent(1.5, decimals: 2) == "150.00%")
    #expect(NumberText.percent(-0.0001, decimals: 0) == "0%")
    #expect(NumberText.percent(-0.079) == "−7.9%")
  }

  @Test func undefinedIsAWord() {
    for value: Double? in [nil, .nan, .infinity, -.infinity] {
      #expect(NumberText.fixed(value, decimals: 2) == "undefined")
      #expect(NumberText.significant(value, digits: 2) == "undefined")
      #expect(NumberText.shortest(value) == "undefined")
      #expect(NumberText.percent(value) == "undefined")
      #expect(NumberText.data(value).isEmpty)
    }
    #expect(NumberText.integer(nil) == "undefined")
  }

  @Test func integersAreGrouped() {
    #expect(NumberText.integer(9999) == "9999")
    #expect(NumberText.integer(131_072) == "131\u{202F}072")
    #expect(NumberText.integer(-131_072) == "−131\u{202F}072")
    #expect(NumberText.integer(-131_072, sign: .ascii) == "-131072")
    #expect(NumberText.integer(Int.min, sign: .ascii) == "-9223372036854775808")
  }

  @Test func agreesWithPrintf() {
    var state: UInt64 = 42
    for _ in 0..<2000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = (Double(state >> 11) / 9_007_199_254_740_992 - 0.5) * 8000
      for decimals in [0, 1, 3, 6, 12] {
        let expected = String(format: "%.\(decimals)f", value)
        let negativeZero = expected.allSatisfy { "-0.".contains($0) }
        let own = NumberText.fixed(value, decimals: decimals, sign: .ascii)
        #expect(own == (negativeZero ? expected.replacingOccurrences(of: "-", with: "") : expected))
      }
    }
  }
}
