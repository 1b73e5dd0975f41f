internal import Tensors

/// A primal-dual interior-point method for one target: slower than active sets, and sure to arrive.
///
/// The dual in two halves β = α − α*, 0 ≤ α, α* ≤ C, each bound with its multiplier; Mehrotra's predictor and
/// corrector. Eliminating everything but β leaves (K + E)Δβ + 1Δb = h with E diagonal and positive, solved by Cholesky
/// of order min(n, d). Source: Mehrotra, "On the implementation of a primal-dual interior point method" (1992).
struct InteriorPoint {
  private let kernel: KernelProducts
  private let y: [Double]
  private let c: Double
  private let epsilon: Double
  private let n: Int
  /// α then α*.
  private var x: [Double]
  /// Multipliers of x ≥ 0 and of x ≤ C.
  private var lower: [Double]
  private var upper: [Double]
  private var bias = 0.0
  /// Kβ.
  private var product: [Double]

  init(kernel: KernelProducts, y: [Double], c: Double, epsilon: Double) {
    self.kernel = kernel
    self.y = y
    self.c = c
    self.epsilon = epsilon
    n = y.count
    x = Array(repeating: c / 2, count: 2 * y.count)
    let size = max(1e-3, y.reduce(0) { max($0, abs($1)) })
    lower = Array(repeating: size, count: 2 * y.count)
    upper = lower
    product = Array(repeating: 0, count: y.count)
  }

  /// Iterates to a relative gap of `aim` or as far as rounding allows; returns feasible coefficients.
  ///
  /// May be called again with a smaller aim, to go on.
  mutating func run(aim: Double) -> (beta: [Double], bias: Double) {
    var best = (beta: [Double](repeating: 0, count: n), bias: 0.0)
    var bestGap = Double.infinity
    for _ in 0..<60 {
      let beta = feasible()
      let exact = kernel.multiply(beta)
      let gap = DualityGap.certify(n: n, y: y, beta: beta, product: exact, c: c, epsilon: epsilon, knownBias: bias).gap
      if gap < bestGap { (best, bestGap) = ((beta, bias), gap) }
      if gap < aim || !(gap < 100 * max(bestGap, 1e-6)) && bestGap < 1e-4 { break }
      guard step() else { break }
    }
    return best
  }

  /// β = α − α* with the sum's rounding taken out and strays clipped.
  private func feasible() -> [Double] {
    var beta = (0..<n).map { min(max(x[$0] - x[n + $0], -c), c) }
    let excess = beta.reduce(0, +) / Double(n)
    for i in 0..<n { beta[i] = min(max(beta[i] - excess, -c), c) }
    return beta
  }

  /// One predictor-corrector step; false when the system cannot be solved or no progress is possible.
  private mutating func step() -> Bool {
    var weight = [Double](repeating: 0, count: 2 * n)
    for i in 0..<2 * n { weight[i] = lower[i] / x[i] + upper[i] / (c - x[i]) }
    let diagonal = (0..<n).map { 1 / (1 / weight[$0] + 1 / weight[n + $0]) }
    guard let system = DiagonalPlusGram(kernel: kernel, diagonal: diagonal) else { return false }
    let average = centrality()
    let zero = [Double](repeating: 0, count: 2 * n)
    let affine = direction(system, diagonal, weight, target: 0, lowerCorrection: zero, upperCorrection: zero)
    let reach = length(affine)
    let ahead = centrality(after: affine, length: reach)
    let ratio = ahead / average
    let target = ratio * ratio * ratio * average
    var (first, second) = (zero, zero)
    for i in 0..<2 * n {
      first[i] = affine.x[i] * affine.lower[i]
      second[i] = -affine.x[i] * affine.upper[i]
    }
    let move = direction(system, diagonal, weight, target: target, lowerCorrection: first, upperCorrection: second)
    let size = min(1, 0.995 * length(move))
    guard size > 1e-10, size.isFinite else { return false }
    for i in 0..<2 * n {
      x[i] += size * move.x[i]
      lower[i] += size * move.lower[i]
      upper[i] += size * move.upper[i]
    }
    for i in 0..<n { product[i] += size * move.product[i] }
    bias += size * move.bias
    return true
  }

  private struct Direction {
    var x: [Double]
    var lower: [Double]
    var upper: [Double]
    var product: [Double]
    var bias: Double
  }

  /// Mean product of bounds' slacks and multipliers, now or after a step.
  private func centrality(after move: Direction? = nil, length: Double = 0) -> Double {
    var sum = 0.0
    for i in 0..<2 * n {
      let value = x[i] + length * (move?.x[i] ?? 0)
      sum += value * (lower[i] + length * (move?.lower[i] ?? 0))
      sum += (c - value) * (upper[i] + length * (move?.upper[i] ?? 0))
    }
    return sum / Double(4 * n)
  }

  /// The Newton direction towards complementarity `target`, with second-order corrections.
  private func direction(
    _ system: DiagonalPlusGram, _ diagonal: [Double], _ weight: [Double], target: Double, lowerCorrection: [Double],
    upperCorrection: [Double]
  ) -> Direction {
    var right = [Double](repeating: 0, count: 2 * n)
    var sum = 0.0
    for i in 0..<2 * n {
      let sample = i < n ? i : i - n
      let sign = i < n ? 1.0 : -1.0
      let gradient = sign * (product[sample] - y[sample] + bias) + epsilon - lower[i] + upper[i]
      let first = (target - x[i] * lower[i] - lowerCorrection[i]) / x[i]
      let second = (target - (c - x[i]) * upper[i] - upperCorrection[i]) / (c - x[i])
      right[i] = -gradient + first - second
      sum += sign * x[i]
    }
    let h = (0..<n).map { diagonal[$0] * (right[$0] / weight[$0] - right[n + $0] / weight[n + $0]) }
    let p = system.solve(h)
    let shift = (p.reduce(0, +) + sum) / system.onesSum
    var move = Direction(
      x: right, lower: right, upper: right, product: Array(repeating: 0, count: n), bias: shift)
    for i in 0..<n {
      let delta = p[i] - shift * system.ones[i]
      let common = h[i] - diagonal[i] * delta
      move.product[i] = common - shift
      move.x[i] = (right[i] - common) / weight[i]
      move.x[n + i] = (right[n + i] + common) / weight[n + i]
    }
    for i in 0..<2 * n {
      move.lower[i] = (target - lowerCorrection[i] - lower[i] * move.x[i]) / x[i] - lower[i]
      move.upper[i] = (target - upperCorrection[i] + upper[i] * move.x[i]) / (c - x[i]) - upper[i]
    }
    return move
  }

  /// The longest step, at most one, that keeps slacks and multipliers positive.
  private func length(_ move: Direction) -> Double {
    var size = 1.0 / 0.995
    for i in 0..<2 * n {
      if move.x[i] < 0 { size = min(size, -x[i] / move.x[i]) }
      if move.x[i] > 0 { size = min(size, (c - x[i]) / move.x[i]) }
      if move.lower[i] < 0 { size = min(size, -lower[i] / move.lower[i]) }
      if move.upper[i] < 0 { size = min(size, -upper[i] / move.upper[i]) }
    }
    return min(size, 1.0 / 0.995)
  }
}

/// K + E with E diagonal and positive, factorised; through the sources where they are fewer than the samples.
struct DiagonalPlusGram {
  private let factor: Cholesky<Double>
  private let diagonal: [Double]
  /// E^(−½)X, `[n, d]`; nil when K + E itself was factorised.
  private let scaled: DoubleMatrix?
  /// (K + E)⁻¹1 and its sum.
  private(set) var ones: [Double] = []
  private(set) var onesSum = 0.0

  init?(kernel: KernelProducts, diagonal: [Double]) {
    self.diagonal = diagonal
    let (n, d) = (kernel.count, kernel.factor.columns)
    guard let gram = kernel.gram, d >= n else {
      var rows = kernel.factor
      rows.withUnsafeMutablePointer { x in
        for i in 0..<n {
          let factor = 1 / diagonal[i].squareRoot()
          for j in 0..<d { x[i * d + j] *= factor }
        }
      }
      var inner = Tensors.gram(rows, ofColumns: true)
      for j in 0..<d { inner[j, j] += 1 }
      guard let factor = try? Cholesky(inner) else { return nil }
      self.factor = factor
      scaled = rows
      solveOnes()
      return
    }
    var shifted = gram
    shifted.withUnsafeMutablePointer { a in for i in 0..<n { a[i * n + i] += diagonal[i] } }
    guard let factor = try? Cholesky(shifted) else { return nil }
    self.factor = factor
    scaled = nil
    solveOnes()
  }

  private mutating func solveOnes() {
    ones = solve([Double](repeating: 1, count: diagonal.count))
    onesSum = ones.reduce(0, +)
  }

  /// (K + E)⁻¹h.
  func solve(_ h: [Double]) -> [Double] {
    guard let scaled else {
      var b = DoubleMatrix(rows: h.count, columns: 1, values: h)
      factor.solve(&b)
      return b.values
    }
    // (E + XXᵀ)⁻¹ = E^(−½)(I − S(I + SᵀS)⁻¹Sᵀ)E^(−½) with S = E^(−½)X.
    let half = zip(h, diagonal).map { $0 / $1.squareRoot() }
    var inner = DoubleMatrix(rows: scaled.columns, columns: 1, values: multiply(scaled, half, transposed: true))
    factor.solve(&inner)
    let correction = multiply(scaled, inner.values)
    return (0..<h.count).map { (half[$0] - correction[$0]) / diagonal[$0].squareRoot() }
  }
}
