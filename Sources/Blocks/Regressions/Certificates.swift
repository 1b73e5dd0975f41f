/// How far the solutions of some regressions may be from the exact ones.
struct Certificates {
  /// Regressions whose relative duality gap exceeds the tolerance.
  var missedGap: Int
  /// The largest relative duality gap.
  var largestGap: Double?

  init(_ fits: [LayerFit]) {
    missedGap = fits.reduce(0) { $0 + $1.missed }
    largestGap = fits.compactMap(\.largestGap).max()
  }

  static func note(missed: Int, _ say: Language) -> String? {
    guard missed > 0 else { return nil }
    return say(
      "\(missed) regressions did not reach the relative duality gap of 1e-3.",
      "\(missed) 個の回帰は相対双対ギャップ 1e-3 に達しなかった。")
  }
}
