internal import Glibc

/// Rotary position embedding: pairs (x_i, x_{i + d_h/2}) of a head are turned by position × frequency_i.
///
/// frequency_i = θ^(−2i/d_h), then scaled as `scaling` says.
/// Source: Su et al., RoFormer, equation 34, in the half-split layout of Hugging Face checkpoints.
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
  /// - Parameter headWidth: d_h, even.
  /// - Returns: d_h/2 numbers.
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

/// Cosines and sines of every angle of the first positions, made once for a run.
struct RotaryTable: Sendable {
  let pairs: Int
  let cosines: [Float]
  let sines: [Float]

  init(_ configuration: RotaryConfiguration, headWidth: Int, positions: Int) {
    let frequencies = configuration.frequencies(headWidth: headWidth)
    pairs = frequencies.count
    var cosines: [Float] = []
    var sines: [Float] = []
    cosines.reserveCapacity(positions * pairs)
    sines.reserveCapacity(positions * pairs)
    for position in 0..<positions {
      for frequency in frequencies {
        let angle = Double(Float(position) * frequency)
        cosines.append(Float(cos(angle)))
        sines.append(Float(sin(angle)))
      }
    }
    (self.cosines, self.sines) = (cosines, sines)
  }

  /// Turns one head of one position in place.
  @inline(__always)
  func rotate(_ head: UnsafeMutablePointer<Float>, position: Int) {
    cosines.withUnsafeBufferPointer { cosines in
      sines.withUnsafeBufferPointer { sines in
        let start = position * pairs
        for pair in 0..<pairs {
          let (c, s) = (cosines[start + pair], sines[start + pair])
          let (x, y) = (head[pair], head[pair + pairs])
          head[pair] = x * c - y * s
          head[pair + pairs] = y * c + x * s
        }
      }
    }
  }
}
