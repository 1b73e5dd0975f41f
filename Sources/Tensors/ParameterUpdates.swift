internal import CKernels

/// The factors of one step of AdamW, rounded as PyTorch rounds them; see `ParameterUpdates.adamW`.
public struct AdamWFactors: Sendable {
  /// 1 − rate · decay: what of a parameter is kept.
  public var keep: Float
  /// 1 − β₁: the weight of the new gradient in the first moment.
  public var blend: Float
  /// β₂: what of the second moment is kept.
  public var beta2: Float
  /// 1 − β₂: the weight of the new gradient's square.
  public var fresh: Float
  /// √(1 − β₂ᵗ): the second moment's bias correction, after the root.
  public var root: Float
  /// ε, added after the correction.
  public var epsilon: Float
  /// −rate / (1 − β₁ᵗ).
  public var step: Float

  /// Names the factors.
  public init(
    keep: Float, blend: Float, beta2: Float, fresh: Float, root: Float, epsilon: Float, step: Float
  ) {
    (self.keep, self.blend, self.beta2, self.fresh) = (keep, blend, beta2, fresh)
    (self.root, self.epsilon, self.step) = (root, epsilon, step)
  }
}

/// Changes to long lists of parameters, shared out among threads in parts of a fixed size: the number of threads changes
/// no bit.
public enum ParameterUpdates {
  /// Elements one thread takes at once.
  private static let part = 1 << 16

  /// m ← m + blend (g − m); v ← β₂ v + fresh g²; p ← keep p + step · m / (√v / root + ε), for every element.
  public static func adamW(
    _ parameters: inout MutableSpan<Float>, gradient: Span<Float>, first: inout [Float],
    second: inout [Float], _ factors: AdamWFactors
  ) {
    let count = parameters.count
    precondition(
      gradient.count == count && first.count == count && second.count == count, "\(count) parameters, other gradients")
    let f = factors
    parameters.withUnsafeMutableBufferPointer { p in
      gradient.withUnsafeBufferPointer { g in
        first.withUnsafeMutableBufferPointer { m in
          second.withUnsafeMutableBufferPointer { v in
            guard let p = p.baseAddress, let g = g.baseAddress, let m = m.baseAddress, let v = v.baseAddress else {
              return
            }
            Compute.parallelFor(count: count, chunk: part) { range in
              let i = range.lowerBound
              lb_adamw(
                p + i, g + i, m + i, v + i, range.count, f.keep, f.blend, f.beta2, f.fresh, f.root, f.epsilon, f.step)
            }
          }
        }
      }
    }
  }

  /// Multiplies every element by a number.
  public static func scale(_ values: inout MutableSpan<Float>, by factor: Float) {
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      Compute.parallelFor(count: values.count, chunk: part) { lb_scale(base + $0.lowerBound, factor, $0.count) }
    }
  }

  /// Returns Σ x² in double precision: sums of parts of a fixed size, added in order.
  public static func sumOfSquares(_ values: Span<Float>) -> Double {
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return 0 }
      let count = values.count
      return Compute.parallelMap(count: (count + part - 1) / part) { index in
        let start = index * part
        return lb_dot(base + start, base + start, min(part, count - start))
      }.reduce(0, +)
    }
  }
}
