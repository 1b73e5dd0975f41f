internal import Glibc

/// How the learning rate changes from step to step; steps are numbered from 0.
///
/// The two cosines are the same function where there is no warm-up and no floor. Neither stops at its last step: past it
/// both rise again along the same wave, as their originals do.
public enum LearningRate: Sendable, Hashable {
  /// The same at every step.
  case constant
  /// `get_cosine_schedule_with_warmup` of transformers with its half wave: a straight line from 0 over `warmup` steps, then
  /// ½(1 + cos(π (step − warmup) / (total − warmup))).
  case cosine(warmup: Int, total: Int)
  /// `torch.optim.lr_scheduler.CosineAnnealingLR` in its closed form:
  /// floor + (peak − floor) ½(1 + cos(π step / period)); `floor` (`eta_min`) is a rate, not a share.
  case annealing(period: Int, floor: Double)

  /// The rate of a step.
  ///
  /// - Parameters:
  ///   - step: From 0.
  ///   - peak: The largest rate.
  public func rate(at step: Int, peak: Double) -> Double {
    precondition(step >= 0, "there is no step \(step)")
    switch self {
    case .constant: return peak
    case .cosine(let warmup, let total):
      if step < warmup { return peak * (Double(step) / Double(max(1, warmup))) }
      let progress = Double(step - warmup) / Double(max(1, total - warmup))
      return peak * max(0, 0.5 * (1 + cos(Double.pi * progress)))
    case .annealing(let period, let floor):
      precondition(period > 0, "a period of \(period) steps")
      return floor + (peak - floor) * (1 + cos(Double.pi * Double(step) / Double(period))) / 2
    }
  }
}
