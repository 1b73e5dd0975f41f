import Optimization
import Transformers

/// Weights on their way.
public final class Trainer {
  /// The weights, changed by every step.
  public let parameters: ParameterList
  public let settings: TrainingSettings
  /// The loss of every step so far, before its change.
  public internal(set) var losses: [TrainingLoss] = []
  /// The norm of every step's gradient, before it was clipped.
  public internal(set) var norms: [Double] = []
  var optimizer: AdamW
  private let objective: any TrainingObjective
  /// What it sees.
  public let texts: TrainingTexts
  private let gradient: ParameterList
  private let keeping: Int

  /// How many steps are behind it.
  public var step: Int { losses.count }
  public var isDone: Bool { step >= settings.steps }

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - model: Where the weights begin.
  ///   - keeping: Bytes of intermediate results that may be kept between the two ways.
  /// - Throws: `ModelError`, `OptimizationError`.
  public init(
    _ model: Model, _ objective: any TrainingObjective, _ texts: TrainingTexts, _ settings: TrainingSettings,
    keeping: Int = 1 << 30
  ) throws {
    parameters = try ParameterList(model)
    gradient = parameters.zeros()
    optimizer = try AdamW(count: parameters.count, settings: settings.optimizer)
    (self.objective, self.texts, self.settings, self.keeping) = (objective, texts, settings, keeping)
  }

  /// The texts of the next step.
  public var batch: [[Int]] { texts.batch(step: step, size: settings.batch) }

  /// Takes one step.
  ///
  /// - Throws: `ModelError` or `OptimizationError` where the loss or its gradient is no number; the weights are as they
  ///   were then.
  @discardableResult
  public func advance() throws -> TrainingLoss {
    gradient.clear()
    let loss = try objective.evaluate(parameters, texts: batch, step: step, addingTo: gradient, keeping: keeping)
    let norm = try gradient.withNumbers { span throws(OptimizationError) in
      guard let limit = settings.clip else { return try GradientClipping.norm(span.span) }
      return try GradientClipping.clip(&span, to: limit)
    }
    let rate = settings.rate(at: step)
    gradient.withNumbers { gradient in
      parameters.withNumbers { optimizer.step(&$0, gradient: gradient.span, learningRate: rate) }
    }
    losses.append(loss)
    norms.append(norm)
    return loss
  }
}
