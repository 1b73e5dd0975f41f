import Tensors
import Transformers

/// Which product of a feed-forward network is taken for a neuron's key.
public enum NeuronKey: String, Sendable, CaseIterable {
  /// How the coefficient moves with both factors of a gated network: f′(g) u k_gate + f(g) k_up.
  case grad
  /// The gate alone.
  case gate
  /// The other factor alone.
  case up
}

/// What a unit computes from, split over all that wrote into the state it reads.
public struct Influence: Sendable {
  /// The share of the embedding, h_0.
  public var embedding: Double
  /// Shares of the attention outputs below, and of the unit's own block where it reads them; nil where it does not, as
  /// in a parallel block.
  public var attention: [Double?]
  /// Shares of the feed-forward outputs below.
  public var ffn: [Double]
  /// What does not depend on the state: the norm's bias through the key, and the product's.
  public var constant: Double
  /// The sum of all: the pre-activation, the value, or its linear part.
  public var total: Double

  /// All shares of components, in the order they are added.
  public var parts: [Double] {
    [embedding]
      + attention.indices.flatMap { index in
        [attention[index]].compactMap { $0 } + (ffn.indices.contains(index) ? [ffn[index]] : [])
      }
  }
}

extension Influence {
  /// All shares by a number, such as their sum.
  public func divided(by sum: Double) -> Influence {
    Influence(
      embedding: embedding / sum, attention: attention.map { $0.map { $0 / sum } }, ffn: ffn.map { $0 / sum },
      constant: constant / sum, total: total / sum)
  }
}

/// A unit's key as a direction of the stream: what is read is ⟨key, x⟩ + constant.
struct StreamKey {
  var direction: [Double]
  var constant: Double

  /// - Parameters:
  ///   - rows: rows of products with their biases and what each is multiplied by.
  ///   - norm: what the product reads the stream through.
  ///   - isPlain: leaves everything of the norm but its gain out, and the biases.
  init(_ rows: [(weights: [Float], bias: Float, factor: Double)], through norm: FrozenNorm, isPlain: Bool = false) {
    var key = [Double](repeating: 0, count: rows.first?.weights.count ?? 0)
    var constant = 0.0
    for row in rows {
      for index in key.indices { key[index] += row.factor * Double(row.weights[index]) }
      constant += row.factor * Double(row.bias)
    }
    if let bias = norm.bias { constant += zip(key, bias).reduce(0) { $0 + $1.0 * Double($1.1) } }
    (direction, self.constant) = isPlain ? (norm.gainAlone.pulledBack(key), 0) : (norm.pulledBack(key), constant)
  }

  func product(_ vector: ArraySlice<Float>) -> Double {
    zip(direction, vector).reduce(0) { $0 + $1.0 * Double($1.1) }
  }
}

extension PredictionParts {
  /// Splits what a neuron, or a dimension of a head's values, computes from.
  ///
  /// ```
  /// z = Σ_j ⟨c_j, κ̃⟩ / σ + (β · k + b),  κ̃ = c(g ∘ k)
  /// ```
  ///
  /// with c_j the embedding and all branch outputs that the unit's input is the sum of, at the last position for a neuron
  /// and at the source position for a dimension of a head.
  ///
  /// - Parameters:
  ///   - key: for gated networks; of others there is one.
  ///   - isPlain: leaves centring, σ and all constants out, as the public notebooks do: ⟨c_j, g ∘ k⟩.
  public func influence(on unit: StreamUnit, key: NeuronKey = .grad, isPlain: Bool = false) throws -> Influence {
    let (found, position, readsOwnAttention) = try streamKey(of: unit, key, isPlain: isPlain)
    func share(_ matrix: Matrix) -> Double {
      let d = matrix.columns
      return found.product(matrix.values[position * d..<(position + 1) * d])
    }
    let below = trace.blocks.prefix(unit.block)
    var result = Influence(
      embedding: share(trace.embedding), attention: below.map { share($0.attention) }, ffn: below.map { share($0.ffn) },
      constant: found.constant, total: 0)
    if case .neuron = unit {
      result.attention.append(readsOwnAttention ? share(trace.blocks[unit.block].attention) : nil)
    }
    result.total = result.parts.reduce(result.constant, +)
    return result
  }

  /// The key of a unit, the position at which it reads, and whether its own block's attention is in what it reads.
  func streamKey(
    of unit: StreamUnit, _ key: NeuronKey = .grad, isPlain: Bool = false
  ) throws -> (key: StreamKey, position: Int, readsOwnAttention: Bool) {
    let plan = model.configuration.plans[unit.block]
    let parameters = try model.parameters(block: unit.block)
    let scales = trace.blocks[unit.block].scales
    switch unit {
    case .head: preconditionFailure("a head has no single key")
    case .headDimension(_, let head, let dimension, let position):
      let c = model.configuration
      let row = head / (c.heads / c.kvHeads) * c.headWidth + dimension
      let norm = FrozenNorm(.attention, of: plan, parameters, scale: scales[.attention]?[position])
      return (StreamKey([parameters.values.row(row, times: 1)], through: norm, isPlain: isPlain), position, false)
    case .neuron(let block, let index):
      // Without a norm of its own, a parallel branch reads what attention reads.
      let isShared = plan.residual == .parallel && plan.ffnNorm == nil
      let norm =
        isShared
        ? FrozenNorm(.attention, of: plan, parameters, scale: scales[.attention]?[trace.last])
        : FrozenNorm(.ffn, of: plan, parameters, scale: scales[.ffn]?.first)
      let rows = keyRows(trace.blocks[block], plan.ffn, parameters, index, key)
      return (StreamKey(rows, through: norm, isPlain: isPlain), trace.last, plan.residual == .serial)
    }
  }

  private func keyRows(
    _ block: PromptTrace.Block, _ plan: FeedForwardPlan, _ parameters: BlockParameters, _ index: Int, _ key: NeuronKey
  ) -> [(weights: [Float], bias: Float, factor: Double)] {
    guard let up = parameters.ffnUp, let factor = block.factor, key != .gate else {
      return [parameters.ffnIn.row(index, times: 1)]
    }
    guard key == .grad else { return [up.row(index, times: 1)] }
    let gate = Double(block.before[0, index])
    let function = plan.activation.function
    return [
      parameters.ffnIn.row(index, times: function.slope(at: gate) * Double(factor[0, index])),
      up.row(index, times: function.value(at: gate)),
    ]
  }
}

extension BlockParameters.Product {
  fileprivate func row(_ index: Int, times factor: Double) -> (weights: [Float], bias: Float, factor: Double) {
    (weight.row(index), bias?[index] ?? 0, factor)
  }
}
