import Transformers

/// The neurons that feed the attention neurons of a prediction.
public struct QueryNeurons: Sendable {
  /// The neurons with the largest scores, the largest first, with their coefficients at the last position.
  public var best: [ScoredUnit]
  /// The attention neurons they were scored by.
  public var sources: [ScoredUnit]
}

extension PredictionParts {
  /// Attention neurons whose value is smaller are left out: a share of next to nothing says nothing.
  static let smallestValue = 1e-6

  /// Scores every lower neuron by how much it makes up of the best attention neurons' values.
  ///
  /// ```
  /// score(k) = Σ_i increase_i · ⟨m_k v_k, κ̃_i⟩ / (σ_i value_i)
  /// ```
  ///
  /// with m_k at the source position of attention neuron i, κ̃_i its key and value_i the coordinate it brings.
  ///
  /// - Parameters:
  ///   - sources: how many attention neurons.
  ///   - top: how many neurons to name.
  public func queryNeurons(sources count: Int = 30, top: Int) throws -> QueryNeurons {
    let sources = try attentionNeurons(top: count, scoresAll: false).best
    let outputs = try trace.blocks.indices.map { try ffnOutput($0) }
    let width = model.configuration.ffnWidth
    var scores = Array(repeating: [Double](repeating: 0, count: width), count: trace.blocks.count)
    for source in sources {
      guard case .headDimension(let block, let head, let dimension, let position) = source.unit else { continue }
      let c = model.configuration
      let column = head / (c.heads / c.kvHeads) * c.headWidth + dimension
      let value = Double(trace.blocks[block].values[position, column])
      guard abs(value) >= Self.smallestValue else { continue }
      let key = try streamKey(of: source.unit).key.direction
      for lower in 0..<block {
        let reach = outputs[lower].reach(along: key)
        let m = trace.blocks[lower].activation.row(position)
        for index in 0..<width { scores[lower][index] += source.score * Double(m[index]) * reach[index] / value }
      }
    }
    let all = scores.enumerated().flatMap { block, row in
      row.enumerated().map {
        ScoredUnit(
          unit: .neuron(block: block, $0.offset),
          coefficient: Double(trace.blocks[block].activation[trace.last, $0.offset]), score: $0.element)
      }
    }
    return QueryNeurons(best: Array(all.sorted(by: ScoredUnit.isBefore).prefix(top)), sources: sources)
  }
}
