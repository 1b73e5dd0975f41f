internal import CKernels

/// Element-wise kernels over contiguous arrays of `Float`, in C, the same bits on every processor.
///
/// Sums are accumulated in double precision. Calls run on the calling thread; share rows out with
/// `Compute.parallelFor`.
public enum Kernels {
  /// Replaces x by exp(x − max x) / Σ exp(x − max x).
  ///
  /// Relative error below 4 ulp, plus |x − max x| / 2 ulp from rounding the difference. Elements of −∞ become 0; when
  /// all are −∞ the result is NaN.
  public static func softmax(_ x: UnsafeMutablePointer<Float>, count: Int) { lb_softmax(x, count) }

  /// Returns ln Σ exp x in nats; −∞ for no elements.
  public static func logSumExp(_ x: UnsafePointer<Float>, count: Int) -> Double { lb_log_sum_exp(x, count) }

  /// Writes gain · x / √(mean x² + ε) to `y`, which may be `x`.
  public static func rmsNorm(
    _ x: UnsafePointer<Float>, gain: UnsafePointer<Float>?, epsilon: Double, to y: UnsafeMutablePointer<Float>,
    count: Int
  ) { lb_rms_norm(x, gain, epsilon, y, count) }

  /// Writes gain · (x − mean x) / √(var x + ε) + bias to `y`, which may be `x`; the variance is the population's.
  public static func layerNorm(
    _ x: UnsafePointer<Float>, gain: UnsafePointer<Float>?, bias: UnsafePointer<Float>?, epsilon: Double,
    to y: UnsafeMutablePointer<Float>, count: Int
  ) { lb_layer_norm(x, gain, bias, epsilon, y, count) }

  /// Replaces x by GELU in its tanh form, ½x(1 + tanh(√(2/π)(x + 0.044715x³))), known as "gelu_new".
  public static func geluTanh(_ x: UnsafeMutablePointer<Float>, count: Int) { lb_gelu_tanh(x, count) }

  /// Replaces x by GELU in its exact form, ½x(1 + erf(x/√2)), known as "gelu".
  public static func geluErf(_ x: UnsafeMutablePointer<Float>, count: Int) { lb_gelu_erf(x, count) }

  /// Writes GELU in its exact form to `y` and replaces x by its slope, 1e-6 from the two by themselves.
  public static func geluErfAndSlope(
    _ x: UnsafeMutablePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int
  ) { lb_gelu_with_slope(x, y, count) }

  /// Replaces x by SiLU, x / (1 + e⁻ˣ).
  public static func silu(_ x: UnsafeMutablePointer<Float>, count: Int) { lb_silu(x, count) }

  /// Replaces `gate` by SiLU(gate) · up.
  public static func siluGate(_ gate: UnsafeMutablePointer<Float>, up: UnsafePointer<Float>, count: Int) {
    lb_silu_gate(gate, up, count)
  }

  /// Replaces `gate` by GELU(gate) · up, GELU in its tanh form.
  public static func geluTanhGate(_ gate: UnsafeMutablePointer<Float>, up: UnsafePointer<Float>, count: Int) {
    lb_gelu_gate(gate, up, count)
  }

  /// Replaces x by tanh x.
  public static func tanh(_ x: UnsafeMutablePointer<Float>, count: Int) { lb_tanh(x, count) }

  /// Replaces x by max(0, x).
  public static func relu(_ x: UnsafeMutablePointer<Float>, count: Int) { lb_relu(x, count) }

  /// Replaces x by the soft cap c · tanh(x / c).
  public static func softCap(_ x: UnsafeMutablePointer<Float>, at c: Float, count: Int) {
    lb_scale(x, 1 / c, count)
    lb_tanh(x, count)
    lb_scale(x, c, count)
  }

  /// Adds x to y.
  public static func add(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int) {
    lb_add(y, x, count)
  }

  /// Adds factor · x to y.
  public static func add(
    _ x: UnsafePointer<Float>, times factor: Float, to y: UnsafeMutablePointer<Float>, count: Int
  ) { lb_add_scaled(y, factor, x, count) }

  /// Adds factor · x to y in double precision.
  public static func add(
    _ x: UnsafePointer<Double>, times factor: Double, to y: UnsafeMutablePointer<Double>, count: Int
  ) { lb_dadd_scaled(y, factor, x, count) }

  /// Multiplies y by x, element by element.
  public static func multiply(_ y: UnsafeMutablePointer<Float>, by x: UnsafePointer<Float>, count: Int) {
    lb_multiply(y, x, count)
  }

  /// Multiplies y by a number.
  public static func scale(_ y: UnsafeMutablePointer<Float>, by factor: Float, count: Int) {
    lb_scale(y, factor, count)
  }

  /// Returns Σ x · y.
  public static func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int) -> Double {
    lb_dot(x, y, count)
  }

  /// Returns Σ x · y in double precision.
  public static func dot(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, count: Int) -> Double {
    lb_ddot(x, y, count)
  }

  /// Returns Σ x.
  public static func sum(_ x: UnsafePointer<Float>, count: Int) -> Double { lb_sum(x, count) }

  /// Returns Σ x in double precision.
  public static func sum(_ x: UnsafePointer<Double>, count: Int) -> Double { lb_dsum(x, count) }

  /// Returns the largest element; −∞ for none, NaN when there is a NaN.
  public static func maximum(_ x: UnsafePointer<Float>, count: Int) -> Float { lb_max(x, count) }

  /// Returns how many elements are NaN or infinite.
  public static func countNonFinite(_ x: UnsafePointer<Float>, count: Int) -> Int { lb_count_non_finite(x, count) }

  /// Widens IEEE half-precision numbers, exactly; `x` holds their bit patterns in native byte order.
  public static func widenHalf(_ x: UnsafePointer<UInt16>, to y: UnsafeMutablePointer<Float>, count: Int) {
    lb_f16_to_f32(x, y, count)
  }

  /// Widens bfloat16 numbers, exactly; `x` holds their bit patterns in native byte order.
  public static func widenBrain(_ x: UnsafePointer<UInt16>, to y: UnsafeMutablePointer<Float>, count: Int) {
    lb_bf16_to_f32(x, y, count)
  }

  /// Widens single to double precision, exactly.
  public static func widen(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Double>, count: Int) {
    lb_f32_to_f64(x, y, count)
  }

  /// Rounds double to single precision.
  public static func narrow(_ x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Float>, count: Int) {
    lb_f64_to_f32(x, y, count)
  }

  /// Name of the instruction set in use: "avx512", "avx2" or "portable".
  public static var instructionSet: String { String(cString: lb_kernels_name()) }

  /// Chooses the instruction set, for tests of their agreement; false when this processor lacks it.
  package static func useInstructionSet(_ name: String) -> Bool { lb_kernels_use(name) != 0 }
}
