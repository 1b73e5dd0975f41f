internal import Foundation
import Tensors
import Transformers

/// The loss of self-distillation, L1 + λ L2, averaged over all positions of a batch.
///
/// With e_l the output of block l (h_{l+1}, before the final norm), p_l the head's distribution of e_l, p_t that of the
/// frozen original's own output, and α_l = exp(γ l) / Σ exp(γ l): L1 = Σ_{l≥0} α_l KL, L2 = Σ_{l≥1} α_l |e_l − e_{l−1}|² /
/// |e_{l−1}|². h_0, the embedding, takes no part.
public struct SelfDistillation: TrainingObjective {
  /// Choices that the study leaves open.
  public struct Settings: Sendable, Hashable {
    /// Which way KL is taken.
    public enum Divergence: String, Sendable, CaseIterable {
      /// KL(p_t ‖ p_l).
      case forward
      /// KL(p_l ‖ p_t).
      case reverse
    }

    /// What is held constant.
    public enum Detached: String, Sendable, CaseIterable {
      /// Nothing but p_t.
      case none
      /// |e_{l−1}|² in L2.
      case denominator
    }

    /// What stands between a state and the unembedding.
    public enum Norm: String, Sendable, CaseIterable {
      /// The final norm, its statistics those of the state.
      case recompute
      /// Nothing, but for the last layer, whose output is the model's own.
      case none
    }

    public var divergence = Divergence.forward
    public var detached = Detached.none
    public var norm = Norm.recompute
    /// λ.
    public var lambda = 1.0
    /// γ.
    public var gamma = 0.25

    public init() {}
  }

  public let settings: Settings
  /// The model as it was.
  let original: ParameterList

  /// Freezes a model.
  ///
  /// - Throws: `ModelError`: code `noHead` where there is none; `unsupported` where norms follow the additions, so that
  ///   h_L is no state like the others.
  public init(of model: Model, _ settings: Settings = Settings()) throws {
    guard model.configuration.hasHead else { throw model.missingHead }
    (self.settings, original) = (settings, try ParameterList(model))
  }

  /// α_l, [L].
  public static func weights(blocks: Int, gamma: Double) -> [Double] {
    // Counted from the last layer, so that nothing overflows.
    let raw = (0..<blocks).map { exp(gamma * Double($0 - (gamma > 0 ? blocks - 1 : 0))) }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }

  public func evaluate(
    _ parameters: ParameterList, texts: [[Int]], step: Int, addingTo gradient: ParameterList?, keeping: Int
  ) throws -> TrainingLoss {
    let run = try ReverseRun(parameters, texts: texts, keeping: keeping)
    let blocks = parameters.model.configuration.blocks
    var batch = DistilledBatch(states: (1...blocks).map { run.state($0) })
    let frozen = try ReverseRun(original, texts: texts).state(blocks)
    let weights = Self.weights(blocks: blocks, gamma: settings.gamma)
    try pull(&batch, weights, to: frozen, parameters, addingTo: gradient)
    let movements = still(&batch, weights)
    if let gradient { try run.backward(from: batch.gradientsByLevel, addingTo: gradient) }
    let (first, second) = (
      zip(weights, batch.divergences).reduce(0) { $0 + $1.0 * $1.1 },
      zip(weights, movements).reduce(0) { $0 + $1.0 * ($1.1 ?? 0) }
    )
    return TrainingLoss(
      total: first + settings.lambda * second,
      distillation: .init(l1: first, l2: second, divergences: batch.divergences, movements: movements))
  }

  /// L1, every layer's distribution towards the original's.
  ///
  /// Rows are taken in tiles, so that the original's logits, which all layers share, never stand in memory whole.
  private func pull(
    _ batch: inout DistilledBatch, _ weights: [Double], to frozen: Matrix, _ parameters: ParameterList,
    addingTo gradient: ParameterList?
  ) throws {
    let blocks = weights.count
    for rows in batch.tiles(vocabulary: parameters.model.configuration.vocabulary) {
      let target = try original.logits(of: frozen.rows(rows))
      let objective: LogitObjective =
        settings.divergence == .forward ? .divergence(fromLogits: target) : .reverseDivergence(fromLogits: target)
      for block in 0..<blocks {
        let share = [Double](repeating: weights[block] / Double(batch.rows), count: rows.count)
        let head = try parameters.gradient(
          of: objective, at: batch.states[block].rows(rows), weights: share, addingTo: gradient,
          skipsNorm: settings.norm == .none && block < blocks - 1)
        batch.add(head, block: block, rows: rows)
      }
    }
  }

  /// L2: every layer's movement; none of the first.
  private func still(_ batch: inout DistilledBatch, _ weights: [Double]) -> [Double?] {
    var movements: [Double?] = [nil]
    for block in 1..<max(1, weights.count) {
      let factor = settings.lambda * weights[block] / Double(batch.rows)
      movements.append(
        batch.addMovement(block, weight: factor, holdsLength: settings.detached == .denominator))
    }
    return movements
  }
}
