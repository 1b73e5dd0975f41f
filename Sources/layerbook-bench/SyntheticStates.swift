import Tensors

/// States of a made-up model: a power-law spectrum, a few massive dimensions, small nonlinear updates from layer to layer.
///
/// Everything is drawn from one seeded stream, so that two runs time the same work; nothing is stored.
struct SyntheticStates {
  private(set) var current: Matrix
  private var random: RandomStream
  private let rank = 256

  /// Draws h_0, `[samples, width]`.
  init(samples: Int, width: Int, seed: Int = 42) {
    random = RandomStream(seed: seed, stream: "synthetic states")
    let inner = min(samples, width)
    var latent = Self.normal(samples, inner, &random)
    let basis = Self.normal(inner, width, &random)
    latent.withUnsafeMutablePointer { u in
      for column in 0..<inner {

        let weight = Self.power(Float(column + 1))
        for row in 0..<samples { u[row * inner + column] *= weight }
      }
    }
    current = multiply(latent, basis)
    let scale = Self.deviation(current)
    let noise = Self.normal(samples, width, &random)
    let massive = random.sample(min(4, width), below: width)
    current.withUnsafeMutablePointer { h in
      noise.withUnsafePointer { noise in
        for i in 0..<samples * width { h[i] = h[i] / scale + 0.3 * noise[i] }
      }
      for row in 0..<samples { for column in massive { h[row * width + column] *= 60 } }
    }
  }

  /// Goes one layer on: h + 0.35 · tanh(2 · normalised h · W₁) · W₂ with W₁, W₂ of rank 256.
  mutating func advance() {
    let (rows, width) = (current.rows, current.columns)
    let first = Self.normal(width, rank, &random)
    let second = Self.normal(rank, width, &random)
    var inner = Matrix(rows: rows, columns: rank)
    let factor = 2 / Float(width).squareRoot()
    multiply(current, first, scale: factor, into: &inner)
    let states = current
    inner.withUnsafeMutablePointer { inner in
      states.withUnsafePointer { h in
        for row in 0..<rows {
          let square = Kernels.dot(h + row * width, h + row * width, count: width) / Double(width)
          Kernels.scale(inner + row * rank, by: Float(1 / square.squareRoot()), count: rank)
        }
      }
      Kernels.tanh(inner, count: rows * rank)
    }
    multiply(inner, second, scale: 0.35 / Float(rank).squareRoot(), into: &current, keep: 1)
  }

  /// The current states with noise of Student's t, 4 degrees of freedom, on every dimension.
  ///
  /// Without noise a linear map explains nearly all of a layer, and hardly a sample lies far outside the tube; with it a
  /// share between 0.3 and 0.97, drawn for each dimension, is left to explain.
  func noisy() -> Matrix {
    var random = RandomStream(seed: 5, stream: "noise")
    let (rows, width) = (current.rows, current.columns)
    let shares = (0..<width).map { _ in 0.3 + 0.67 * random.uniform() }
    let (numerators, squares) = (Self.normal(rows, width, &random), Self.normal(rows, 4 * width, &random))
    var states = current
    for column in 0..<width {
      let values = (0..<rows).map { Double(current[$0, column]) }
      let mean = values.reduce(0, +) / Double(rows)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
      // The variance of Student's t is 2.
      let size = (variance * (1 - shares[column]) / shares[column] / 2).squareRoot()
      for row in 0..<rows {
        let square = (0..<4).reduce(0.0) { sum, k in
          let value = Double(squares[row, 4 * column + k])
          return sum + value * value
        }
        states[row, column] += Float(size * Double(numerators[row, column]) / max(square / 4, 1e-6).squareRoot())
      }
    }
    return states
  }

  /// Sums of twelve uniform numbers, which are nearly normal.
  private static func normal(_ rows: Int, _ columns: Int, _ random: inout RandomStream) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      values: (0..<rows * columns).map { _ in
        var sum: UInt64 = 0
        for _ in 0..<3 {
          let bits = random.next()
          sum += (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
        }
        return Float(sum) / 65536 - 6
      })
  }

  /// x^-0.6 for x ≥ 1, as x^-½ · x^-⅛ · x^1/40 with the last by interpolation: good to a percent, which is enough here.
  private static func power(_ x: Float) -> Float {
    let root = x.squareRoot()
    let eighth = root.squareRoot().squareRoot()
    let fortieth = 1 + (eighth - 1) / 5
    return fortieth / (root * eighth)
  }

  private static func deviation(_ matrix: Matrix) -> Float {
    matrix.withUnsafePointer { x in
      let count = matrix.rows * matrix.columns
      return Float((Kernels.dot(x, x, count: count) / Double(count)).squareRoot())
    }
  }
}
