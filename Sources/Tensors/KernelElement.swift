internal import CKernels

/// The functions between the two products of a feed-forward network, by the names configurations give them.
public enum ActivationFunction: Hashable, Sendable, CaseIterable {
  /// GELU in its tanh form, "gelu_new".
  case geluTanh
  /// GELU in its exact form, "gelu".
  case geluErf
  /// x / (1 + e⁻ˣ), also called swish.
  case silu
  /// max(0, x), with slope 0 at 0.
  case relu
  /// The hyperbolic tangent.
  case tanh
}

/// A number type with the kernels of reverse mode: `Float`, which models run in, or `Double`, in which the same formulas
/// can be held to central differences.
///
/// The requirements work on one row of raw numbers and run on the calling thread.
public protocol KernelElement: MatrixElement {
  /// Replaces every x by f(x).
  static func activate(_ function: ActivationFunction, _ x: UnsafeMutablePointer<Self>, count: Int)
  /// Writes f′(x) to `y`, which may be `x`.
  static func slope(
    of function: ActivationFunction, at x: UnsafePointer<Self>, to y: UnsafeMutablePointer<Self>, count: Int)
  /// Replaces x by exp x / Σ exp x.
  static func softmax(_ x: UnsafeMutablePointer<Self>, count: Int)
  /// Returns ln Σ exp x.
  static func logSumExp(_ x: UnsafePointer<Self>, count: Int) -> Double
  /// Replaces dL/dp by dL/dt for p = softmax(scale · t).
  static func softmaxGradient(
    _ p: UnsafePointer<Self>, gradient: UnsafeMutablePointer<Self>, scale: Self, count: Int)
  /// The mean (0 where the norm does not centre) and 1 / √(mean (x − mean)² + ε) of a vector.
  static func normStatistics(
    _ x: UnsafePointer<Self>, centres: Bool, epsilon: Double, count: Int
  ) -> NormStatistics
  /// Adds to `dx` the gradient of y = (gain + offset) · (x − mean) · inverse + bias; a gain of nil is 1.
  static func normGradient(
    _ x: UnsafePointer<Self>, _ statistics: NormStatistics, gain: UnsafePointer<Self>?, offset: Self,
    gradient: UnsafePointer<Self>, to dx: UnsafeMutablePointer<Self>, count: Int)
  /// Adds one vector's share of the gradients of a norm's gain, and of its bias where there is one.
  static func normParameterGradient(
    _ x: UnsafePointer<Self>, _ statistics: NormStatistics, gradient: UnsafePointer<Self>,
    gain: UnsafeMutablePointer<Self>, bias: UnsafeMutablePointer<Self>?, count: Int)
  /// Adds x to sums in double precision.
  static func addToSums(_ x: UnsafePointer<Self>, _ sums: UnsafeMutablePointer<Double>, count: Int)
}

/// What a norm subtracts from a vector and multiplies it by, before gain and bias.
public struct NormStatistics: Sendable {
  /// Whether the mean is subtracted (LayerNorm) or not (RMSNorm).
  public var centres: Bool
  /// The mean of the vector; 0 where the norm does not centre.
  public var mean: Double
  /// 1 / √(mean (x − mean)² + ε).
  public var inverse: Double
}

extension ActivationFunction {
  var kernel: lb_activation {
    switch self {
    case .geluTanh: lb_activation_gelu_tanh
    case .geluErf: lb_activation_gelu_erf
    case .silu: lb_activation_silu
    case .relu: lb_activation_relu
    case .tanh: lb_activation_tanh
    }
  }
}

extension Float: KernelElement {
  /// Single-precision activation.
  public static func activate(_ function: ActivationFunction, _ x: UnsafeMutablePointer<Float>, count: Int) {
    switch function {
    case .geluTanh: lb_gelu_tanh(x, count)
    case .geluErf: lb_gelu_erf(x, count)
    case .silu: lb_silu(x, count)
    case .relu: lb_relu(x, count)
    case .tanh: lb_tanh(x, count)
    }
  }

  /// Single-precision slope.
  public static func slope(
    of function: ActivationFunction, at x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int
  ) { lb_slope(function.kernel, x, y, count) }

  /// Single-precision softmax.
  public static func softmax(_ x: UnsafeMutablePointer<Float>, count: Int) { lb_softmax(x, count) }

  /// Logarithm of a sum of exponentials of `Float`s.
  public static func logSumExp(_ x: UnsafePointer<Float>, count: Int) -> Double { lb_log_sum_exp(x, count) }

  /// Single-precision gradient of softmax.
  public static func softmaxGradient(
    _ p: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>, scale: Float, count: Int
  ) { lb_softmax_backward(p, gradient, scale, count) }

  /// Statistics of a vector of `Float`s, in double precision.
  public static func normStatistics(
    _ x: UnsafePointer<Float>, centres: Bool, epsilon: Double, count: Int
  ) -> NormStatistics {
    var result = NormStatistics(centres: centres, mean: 0, inverse: 0)
    lb_norm_statistics(x, centres ? 1 : 0, epsilon, &result.mean, &result.inverse, count)
    return result
  }

  /// Single-precision gradient of a norm.
  public static func normGradient(
    _ x: UnsafePointer<Float>, _ statistics: NormStatistics, gain: UnsafePointer<Float>?, offset: Float,
    gradient: UnsafePointer<Float>, to dx: UnsafeMutablePointer<Float>, count: Int
  ) {
    lb_norm_backward(
      x, gain, offset, gradient, statistics.mean, statistics.inverse, statistics.centres ? 1 : 0, dx, count)
  }

  /// Single-precision gradient of a norm's gain and bias.
  public static func normParameterGradient(
    _ x: UnsafePointer<Float>, _ statistics: NormStatistics, gradient: UnsafePointer<Float>,
    gain: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?, count: Int
  ) { lb_norm_gain_backward(x, gradient, statistics.mean, statistics.inverse, gain, bias, count) }

  /// Adds `Float`s to sums.
  public static func addToSums(_ x: UnsafePointer<Float>, _ sums: UnsafeMutablePointer<Double>, count: Int) {
    lb_add_to_sums(x, sums, count)
  }
}

extension Double: KernelElement {
  /// Double-precision activation.
  public static func activate(_ function: ActivationFunction, _ x: UnsafeMutablePointer<Double>, count: Int) {
    lb_dactivate(function.kernel, x, count)
  }

  /// Double-precision slope.
  public static func slope(
    of function: ActivationFunction, at x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>, count: Int
  ) { lb_dslope(function.kernel, x, y, count) }

  /// Double-precision softmax.
  public static func softmax(_ x: UnsafeMutablePointer<Double>, count: Int) { lb_dsoftmax(x, count) }

  /// Logarithm of a sum of exponentials of `Double`s.
  public static func logSumExp(_ x: UnsafePointer<Double>, count: Int) -> Double { lb_dlog_sum_exp(x, count) }

  /// Double-precision gradient of softmax.
  public static func softmaxGradient(
    _ p: UnsafePointer<Double>, gradient: UnsafeMutablePointer<Double>, scale: Double, count: Int
  ) { lb_dsoftmax_backward(p, gradient, scale, count) }

  /// Statistics of a vector of `Double`s.
  public static func normStatistics(
    _ x: UnsafePointer<Double>, centres: Bool, epsilon: Double, count: Int
  ) -> NormStatistics {
    var result = NormStatistics(centres: centres, mean: 0, inverse: 0)
    lb_dnorm_statistics(x, centres ? 1 : 0, epsilon, &result.mean, &result.inverse, count)
    return result
  }

  /// Double-precision gradient of a norm.
  public static func normGradient(
    _ x: UnsafePointer<Double>, _ statistics: NormStatistics, gain: UnsafePointer<Double>?, offset: Double,
    gradient: UnsafePointer<Double>, to dx: UnsafeMutablePointer<Double>, count: Int
  ) {
    lb_dnorm_backward(
      x, gain, offset, gradient, statistics.mean, statistics.inverse, statistics.centres ? 1 : 0, dx, count)
  }

  /// Double-precision gradient of a norm's gain and bias.
  public static func normParameterGradient(
    _ x: UnsafePointer<Double>, _ statistics: NormStatistics, gradient: UnsafePointer<Double>,
    gain: UnsafeMutablePointer<Double>, bias: UnsafeMutablePointer<Double>?, count: Int
  ) { lb_dnorm_gain_backward(x, gradient, statistics.mean, statistics.inverse, gain, bias, count) }

  /// Adds `Double`s to sums.
  public static func addToSums(_ x: UnsafePointer<Double>, _ sums: UnsafeMutablePointer<Double>, count: Int) {
    lb_dadd_to_sums(x, sums, count)
  }
}

extension ActivationFunction {
  /// f(x).
  public func value(at x: Double) -> Double {
    var y = x
    Double.activate(self, &y, count: 1)
    return y
  }

  /// f′(x).
  public func slope(at x: Double) -> Double {
    var y = 0.0
    withUnsafePointer(to: x) { Double.slope(of: self, at: $0, to: &y, count: 1) }
    return y
  }
}
