import Tensors
import Transformers

/// What the value of every neuron gives the vocabulary, and what it gives it where the coefficient is negative.
///
/// The value of neuron k is column k of the feed-forward output matrix; where a norm follows that product (Gemma 2), times its
/// gain. A value of zeros gives nothing: it has no token, no rank and the probability of chance.
public struct ValueReadings: Sendable, Equatable, Codable {
  /// One end of a value.
  public struct End: Sendable, Equatable, Codable {
    /// The token given most, the lower id of equals; -1 for a value of zeros. [L][d_ff]
    public var top: [[Int]] = []
    /// The largest entry of the softmax over the vocabulary. [L][d_ff]
    public var probability: [[Double]] = []
    /// 1 + the number of tokens given more than the one asked for, [L][d_ff].
    ///
    /// 0 for a value of zeros; empty where none was asked for.
    public var rank: [[Int]] = []

    /// An end of no value yet.
    public init() {}
  }

  /// +v.
  public var positive = End()
  /// −v.
  public var negative = End()
  /// |v|. [L][d_ff]
  public var length: [[Double]] = []

  /// Readings of no block yet.
  public init() {}

  /// The end that a coefficient of a sign promotes.
  public subscript(sign: Int) -> End { sign < 0 ? negative : positive }
}

extension Model {
  /// Reads the values of all neurons through the head, in tiles: never is neurons × vocabulary in memory.
  ///
  /// - Parameters:
  ///   - norm: what stands between the values and the vocabulary.
  ///   - tokens: a token for each neuron whose rank is asked for, [L][d_ff]; nil for none.
  /// - Throws: `ModelError`: code `unsupported` where norms follow the additions, `noHead` without a head.
  public func readValues(_ norm: ProjectionNorm, tokens: [[Int]]? = nil) throws -> ValueReadings {
    try requirePreNorm()
    var readings = ValueReadings()
    for block in 0..<configuration.blocks {
      let output = try BranchOutput(.ffnOut, block: block, of: self, in: nil)
      let values = output.columns(0..<output.count)
      let lengths = values.lengths
      readings.length.append(lengths)
      let part = try read(values, norm, tokens?[block])
      readings.positive.append(part.positive, lengths)
      readings.negative.append(part.negative, lengths)
    }
    return readings
  }

  private typealias Reading = (top: Int, logSum: Double, largest: Double, rank: Int?)

  private func read(
    _ values: Matrix, _ norm: ProjectionNorm, _ tokens: [Int]?
  ) throws -> (positive: [Reading], negative: [Reading]) {
    var (positive, negative): ([Reading], [Reading]) = ([], [])
    if norm == .recompute {
      // Biases make the reading of −v something else than minus that of v.
      try forEachProjection(of: values, norm) { rows, tile in
        positive += readings(tile, tokens.map { Array($0[rows]) }).map(\.positive)
      }
      try forEachProjection(of: values.negated(), norm) { rows, tile in
        negative += readings(tile, tokens.map { Array($0[rows]) }).map(\.positive)
      }
    } else {
      try forEachProjection(of: values, norm) { rows, tile in
        let found = readings(tile, tokens.map { Array($0[rows]) })
        positive += found.map(\.positive)
        negative += found.map(\.negative)
      }
    }
    return (positive, negative)
  }

  /// A tile read as it is and turned round.
  private func readings(_ tile: Matrix, _ tokens: [Int]?) -> [(positive: Reading, negative: Reading)] {
    let places = tile.extremePlaces()
    let ranks = tokens.map { tile.ranks(ofColumns: $0) }
    let rows = Array(0..<tile.rows)
    let sums = tile.logSumExps(
      of: rows.map { ($0, 1) } + rows.map { ($0, -1) }, over: [Float](repeating: 0, count: tile.columns))
    return rows.map { row in
      let (high, low) = places[row]
      return (
        (high, sums[row], Double(tile[row, high]), ranks?[row].falling),
        (low, sums[tile.rows + row], -Double(tile[row, low]), ranks?[row].rising)
      )
    }
  }
}

extension ValueReadings.End {
  /// Adds a block; a value of zeros is left without a token.
  fileprivate mutating func append(
    _ readings: [(top: Int, logSum: Double, largest: Double, rank: Int?)], _ lengths: [Double]
  ) {
    top.append(zip(readings, lengths).map { $1 == 0 ? -1 : $0.top })
    probability.append(readings.map { exponential($0.largest - $0.logSum) })
    if readings.contains(where: { $0.rank != nil }) {
      rank.append(zip(readings, lengths).map { $1 == 0 ? 0 : $0.rank ?? 0 })
    }
  }
}

extension DenseMatrix where Element == Float {
  func negated() -> Matrix { Matrix(rows: rows, columns: columns, values: values.map { -$0 }) }
}
