import Tensors
import Transformers

/// The head as the last position of one text has it, the final norm frozen to the scale of h_L there: linear in the stream
/// but for a constant and, where the model has one, the soft cap.
///
/// The value of token w for a vector v, b_w(v) = U_w · (g · c(v) / s), is what the field calls a before-softmax value; the
/// values of parts add up. The logit is Σ b_w + U_w · β + bias, capped where the model caps.
/// Source: TransformerLens' `apply_ln_to_stack`; the constant is kept, so the whole is the model's own logit.
public struct FrozenHead: Sendable {
  /// The model.
  public let model: Model
  /// s, √(var + ε) or √(mean square + ε) of h_L; 1 where there is no final norm.
  public let scale: Float
  /// U β + bias, the logits of nothing, [V].
  public let base: [Float]
  private let norm: FrozenNorm

  /// Freezes the head to a final state [1, d].
  ///
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public init(_ model: Model, final: Matrix) throws {
    precondition(final.rows == 1, "one state")
    self.model = model
    let hasNorm = model.configuration.head.norm != nil
    scale = hasNorm ? try model.finalNormScales(of: final)[0] : 1
    var nothing = Matrix(rows: 1, columns: final.columns)
    if hasNorm { nothing = try model.finalNorm(nothing, frozenTo: [scale], addsBias: true) }
    let constant = try model.unembed(nothing).row(0)
    base = try model.unembeddingBias().map { zip(constant, $0).map { $0 + $1 } } ?? constant
    norm = FrozenNorm(
      gain: hasNorm ? try model.finalNormGain() : nil, bias: nil,
      centres: model.configuration.head.norm?.kind == .layerNorm,
      scale: Double(scale))
  }

  /// c of the soft cap on logits; nil where there is none.
  public var cap: Float? { model.configuration.head.softCap }

  /// Before-softmax values of vectors of the stream.
  ///
  /// - Parameter vectors: [n, d].
  /// - Returns: [n, V].
  public func values(of vectors: Matrix) throws -> Matrix {
    guard model.configuration.head.norm != nil else { return try model.unembed(vectors) }
    return try model.unembed(model.finalNorm(vectors, frozenTo: Array(repeating: scale, count: vectors.rows)))
  }

  /// Logits of whole states before any cap, [n, V].
  func logits(of states: Matrix) throws -> Matrix {
    var result = try values(of: states)
    for row in 0..<result.rows { result.setRow(row, zip(result.row(row), base).map { $0 + $1 }) }
    return result
  }

  /// The direction of the stream along which Σ weights · logit grows, one for each row of weights [n, V].
  func directions(weighing weights: Matrix) throws -> [[Double]] {
    let sums = try model.sumsOfUnembedding(weighing: weights)
    return (0..<sums.rows).map { norm.pulledBack(sums.row($0).map { Double($0) }) }
  }

  /// The direction of the stream along which the value of a target grows, less that of its contrast, [d].
  func direction(to target: PredictionTarget) throws -> [Double] {
    func row(_ token: Int) throws -> [Double] {
      try model.unembedding(rows: token..<token + 1).row(0).map { Double($0) }
    }
    var direction = try row(target.token)
    if let contrast = target.contrast { direction = zip(direction, try row(contrast)).map { $0 - $1 } }
    return norm.pulledBack(direction)
  }

  /// How many vectors may be projected at once.
  var tileRows: Int { max(1, (64 << 20) / (4 * base.count)) }
}
