import Markup
import Testing

@Suite struct CandidNumberTests {
  @Test(arguments: [
    (0.997, 2, "0.997"), (0.9996, 3, "0.9996"), (0.99, 2, "0.99"), (1, 2, "1.00"), (0, 3, "0.000"),
    (0.00021, 3, "0.0002"),
    (-0.0004, 2, "−0.0004"), (-0.998, 2, "−0.998"), (1.2, 0, "1.2"), (0.123456, 3, "0.123"), (12.0004, 3, "12.000"),
    (3e-9, 2, "3×10⁻⁹"), (0.999999999, 2, "1.00"),
  ]) func neverPassesForALimit(value: Double, decimals: Int, text: String) {
    #expect(NumberText.candid(value, decimals: decimals) == text)
  }

  @Test(arguments: [(0.99994, 1, "99.99%"), (1.0, 1, "100.0%"), (0.0001, 1, "0.01%"), (0.138, 1, "13.8%")])
  func neverPassesForALimitInPercent(share: Double, decimals: Int, text: String) {
    #expect(NumberText.candidPercent(share, decimals: decimals) == text)
  }

  @Test func undefinedStaysUndefined() {
    #expect(NumberText.candid(nil, decimals: 2) == "undefined")
    #expect(NumberText.candid(.nan, decimals: 2) == "undefined")
    #expect(NumberFormat.score(2).text(0.997) == "0.997")
  }
}
