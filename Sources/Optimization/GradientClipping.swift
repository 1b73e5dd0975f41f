import Tensors

/// Keeps the norm of all gradients together below a limit, as `torch.nn.utils.clip_grad_norm_` does.
public enum GradientClipping {
  /// The Euclidean norm of a list of gradients, its squares summed in double precision in a fixed order.
  ///
  /// - Throws: `OptimizationError` with code `notFinite`.
  public static func norm(_ gradient: Span<Float>) throws(OptimizationError) -> Double {
    let norm = ParameterUpdates.sumOfSquares(gradient).squareRoot()
    guard norm.isFinite else { throw OptimizationError(.notFinite) }
    return norm
  }

  /// Multiplies the gradients by min(1, limit / (norm + 10⁻⁶)).
  ///
  /// - Returns: The norm before.
  /// - Throws: `OptimizationError` with code `notFinite`, the gradients unchanged; PyTorch would spread the NaN.
  public static func clip(
    _ gradient: inout MutableSpan<Float>, to limit: Double
  ) throws(OptimizationError) -> Double {
    guard limit > 0 else { throw OptimizationError(.badSetting(name: "limit", found: limit, expected: "above 0")) }
    let norm = try norm(gradient.span)
    let factor = limit / (norm + 1e-6)
    if factor < 1 { ParameterUpdates.scale(&gradient, by: Float(factor)) }
    return norm
  }
}
