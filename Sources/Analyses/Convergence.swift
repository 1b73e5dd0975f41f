import JSONText
import Tensors

/// How far the residual stream turns in each block, and how steadily that movement dies down.
///
/// Movement of block l at one position (values in [0, 1]):
/// ```
/// D_l = (1 - cos(h_l, h_{l+1})) / 2
/// ```
/// Score of a curve of movements (1 = never rises, 0 = never falls):
/// ```
/// S = 1 - sum_{l>=1} max(0, D_l - D_{l-1}) / sum_{l>=1} |D_l - D_{l-1}|
/// ```
/// The curve is averaged over positions first and S taken of the average; the mean of S over single positions is
/// reported beside it, because averaging hides the wiggles of single positions.
///
/// The last state may be taken before or after the final norm, whose gain turns it too; both last movements are reported.
///
/// Source: the hidden-state convergence study (movement D_l and convergence S, its equations 1 and 2).
public struct Convergence: Codable, Sendable, Equatable {
  @Field("movement D of each block, mean over positions, [L]; null where no position has two non-zero states")
  public var distance: [Double?] = []
  @Field("convergence score S of that mean curve; null where a movement is undefined")
  public var score: Double? = nil
  @Field("mean over positions of S of each position's own curve")
  public var scorePerToken: Double? = nil
  @Field("movement of the last block")
  public var lastDistance: Double? = nil
  @Field("movement of the last block over that of the block before it; null where that one is still")
  public var lastRatio: Double? = nil
  @Field("positions left out because one of their states is the zero vector")
  public var undefinedPositions = 0
  @Field("lower quartile, median and upper quartile of each block's movement over positions, [L][3]")
  public var quartiles: [[Double?]] = []
  @Field("movement of the last block with h_L before the final norm")
  public var preNormDistance: Double? = nil
  @Field("movement of the last block with h_L after the final norm; null where the model has none")
  public var postNormDistance: Double? = nil
  @OptionalField("single positions, where the directive brings a text")
  public var positions: [PositionCurve]? = nil

  /// A result of the usual shape.
  public static let example = Convergence(
    distance: [0.3, 0.1], score: 1, scorePerToken: 0.9, lastDistance: 0.1, lastRatio: 1.0 / 3, undefinedPositions: 1,
    quartiles: [[0.25, 0.3, 0.35], [0.05, 0.1, 0.15]], preNormDistance: 0.1, postNormDistance: 0.12)
}

/// The movements at one position of a text.
public struct PositionCurve: Codable, Sendable, Equatable {
  @Field("the position in the text") public var position = 0
  @Field("its token") public var token = ""
  @Field("the token that follows it in the text; empty at the end") public var next = ""
  @Field("movement of each block, [L]") public var distance: [Double?] = []
  @Field("score of that curve") public var score: Double? = nil

  public init(position: Int, token: String, next: String, distance: [Double?]) {
    (self.position, self.token, self.next, self.distance) = (position, token, next, distance)
    let defined = distance.compactMap { $0 }
    score = defined.count == distance.count ? Convergence.score(of: defined) : nil
  }
}

extension Convergence {
  /// What follows from a mean curve.
  init(distance: [Double?], scorePerToken: Double?, undefinedPositions: Int) {
    let defined = distance.compactMap { $0 }
    self.init(
      distance: distance, score: defined.count == distance.count ? Self.score(of: defined) : nil,
      scorePerToken: scorePerToken, lastDistance: distance.last ?? nil, lastRatio: Self.ratioOfLast(distance),
      undefinedPositions: undefinedPositions)
  }

  private static func ratioOfLast(_ distance: [Double?]) -> Double? {
    guard distance.count >= 2, let last = distance[distance.count - 1], let before = distance[distance.count - 2],
      before > 0
    else { return nil }
    return last / before
  }

  /// The score S of one curve of movements; 1 for a curve without any change (0/0), nil for fewer than two values.
  public static func score(of curve: [Double]) -> Double? {
    guard curve.count >= 2 else { return nil }
    var rise = 0.0
    var total = 0.0
    for (before, after) in zip(curve, curve.dropFirst()) {
      rise += max(0, after - before)
      total += abs(after - before)
    }
    return total == 0 ? 1 : 1 - rise / total
  }

  /// The movement between two states; nil where either is the zero vector.
  public static func movement(from a: [Float], to b: [Float]) -> Double? {
    var dot = 0.0
    var aa = 0.0
    var bb = 0.0
    for (x, y) in zip(a, b) {
      dot += Double(x) * Double(y)
      aa += Double(x) * Double(x)
      bb += Double(y) * Double(y)
    }
    guard aa > 0, bb > 0 else { return nil }
    let cosine = dot / (aa.squareRoot() * bb.squareRoot())
    return (1 - min(1, max(-1, cosine))) / 2
  }
}
