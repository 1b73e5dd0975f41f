import Tensors
import Transformers

/// The loss of the distillation references: Σ_l α_l KL + λ Σ_l α_l |e_l − e_{l−1}|² / |e_{l−1}|² over the outputs e_l of all
/// blocks, averaged over all positions; α_l grows as exp(l/4) and sums to 1.
struct DistillationLoss {
  /// Which parts, and what is held constant.
  enum Variant: String, CaseIterable, Sendable { case loss, l1, l2, reverse, detach }

  let variant: Variant
  let blocks: Int

  struct Result {
    var value: Double
    var l1: Double
    var l2: Double
    var divergences: [Double]
    var gradient: ParameterList
  }

  var shares: [Double] {
    let raw = (0..<blocks).map { exponential(0.25 * Double($0)) }
    return raw.map { $0 / raw.reduce(0, +) }
  }

  /// The loss and its gradient with respect to every parameter.
  ///
  /// - Parameter target: The logits of the frozen model, [rows, V].
  func evaluate(_ parameters: ParameterList, ids: [[Int]], target: Matrix, keeping: Int = 0) throws -> Result {
    let run = try ReverseRun(parameters, texts: ids, keeping: keeping)
    let gradient = parameters.zeros()
    let rows = target.rows
    var gradients: [Int: Matrix] = [:]
    for level in 1...blocks { gradients[level] = Matrix(rows: rows, columns: run.state(level).columns) }
    var divergences: [Double] = []
    for (block, share) in shares.enumerated() {
      let weights = [Double](repeating: variant == .l2 ? 0 : share / Double(rows), count: rows)
      let objective: LogitObjective =
        variant == .reverse ? .reverseDivergence(fromLogits: target) : .divergence(fromLogits: target)
      let head = try parameters.gradient(
        of: objective, at: run.state(block + 1), weights: weights, addingTo: gradient)
      divergences.append(head.values.reduce(0, +) / Double(rows))
      gradients[block + 1]?.add(head.states)
    }
    var l2 = 0.0
    for block in 1..<blocks { l2 += shares[block] * movement(run, block, &gradients, weight: shares[block]) }
    _ = try run.backward(from: gradients, addingTo: gradient)
    let l1 = zip(shares, divergences).reduce(0) { $0 + $1.0 * $1.1 }
    let value = variant == .l1 ? l1 : variant == .l2 ? l2 : l1 + l2
    return Result(value: value, l1: l1, l2: l2, divergences: divergences, gradient: gradient)
  }

  /// The mean of |e_l − e_{l−1}|² / |e_{l−1}|², its gradient added.
  private func movement(
    _ run: ReverseRun, _ block: Int, _ gradients: inout [Int: Matrix], weight: Double
  ) -> Double {
    let (before, after) = (run.state(block), run.state(block + 1))
    var (low, high) = (
      Matrix(rows: before.rows, columns: before.columns), Matrix(rows: before.rows, columns: before.columns)
    )
    var sum = 0.0
    let factor = variant == .l1 ? 0 : weight / Double(before.rows)
    for row in 0..<before.rows {
      let (x, y) = (before.row(row).map { Double($0) }, after.row(row).map { Double($0) })
      let steps = zip(x, y).map { $1 - $0 }
      let (size, length) = (x.reduce(0) { $0 + $1 * $1 }, steps.reduce(0) { $0 + $1 * $1 })
      sum += length / size
      high.setRow(row, steps.map { Float(factor * 2 * $0 / size) })
      let kept = variant == .detach ? 0 : 2 * length / (size * size)
      low.setRow(row, zip(steps, x).map { Float(factor * (-2 * $0 / size - kept * $1)) })
    }
    gradients[block]?.add(low)
    gradients[block + 1]?.add(high)
    return sum / Double(before.rows)
  }
}

extension Matrix {
  /// Adds another matrix of the same shape.
  mutating func add(_ other: Matrix) {
    let count = rows * columns
    withUnsafeMutablePointer { own in other.withUnsafePointer { Kernels.add($0, to: own, count: count) } }
  }
}
