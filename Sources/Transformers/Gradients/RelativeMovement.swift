import Tensors

/// How far states move, squared and against their own length, |y − x|² / |x|², and the gradient of that.
///
/// With r = y − x and q = |x|²: d/dy = 2 r / q; d/dx = −2 r / q − 2 |r|² x / q².
public struct RelativeMovement {
  /// The states before, [n, d].
  public var x: Matrix
  /// The states after, [n, d].
  public var y: Matrix
  /// Whether q is a constant, so that the last term of d/dx falls away.
  public var holdsLength = false

  /// Names the states, of one shape.
  public init(from x: Matrix, to y: Matrix) {
    precondition(x.rows == y.rows && x.columns == y.columns, "states of two shapes")
    (self.x, self.y) = (x, y)
  }

  /// Adds weight · gradient of every row.
  ///
  /// - Parameters:
  ///   - before: Where d/dx is added, [n, d].
  ///   - after: Where d/dy is added, [n, d].
  /// - Returns: The value of every row, [n]; not finite where x is 0.
  public func addGradient(weight: Double, before: inout Matrix, after: inout Matrix) -> [Double] {
    precondition(before.rows == x.rows && before.columns == x.columns, "gradients of another shape before")
    precondition(after.rows == x.rows && after.columns == x.columns, "gradients of another shape after")
    let width = x.columns
    return x.withUnsafePointer { x in
      y.withUnsafePointer { y in
        before.withUnsafeMutablePointer { before in
          after.withUnsafeMutablePointer { after in
            Compute.parallelMap(count: self.x.rows) { row in
              let start = row * width
              return addRow(
                UnsafeBufferPointer(start: x + start, count: width), y + start, weight, before + start, after + start)
            }
          }
        }
      }
    }
  }

  private func addRow(
    _ x: UnsafeBufferPointer<Float>, _ y: UnsafePointer<Float>, _ weight: Double, _ before: UnsafeMutablePointer<Float>,
    _ after: UnsafeMutablePointer<Float>
  ) -> Double {
    var (length, moved) = (0.0, 0.0)
    for index in x.indices {
      let (own, step) = (Double(x[index]), Double(y[index]) - Double(x[index]))
      length += own * own
      moved += step * step
    }
    let along = 2 * weight / length
    let back = holdsLength ? 0 : along * moved / length
    for index in x.indices {
      let step = along * (Double(y[index]) - Double(x[index]))
      after[index] += Float(step)
      before[index] -= Float(step + back * Double(x[index]))
    }
    return moved / length
  }
}
