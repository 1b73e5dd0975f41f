internal import Tensors

/// Makes the end of an interior-point method exact: its coefficients are never quite 0 or ±C.
///
/// The residuals say where each sample lies. Those within a small width of the edge of the tube are free, and the linear
/// equations of the free samples, K_FF β_F + b = y − εs − K_FQ β_Q with Σβ = 0, give coefficients and intercept.
struct Vertex {
  let kernel: KernelProducts
  let y: [Double]
  let c: Double
  let epsilon: Double

  /// Solves the equations near an approximate solution.
  ///
  /// - Parameters:
  ///   - approximate: coefficients that sum to zero.
  ///   - bias: their intercept.
  ///   - width: how near to the edge of the tube a sample counts as free, relative to the largest residual.
  /// - Returns: coefficients within the box that sum to zero, or nil when the equations have no such solution.
  func solve(near approximate: [Double], bias: Double, width: Double) -> [Double]? {
    let n = y.count
    let product = kernel.multiply(approximate)
    let residuals = (0..<n).map { y[$0] - product[$0] - bias }
    let margin = width * residuals.reduce(epsilon) { max($0, abs($1)) }
    var beta = [Double](repeating: 0, count: n)
    var free: [Int] = []
    for (i, residual) in residuals.enumerated() {
      if abs(abs(residual) - epsilon) <= margin {
        free.append(i)
      } else if abs(residual) > epsilon {
        beta[i] = residual > 0 ? c : -c
      }
    }
    if free.isEmpty { return nil }
    let fixed = kernel.multiply(beta)
    // The proximal term keeps β at the approximation where the equations leave it open.
    let delta = 1e-10 * kernel.scale
    let right = free.map { i in
      y[i] - fixed[i] - (residuals[i] > 0 ? epsilon : -epsilon) + delta * approximate[i]
    }
    guard let solution = solve(free, right, sum: -beta.reduce(0, +), delta: delta) else { return nil }
    for (r, i) in free.enumerated() {
      if abs(solution[r]) > c * (1 + 1e-6) { return nil }
      beta[i] = min(max(solution[r], -c), c)
    }
    return beta
  }

  /// Solves (K_FF + δI)β + b = right with Σβ = sum; nil when the matrix is not positive definite.
  private func solve(_ free: [Int], _ right: [Double], sum: Double, delta: Double) -> [Double]? {
    let m = free.count
    var system = kernel.block(free)
    for r in 0..<m { system[r, r] += delta }
    guard let factor = try? Cholesky(system) else { return nil }
    var both = DoubleMatrix(rows: m, columns: 2)
    for r in 0..<m {
      both[r, 0] = right[r]
      both[r, 1] = 1
    }
    factor.solve(&both)
    let (particular, ones) = (both.column(0), both.column(1))
    let bias = (particular.reduce(0, +) - sum) / ones.reduce(0, +)
    return zip(particular, ones).map { $0 - bias * $1 }
  }
}
