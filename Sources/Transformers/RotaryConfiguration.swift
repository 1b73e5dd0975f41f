internal import Glibc

/// Rotary position embedding: pairs of elements of a head are turned by position × frequency_i.
///
/// frequency_i = θ^(−2i/n) for n elements that are turned, then scaled as `scaling` says; `RotaryPlan` says which
/// elements. Source: Su et al., RoFormer, equation 34.
public struct RotaryConfiguration: Hashable, Sendable {
  /// How frequencies change so that longer texts fit.
  public enum Scaling: Hashable, Sendable {
    /// As trained.
    case none
    /// All frequencies divided by a factor.
    case linear(factor: Double)
    /// Llama 3.1's: long wavelengths divided by `factor`, short ones kept, a blend between.
    case llama3(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalContext: Double)
  }

  /// The base θ.
  public var theta: Double
  /// How frequencies change.
  public var scaling: Scaling

  /// Rotary positions with base θ.
  public init(theta: Double, scaling: Scaling) { (self.theta, self.scaling) = (theta, scaling) }

  /// The frequencies of one head, in radians per position.
  ///
  /// They are rounded to `Float` where transformers rounds them, since at a thousand positions an error of one ulp in a
  /// frequency is already an angle of 1e-4.
  ///
  /// - Parameter headWidth: The elements that are turned, even; d_h unless only a part of a head is.
  /// - Returns: Half as many numbers.
  public func frequencies(headWidth: Int) -> [Float] {
    (0..<headWidth / 2).map { pair in
      let exponent = Float(2 * pair) / Float(headWidth)
      return scaled(1 / Float(pow(theta, Double(exponent))))
    }
  }

  private func scaled(_ frequency: Float) -> Float {
    switch scaling {
    case .none: return frequency
    case .linear(let factor): return frequency / Float(factor)
    case .llama3(let factor, let low, let high, let context):
      let wavelength = 2 * Double.pi / Double(frequency)
      if wavelength < context / high { return frequency }
      if wavelength > context / low { return frequency / Float(factor) }
      let smooth = (context / wavelength - low) / (high - low)
      return Float((1 - smooth) * Double(frequency) / factor + smooth * Double(frequency))
    }
  }
}
