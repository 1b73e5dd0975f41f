import Tensors

/// A token before and after a vector is added to a state.
public struct MovedToken: Hashable, Sendable {
  /// The token's id.
  public var token: Int
  /// Its probability at the state.
  public var before: Double
  /// Its probability with the vector added.
  public var after: Double
  /// Its before-softmax value: what the vector adds to its logit, before any cap.
  public var value: Double
}

/// How a unit moves the distribution of the next token.
public struct DistributionShift: Sendable {
  /// The tokens whose probability rises most, the largest rise first; of equals the lower id.
  public var risen: [MovedToken]
  /// The tokens whose probability falls most.
  public var fallen: [MovedToken]
  /// The target.
  public var target: MovedToken
  /// KL(before ‖ after), in nats.
  public var divergence: Double
}

extension PredictionParts {
  /// Adds a unit's vector to the state where the model adds it, and reads both.
  public func shift(of unit: StreamUnit, top: Int) throws -> DistributionShift {
    let m = coefficient(of: unit)
    let values = try head.values(of: vectors(of: [unit])).row(0).map { m * Double($0) }
    let x: Matrix
    if case .neuron(let block, _) = unit {
      x = trace.blocks[block].middle
    } else {
      x = trace.states.rows(unit.block..<unit.block + 1)
    }
    let logits = try head.logits(of: x).row(0).map { Double($0) }
    let before = logProbabilities(of: logits)
    let after = logProbabilities(of: zip(logits, values).map { $0 + $1 })
    let tokens = logits.indices.map {
      MovedToken(token: $0, before: exponential(before[$0]), after: exponential(after[$0]), value: values[$0])
    }
    func rise(_ token: MovedToken) -> Double { token.after - token.before }
    let rising = tokens.sorted { (rise($1), $0.token) < (rise($0), $1.token) }
    let falling = tokens.sorted { (rise($0), $0.token) < (rise($1), $1.token) }
    return DistributionShift(
      risen: Array(rising.prefix(top).filter { rise($0) > 0 }),
      fallen: Array(falling.prefix(top).filter { rise($0) < 0 }),
      target: tokens[target.token],
      divergence: max(0, tokens.indices.reduce(0) { $0 + tokens[$1].before * (before[$1] - after[$1]) }))
  }

  /// ln softmax of logits, capped first where the model caps.
  private func logProbabilities(of logits: [Double]) -> [Double] {
    let capped = head.cap.map { cap in logits.map { hyperbolicTangent($0 / Double(cap)) * Double(cap) } } ?? logits
    let largest = capped.max() ?? 0
    let sum = largest + logarithm(capped.reduce(0) { $0 + exponential($1 - largest) })
    return capped.map { $0 - sum }
  }
}
