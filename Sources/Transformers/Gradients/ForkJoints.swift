import Tensors

/// Where forks leave the trunk: from changed activations to the state behind their block, and back.
final class ForkJoints {
  private let forks: [Fork]
  private let trunk: ForkTrunk
  private let plans: [BlockPlan]
  private let blocks: [Int: BlockParts<Float>]
  /// What the last product of each fork's network gives, in a post-norm block its sum with the stream, [forks, d].
  private let outputs: NumberBuffer<Float>
  /// Σ weight · dP/d(the product's output) over the forks of each block, in double precision, [d].
  private var sums: [Int: [Double]] = [:]
  private let d: Int

  private var vector: NormPart<Float>.Vectors { .init(rows: 1, stride: d) }

  /// Computes the outputs of all networks that forks change.
  ///
  /// - Parameter panels: The weights of a block as forks read them, where they read them so.
  init(_ forks: [Fork], _ trunk: ForkTrunk, _ parameters: ParameterList, panels: (Int) -> ForkPanels?) {
    let c = parameters.model.configuration
    (self.forks, self.trunk, plans, d) = (forks, trunk, c.plans, c.width)
    outputs = NumberBuffer(count: forks.count * c.width)
    let named = Set(forks.map(\.block))
    blocks = Dictionary(uniqueKeysWithValues: named.map { ($0, parameters.layout.block($0, in: parameters.base)) })
    var start = 0
    while start < forks.count {
      let block = forks[start].block
      let end = forks[start...].firstIndex { $0.block != block } ?? forks.count
      let scaled = NumberBuffer(forks[start..<end].flatMap { fork in trunk.activations[block].map { $0 * fork.scale } })
      let target = outputs.pointer + start * c.width
      if let product = panels(block)?.ffnOut {
        product.multiply(
          (UnsafePointer(scaled.pointer), c.ffnWidth), rows: end - start, bias: blocks[block]?.ffnOut.bias,
          to: (target, c.width))
      } else {
        blocks[block]?.ffnOut.apply(scaled.pointer, rows: end - start, to: target)
      }
      start = end
    }
  }

  private func output(_ fork: Int) -> UnsafeMutablePointer<Float> { outputs.pointer + fork * d }

  private func isPostNorm(_ block: Int) -> Bool { plans[block].residual == .postNorm }

  /// Writes the state behind a fork's block, of every position that the change reaches.
  func write(_ fork: Int, to target: UnsafeMutablePointer<Float>) {
    let block = forks[fork].block
    if trunk.rowsPerFork > 1 {
      trunk.states[block + 1].withUnsafePointer { target.update(from: $0, count: trunk.rowsPerFork * d) }
    }
    let (own, output, norm) = (target + trunk.rowOfFork * d, output(fork), blocks[block]?.ffnOutNorm)
    let stream = trunk.streams[block]
    if isPostNorm(block) {
      for index in 0..<d { output[index] += stream[index] }
      if let norm { norm.apply(output, vector, to: own) } else { own.update(from: output, count: d) }
    } else {
      if let norm { norm.apply(output, vector, to: own) } else { own.update(from: output, count: d) }
      for index in 0..<d { own[index] += stream[index] }
    }
  }

  /// Takes the gradient of the state behind a fork's block at the position, [d]; it is used up.
  func take(_ fork: Int, _ gradient: UnsafeMutablePointer<Float>) {
    let block = forks[fork].block
    blocks[block]?.ffnOutNorm?.backward(output(fork), vector, dy: gradient, to: gradient, gradient: nil, replaces: true)
    var sum = sums[block] ?? [Double](repeating: 0, count: d)
    for index in 0..<d { sum[index] += Double(gradient[index]) }
    sums[block] = sum
  }

  /// Σ weight · dP/dw of each block, [d_ff].
  func gradients() -> [Int: [Float]] {
    var result: [Int: [Float]] = [:]
    for (block, sum) in sums {
      guard let product = blocks[block]?.ffnOut else { continue }
      let (from, to) = (NumberBuffer(sum.map { Float($0) }), NumberBuffer<Float>(count: product.inputs))
      product.inputGradient(from.pointer, rows: 1, to: to.pointer)
      result[block] = to.values
    }
    return result
  }
}
