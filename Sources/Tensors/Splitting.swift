internal import CKernels

/// Number types in which the operator splitting of Regression runs: one step, and what is measured between steps.
///
/// The arrays of a call hold the n samples of one target. Of a state a follow, with clip(x, h) = min(max(x, −h), h),
/// the dual part u = clip(a − clip(a, ε), bound) and the residuals r = a − u. What a call computes depends on its
/// arguments only: neither on the thread nor on the processor.
package protocol SplittingElement: MatrixElement {
  /// With s = y − p − shift: a ← relaxation·s + (1 − relaxation)·r + u; of the new a, next ← y − r + u and
  /// average ← keep·average + (1 − keep)·u.
  ///
  /// - Returns: Σ next.
  static func splitStep(
    _ p: UnsafePointer<Self>, _ y: UnsafePointer<Self>, _ a: UnsafeMutablePointer<Self>,
    _ average: UnsafeMutablePointer<Self>, _ next: UnsafeMutablePointer<Self>, _ n: Int, _ row: SplittingRow<Self>
  ) -> Double
  /// What such a step would change: Σ(Δr)², Σu², Σ(s − r)² and Σr², of the new u and r.
  static func splitMeasure(
    _ p: UnsafePointer<Self>, _ y: UnsafePointer<Self>, _ a: UnsafePointer<Self>, _ n: Int, _ row: SplittingRow<Self>
  ) -> SIMD4<Double>
  /// t ← t·λ/(λ + ρ), average ← keep·average + (1 − keep)·t.
  static func splitShrink(
    _ t: UnsafeMutablePointer<Self>, _ average: UnsafeMutablePointer<Self>, _ spectrum: UnsafePointer<Self>, _ n: Int,
    _ rho: Self, _ keep: Self)
  /// u ← factor·u, average ← factor·average, r as it was.
  static func splitRescale(
    _ a: UnsafeMutablePointer<Self>, _ average: UnsafeMutablePointer<Self>, _ n: Int, _ epsilon: Self, _ bound: Self,
    _ factor: Self)
  /// x ← clip(scale·average, bound).
  static func splitCandidate(
    _ average: UnsafePointer<Self>, _ x: UnsafeMutablePointer<Self>, _ n: Int, _ scale: Self, _ bound: Self)
  /// x ← clip(x + shift, bound) wherever x is neither 0 nor at the bound; returns Σx and how many such there are.
  static func splitShift(
    _ x: UnsafeMutablePointer<Self>, _ n: Int, _ shift: Self, _ bound: Self
  ) -> (sum: Double, open: Int)
  /// How many u are not zero, and how many are at the bound.
  static func splitCodes(
    _ a: UnsafePointer<Self>, _ n: Int, _ epsilon: Self, _ bound: Self
  ) -> (support: Int, limit: Int)
  /// Σ max(0, |y − p − shift| − ε), Σ yβ and Σ |β|.
  static func splitValues(
    _ y: UnsafePointer<Self>, _ p: UnsafePointer<Self>, _ beta: UnsafePointer<Self>, _ n: Int, _ shift: Self,
    _ epsilon: Self
  ) -> (loss: Double, linear: Double, size: Double)
}

/// The numbers of one target in a step.
package struct SplittingRow<Element: SplittingElement> {
  /// Intercept.
  package var shift: Element
  /// Half-width of the tube.
  package var epsilon: Element
  /// Limit of u.
  package var bound: Element
  /// Over-relaxation.
  package var relaxation: Element
  /// Share of the old average in the new one.
  package var keep: Element

  /// Makes the numbers of a step.
  package init(shift: Element, epsilon: Element, bound: Element, relaxation: Element, keep: Element) {
    self.shift = shift
    self.epsilon = epsilon
    self.bound = bound
    self.relaxation = relaxation
    self.keep = keep
  }
}

extension Float: SplittingElement {
  /// Single-precision step.
  package static func splitStep(
    _ p: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ a: UnsafeMutablePointer<Float>,
    _ average: UnsafeMutablePointer<Float>, _ next: UnsafeMutablePointer<Float>, _ n: Int, _ row: SplittingRow<Float>
  ) -> Double {
    lb_split_step_f32(p, y, a, average, next, n, row.shift, row.epsilon, row.bound, row.relaxation, row.keep)
  }

  /// Single-precision measure.
  package static func splitMeasure(
    _ p: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ a: UnsafePointer<Float>, _ n: Int,
    _ row: SplittingRow<Float>
  ) -> SIMD4<Double> {
    var out = SIMD4<Double>()
    withUnsafeMutableBytes(of: &out) { bytes in
      lb_split_measure_f32(
        p, y, a, n, row.shift, row.epsilon, row.bound, row.relaxation, bytes.doubles)
    }
    return out
  }

  /// Single-precision shrinkage.
  package static func splitShrink(
    _ t: UnsafeMutablePointer<Float>, _ average: UnsafeMutablePointer<Float>, _ spectrum: UnsafePointer<Float>,
    _ n: Int,
    _ rho: Float, _ keep: Float
  ) { lb_split_shrink_f32(t, average, spectrum, n, rho, keep) }

  /// Single-precision change of the penalty.
  package static func splitRescale(
    _ a: UnsafeMutablePointer<Float>, _ average: UnsafeMutablePointer<Float>, _ n: Int, _ epsilon: Float,
    _ bound: Float,
    _ factor: Float
  ) { lb_split_rescale_f32(a, average, n, epsilon, bound, factor) }

  /// Single-precision candidate.
  package static func splitCandidate(
    _ average: UnsafePointer<Float>, _ x: UnsafeMutablePointer<Float>, _ n: Int, _ scale: Float, _ bound: Float
  ) { lb_split_candidate_f32(average, x, n, scale, bound) }

  /// Single-precision shift.
  package static func splitShift(
    _ x: UnsafeMutablePointer<Float>, _ n: Int, _ shift: Float, _ bound: Float
  ) -> (sum: Double, open: Int) {
    var out = (0.0, 0.0)
    withUnsafeMutableBytes(of: &out) { bytes in
      lb_split_shift_f32(x, n, shift, bound, bytes.doubles)
    }
    return (out.0, Int(out.1))
  }

  /// Single-precision counts.
  package static func splitCodes(
    _ a: UnsafePointer<Float>, _ n: Int, _ epsilon: Float, _ bound: Float
  ) -> (support: Int, limit: Int) {
    var out = (0.0, 0.0)
    withUnsafeMutableBytes(of: &out) { bytes in
      lb_split_codes_f32(a, n, epsilon, bound, bytes.doubles)
    }
    return (Int(out.0), Int(out.1))
  }

  /// Single-precision sums.
  package static func splitValues(
    _ y: UnsafePointer<Float>, _ p: UnsafePointer<Float>, _ beta: UnsafePointer<Float>, _ n: Int, _ shift: Float,
    _ epsilon: Float
  ) -> (loss: Double, linear: Double, size: Double) {
    var out = (0.0, 0.0, 0.0)
    withUnsafeMutableBytes(of: &out) { bytes in
      lb_split_values_f32(y, p, beta, n, shift, epsilon, bytes.doubles)
    }
    return out
  }
}

extension Double: SplittingElement {
  /// Double-precision step.
  package static func splitStep(
    _ p: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ a: UnsafeMutablePointer<Double>,
    _ average: UnsafeMutablePointer<Double>, _ next: UnsafeMutablePointer<Double>, _ n: Int, _ row: SplittingRow<Double>
  ) -> Double {
    lb_split_step_f64(p, y, a, average, next, n, row.shift, row.epsilon, row.bound, row.relaxation, row.keep)
  }

  /// Double-precision measure.
  package static func splitMeasure(
    _ p: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ a: UnsafePointer<Double>, _ n: Int,
    _ row: SplittingRow<Double>
  ) -> SIMD4<Double> {
    var out = SIMD4<Double>()
    withUnsafeMutableBytes(of: &out) { bytes in
      lb_split_measure_f64(
        p, y, a, n, row.shift, row.epsilon, row.bound, row.relaxation, bytes.doubles)
    }
    return out
  }

  /// Double-precision shrinkage.
  package static func splitShrink(
    _ t: UnsafeMutablePointer<Double>, _ average: UnsafeMutablePointer<Double>, _ spectrum: UnsafePointer<Double>,
    _ n: Int,
    _ rho: Double, _ keep: Double
  ) { lb_split_shrink_f64(t, average, spectrum, n, rho, keep) }

  /// Double-precision change of the penalty.
  package static func splitRescale(
    _ a: UnsafeMutablePointer<Double>, _ average: UnsafeMutablePointer<Double>, _ n: Int, _ epsilon: Double,
    _ bound: Double,
    _ factor: Double
  ) { lb_split_rescale_f64(a, average, n, epsilon, bound, factor) }

  /// Double-precision candidate.
  package static func splitCandidate(
    _ average: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>, _ n: Int, _ scale: Double, _ bound: Double
  ) { lb_split_candidate_f64(average, x, n, scale, bound) }

  /// Double-precision shift.
  package static func splitShift(
    _ x: UnsafeMutablePointer<Double>, _ n: Int, _ shift: Double, _ bound: Double
  ) -> (sum: Double, open: Int) {
    var out = (0.0, 0.0)
    withUnsafeMutableBytes(of: &out) { bytes in
      lb_split_shift_f64(x, n, shift, bound, bytes.doubles)
    }
    return (out.0, Int(out.1))
  }

  /// Double-precision counts.
  package static func splitCodes(
    _ a: UnsafePointer<Double>, _ n: Int, _ epsilon: Double, _ bound: Double
  ) -> (support: Int, limit: Int) {
    var out = (0.0, 0.0)
    withUnsafeMutableBytes(of: &out) { bytes in
      lb_split_codes_f64(a, n, epsilon, bound, bytes.doubles)
    }
    return (Int(out.0), Int(out.1))
  }

  /// Double-precision sums.
  package static func splitValues(
    _ y: UnsafePointer<Double>, _ p: UnsafePointer<Double>, _ beta: UnsafePointer<Double>, _ n: Int, _ shift: Double,
    _ epsilon: Double
  ) -> (loss: Double, linear: Double, size: Double) {
    var out = (0.0, 0.0, 0.0)
    withUnsafeMutableBytes(of: &out) { bytes in
      lb_split_values_f64(y, p, beta, n, shift, epsilon, bytes.doubles)
    }
    return out
  }
}

extension UnsafeMutableRawBufferPointer {
  /// Numbers in double precision that the memory holds.
  fileprivate var doubles: UnsafeMutablePointer<Double>? { assumingMemoryBound(to: Double.self).baseAddress }
}
