import Tensors
import Transformers

/// A probability along the way from a state to the state with a vector added.
public struct ProbabilityCurve: Sendable {
  /// s: how much of the vector is added.
  public var steps: [Double]
  /// p(target | x + s v).
  public var probability: [Double]
  /// ln p(target | x + s v).
  public var logProbability: [Double]
}

/// How nearly the scores of single neurons add up.
public struct NeuronAdditivity: Sendable {
  /// The block.
  public var block: Int
  /// How many of its neurons, the largest scores first.
  public var counts: [Int]
  /// The sum of their scores.
  public var sum: [Double]
  /// The score of their vectors' sum.
  public var together: [Double]
}

extension PredictionParts {
  /// What one unit of each unit's coefficient adds, [units.count, d].
  public func vectors(of units: [StreamUnit]) throws -> Matrix {
    let d = model.configuration.width
    var result = Matrix(rows: units.count, columns: d)
    for (block, places) in Dictionary(grouping: units.indices, by: { units[$0].block }).sorted(by: { $0.key < $1.key })
    {
      var outputs: [Bool: BranchOutput] = [:]
      for place in places {
        let vector: [Float]
        switch units[place] {
        case .neuron(_, let index):
          let output = try outputs[true] ?? ffnOutput(block)
          outputs[true] = output
          vector = output.columns([index]).row(0)
        case .head(_, let head):
          let output = try outputs[false] ?? attentionOutput(block)
          outputs[false] = output
          vector = output.vectors(masked(block, head: head)).row(0)
        case .headDimension(_, let head, let dimension, _):
          let output = try outputs[false] ?? attentionOutput(block)
          outputs[false] = output
          vector = output.columns([head * model.configuration.headWidth + dimension]).row(0)
        }
        result.setRow(place, vector)
      }
    }
    return result
  }

  /// m of a unit at the last position; 1 for a head.
  public func coefficient(of unit: StreamUnit) -> Double {
    let c = model.configuration
    let block = trace.blocks[unit.block]
    switch unit {
    case .neuron(_, let index): return Double(block.activation[trace.last, index])
    case .head: return 1
    case .headDimension(_, let head, let dimension, let position):
      let column = head / (c.heads / c.kvHeads) * c.headWidth + dimension
      return Double(block.pattern[head, position]) * Double(block.values[position, column])
    }
  }

  /// The state that a unit's vector is added to.
  func state(of unit: StreamUnit) throws -> ScoredState {
    if case .neuron = unit { try middle(unit.block) } else { try entering(unit.block) }
  }

  /// The probability on the way: x + s · v for s from 0 to 1.
  ///
  /// - Parameters:
  ///   - unit: what is added at the state where the model adds it; nil for all that the blocks add, from h_0 to h_L.
  ///   - steps: how many equal steps.
  public func curve(_ unit: StreamUnit? = nil, steps: Int = 10) throws -> ProbabilityCurve {
    let (vector, factor, state): (Matrix, Double, ScoredState)
    if let unit {
      (vector, factor, state) = (try vectors(of: [unit]), coefficient(of: unit), try self.state(of: unit))
    } else {
      let (first, last) = (trace.states.row(0), trace.states.row(trace.blocks.count))
      let way = Matrix(rows: 1, columns: first.count, values: zip(last, first).map { $0 - $1 })
      (vector, factor, state) = (way, 1, try entering(0))
    }
    let shares = (0...steps).map { Double($0) / Double(steps) }
    let logs = state.logs(shares.map { (0, Float($0 * factor)) }, try head.values(of: vector))
    return ProbabilityCurve(
      steps: shares, probability: logs.map { exponential($0.token) }, logProbability: logs.map(\.token))
  }

  /// Sums of scores beside scores of sums, for the neurons of one block.
  ///
  /// - Parameters:
  ///   - block: nil for the block whose feed-forward network has the largest increase.
  ///   - counts: after how many neurons to compare; the block's width is added.
  public func additivity(_ block: Int? = nil, counts wanted: [Int] = [1, 2, 5, 10, 20, 50, 100]) throws
    -> NeuronAdditivity
  {
    let increases = try trace.blocks.indices.map {
      try entering($0 + 1).own.difference - middle($0).own.difference
    }
    let block = block ?? increases.indices.max { (increases[$0], $1) < (increases[$1], $0) } ?? 0
    let output = try ffnOutput(block)
    let m = trace.blocks[block].activation.row(trace.last)
    var scan = UnitScan(self, .logprobIncrease, top: m.count)
    _ = try scan.scan(
      SubvalueBranch(
        output: output, state: try middle(block), limit: nil, coefficients: m.map { [$0] },
        unit: { column, _ in .neuron(block: block, column) }))
    let order = scan.best.compactMap { if case .neuron(_, let index) = $0.unit { index } else { nil } }
    let counts = (wanted.filter { $0 > 0 && $0 < m.count } + [m.count])
    let sums = counts.map { count in
      let kept = Set(order.prefix(count))
      return m.enumerated().map { kept.contains($0.offset) ? $0.element : 0 }
    }
    let vectors = output.vectors(Matrix(rows: counts.count, columns: m.count, values: sums.flatMap { $0 }))
    return NeuronAdditivity(
      block: block, counts: counts,
      sum: counts.map { scan.best.prefix($0).reduce(0) { $0 + $1.score } },
      together: try scores(.logprobIncrease, of: vectors, at: middle(block)))
  }
}

extension PredictionParts {
  /// What the branches of a block add whatever their activations are, biases through the norm of the output, [d]; nil
  /// where there is nothing.
  public func constants(block: Int) throws -> (attention: [Float]?, ffn: [Float]?) {
    (try attentionOutput(block).constant?.row(0), try ffnOutput(block).constant?.row(0))
  }
}
