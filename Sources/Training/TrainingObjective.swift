import Transformers

/// What training makes small.
public protocol TrainingObjective {
  /// The loss of a batch, and its gradient.
  ///
  /// - Parameters:
  ///   - parameters: The weights.
  ///   - texts: The tokens of each text.
  ///   - gradient: Where the gradient is added; nil where the loss alone is wanted.
  ///   - step: The number of the step, from 0, for what is drawn anew at each of them.
  ///   - keeping: Bytes of intermediate results that may be kept for the way back.
  /// - Throws: `ModelError`; code `notFinite` where the loss is none.
  func evaluate(
    _ parameters: ParameterList, texts: [[Int]], step: Int, addingTo gradient: ParameterList?, keeping: Int
  ) throws -> TrainingLoss
}

/// The loss of one batch.
public struct TrainingLoss: Sendable, Equatable {
  /// What is made small.
  public var total: Double
  /// What it is the sum of, where it is that of self-distillation.
  public var distillation: Distillation?

  /// Both parts of the loss of self-distillation, and what they are made of.
  public struct Distillation: Sendable, Equatable {
    /// The divergences weighted by α.
    public var l1: Double
    /// The movements weighted by α.
    public var l2: Double
    /// KL of each layer, in nats, [L].
    public var divergences: [Double]
    /// The relative squared movement of each layer, [L]; nil for the first.
    public var movements: [Double?]
  }

  public init(total: Double, distillation: Distillation? = nil) {
    (self.total, self.distillation) = (total, distillation)
  }
}
