internal import Glibc
import Tensors

/// Adam with decoupled weight decay.
///
/// At step t = 1, 2, … with gradient g and learning rate η:
/// p ← p (1 − η λ); m ← m + (1 − β₁)(g − m); v ← β₂ v + (1 − β₂) g²;
/// p ← p − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε).
/// Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, algorithm 2, in the order of operations, the
/// place of ε and the rounding of `torch.optim.AdamW` without `amsgrad`.
public struct AdamW: Sendable, Equatable {
  /// What does not change from step to step.
  public struct Settings: Sendable, Hashable {
    /// β₁, the decay of the first moment.
    public var beta1: Double
    /// β₂, the decay of the second moment.
    public var beta2: Double
    /// ε.
    public var epsilon: Double
    /// λ, the weight decay.
    public var weightDecay: Double

    /// Names the settings; the defaults are PyTorch's.
    public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01) {
      (self.beta1, self.beta2, self.epsilon, self.weightDecay) = (beta1, beta2, epsilon, weightDecay)
    }
  }

  /// What does not change from step to step.
  public let settings: Settings
  /// How many steps were taken.
  public internal(set) var steps: Int
  /// m, one number to a parameter.
  var first: [Float]
  /// v, one number to a parameter.
  var second: [Float]

  /// Makes an optimizer of `count` parameters that has taken no step.
  ///
  /// Parameters that want other settings, such as biases without decay, get an optimizer of their own.
  ///
  /// - Throws: `OptimizationError` with code `badSetting`.
  public init(count: Int, settings: Settings = Settings()) throws(OptimizationError) {
    precondition(count >= 0, "an optimizer of \(count) parameters")
    try settings.check()
    self.settings = settings
    steps = 0
    first = [Float](repeating: 0, count: count)
    second = first
  }

  /// The number of parameters.
  public var count: Int { first.count }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - parameters: p, `count` numbers, changed in place.
  ///   - gradient: g, `count` numbers; not checked: see `GradientClipping`.
  ///   - learningRate: η of this step.
  public mutating func step(_ parameters: inout MutableSpan<Float>, gradient: Span<Float>, learningRate: Double) {
    precondition(parameters.count == count, "\(parameters.count) parameters for an optimizer of \(count)")
    steps += 1
    let factors = AdamWFactors(
      keep: Float(1 - learningRate * settings.weightDecay), blend: Float(1 - settings.beta1),
      beta2: Float(settings.beta2), fresh: Float(1 - settings.beta2),
      root: Float((1 - pow(settings.beta2, Double(steps))).squareRoot()), epsilon: Float(settings.epsilon),
      step: Float(-learningRate / (1 - pow(settings.beta1, Double(steps)))))
    ParameterUpdates.adamW(&parameters, gradient: gradient, first: &first, second: &second, factors)
  }
}

extension AdamW.Settings {
  /// Refuses what PyTorch refuses.
  func check() throws(OptimizationError) {
    func require(_ name: String, _ value: Double, _ isGood: Bool, _ expected: String) throws(OptimizationError) {
      if !isGood { throw OptimizationError(.badSetting(name: name, found: value, expected: expected)) }
    }
    try require("beta1", beta1, beta1 >= 0 && beta1 < 1, "at least 0 and below 1")
    try require("beta2", beta2, beta2 >= 0 && beta2 < 1, "at least 0 and below 1")
    try require("epsilon", epsilon, epsilon >= 0 && epsilon.isFinite, "at least 0")
    try require("weight decay", weightDecay, weightDecay >= 0 && weightDecay.isFinite, "at least 0")
  }
}
