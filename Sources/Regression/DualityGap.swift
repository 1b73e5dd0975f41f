internal import Glibc

/// Logarithms without the rest of the C library in every file.
enum Logarithm {
  static func natural(_ x: Double) -> Double { log(x) }
  static func exponential(_ x: Double) -> Double { exp(x) }
}

/// The certificate of a solution: its intercept and the distance between primal and dual value.
enum DualityGap {
  /// The intercept and relative duality gap (primal − dual) / |primal| of feasible coefficients.
  ///
  /// - Parameters:
  ///   - n: samples.
  ///   - y: target, `[n]`.
  ///   - beta: coefficients within [−C, C] that sum to zero, `[n]`.
  ///   - product: Kβ, `[n]`.
  ///   - knownBias: the intercept, where it is known; otherwise it is found.
  static func certify(
    n: Int, y: UnsafePointer<Double>, beta: UnsafePointer<Double>, product: UnsafePointer<Double>, c: Double,
    epsilon: Double, knownBias: Double? = nil
  ) -> (bias: Double, gap: Double) {
    var (norm, linear, size) = (0.0, 0.0, 0.0)
    var (free, sum) = (0, 0.0)
    for i in 0..<n {
      norm += beta[i] * product[i]
      linear += beta[i] * y[i]
      size += abs(beta[i])
      if beta[i] != 0 && abs(beta[i]) < c * (1 - 1e-9) {
        free += 1
        sum += y[i] - product[i] - (beta[i] > 0 ? epsilon : -epsilon)
      }
    }
    let dual = -0.5 * norm + linear - epsilon * size
    func gap(_ bias: Double) -> Double {
      if !bias.isFinite { return .infinity }
      var loss = 0.0
      for i in 0..<n { loss += max(0, abs(y[i] - product[i] - bias) - epsilon) }
      let primal = 0.5 * max(norm, 0) + c * loss
      // A dual above the primal cannot be, but for rounding: it counts against the solution like any distance.
      let distance = abs(primal - dual)
      let relative = distance / max(abs(primal), .leastNormalMagnitude)
      return distance == 0 ? 0 : relative.isFinite ? relative : .infinity
    }
    if let knownBias { return (knownBias, gap(knownBias)) }
    if free > 0 {
      let bias = sum / Double(free)
      let size = gap(bias)
      if size < 1e-4 { return (bias, size) }
    }
    let best = bestIntercept((0..<n).map { y[$0] - product[$0] }, epsilon: epsilon)
    return (best, gap(best))
  }

  /// The intercept that minimises Σ max(0, |r − b| − ε): the middle of the interval where that sum is least.
  static func bestIntercept(_ residuals: [Double], epsilon: Double) -> Double {
    // The sum's slope rises by one at each r + ε and each r − ε, from −n to n; it is zero between the two middle ones.
    let middle = residuals.count
    if middle == 0 { return 0 }
    if !residuals.allSatisfy(\.isFinite) { return .nan }
    var corners = residuals.map { $0 - epsilon } + residuals.map { $0 + epsilon }
    corners.select(middle)
    let below = corners[..<middle].reduce(-Double.infinity) { max($0, $1) }
    return 0.5 * (below + corners[middle])
  }
}
