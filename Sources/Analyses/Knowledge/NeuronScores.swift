/// A neuron with a number.
public struct ScoredNeuron: Hashable, Sendable {
  /// Block and number.
  public var unit: StreamUnit
  /// Its attribution, or its activation.
  public var value: Float

  /// A neuron with its number.
  public init(_ unit: StreamUnit, _ value: Float) { (self.unit, self.value) = (unit, value) }
}

/// The neurons of a prompt whose number is no less than a share of the largest of all blocks.
public struct NeuronScores: Hashable, Sendable {
  /// In the order of blocks and neurons.
  public var neurons: [ScoredNeuron]

  /// What was kept of a prompt.
  public init(neurons: [ScoredNeuron]) { self.neurons = neurons }

  /// Those of [L][d_ff] numbers that reach a share of the largest; none where that is not positive.
  public init(_ values: [[Float]], reaching share: Double) {
    neurons = []
    let bound = Double(values.joined().max() ?? 0) * share
    guard bound > 0 else { return }
    for (block, row) in values.enumerated() {
      for (index, value) in row.enumerated() where Double(value) >= bound {
        neurons.append(ScoredNeuron(.neuron(block: block, index), value))
      }
    }
  }

  /// Those that reach a share of the largest, no lower than the one these were kept by.
  public func units(reaching share: Double) -> [StreamUnit] {
    let bound = Double(neurons.map(\.value).max() ?? 0) * share
    return bound > 0 ? neurons.filter { Double($0.value) >= bound }.map(\.unit) : []
  }
}
