import Optimization

/// How steps are taken.
public struct TrainingSettings: Sendable, Hashable {
  /// How many.
  public var steps: Int
  /// Texts of one.
  public var batch: Int
  /// The largest rate.
  public var learningRate: Double
  /// Steps over which the rate rises from 0; from there it falls along half a cosine to 0 at the end.
  public var warmup = 0
  public var optimizer = AdamW.Settings()
  /// The largest norm of all gradients together; nil for any.
  public var clip: Double?

  public init(steps: Int, batch: Int, learningRate: Double) {
    (self.steps, self.batch, self.learningRate) = (steps, batch, learningRate)
  }

  /// The rate of a step, from 0.
  public func rate(at step: Int) -> Double {
    LearningRate.cosine(warmup: warmup, total: steps).rate(at: step, peak: learningRate)
  }
}
