import Tensors
import Testing
import Transformers

/// Random numbers of a test, the same on every run.
func randomNumbers(_ count: Int, _ name: String, scale: Double = 1) -> [Double] {
  var random = RandomStream(seed: 11, stream: "gradient tests " + name)
  return (0..<count).map { _ in (random.uniform() - 0.5) * 2 * scale }
}

/// The largest difference between a gradient and central differences of its function, relative to the largest of them.
///
/// - Parameters:
///   - gradient: What is checked, one number to a coordinate.
///   - x: Where.
///   - places: Which coordinates are tried; all of them by default.
func differenceFromCentral(
  _ gradient: [Double], at x: [Double], places: [Int]? = nil, _ function: ([Double]) throws -> Double
) rethrows -> Double {
  var (difference, largest) = (0.0, 0.0)
  var moved = x
  for place in places ?? Array(x.indices) {
    let step = 1e-5
    moved[place] = x[place] + step
    let above = try function(moved)
    moved[place] = x[place] - step
    let below = try function(moved)
    moved[place] = x[place]
    let expected = (above - below) / (2 * step)
    difference = max(difference, abs(expected - gradient[place]))
    largest = max(largest, abs(expected))
  }
  return largest > 0 ? difference / largest : .infinity
}

/// Σ x · y.
func inner(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
