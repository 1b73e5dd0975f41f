import Directives
import Training

/// What the views of `distill` share: the choices that the study leaves open.
enum DistillKeys {
  static let divergence = Key<SelfDistillation.Settings.Divergence>.choice(
    "kl", standard: .forward, "which way the divergence of L1 is taken: forward is KL(p_t ‖ p_l)")
  static let detached = Key<SelfDistillation.Settings.Detached>.choice(
    "detach", standard: .none, "denominator: the length that a movement is measured against is held constant")
  static let norm = Key<SelfDistillation.Settings.Norm>.choice(
    "norm", standard: .recompute, "what stands between a layer's state and the unembedding: the final norm, or nothing")
  static let lambda = Key.number("lambda", in: 0...1_000_000, standard: 1, "λ, the weight of L2 against L1")
  static let gamma = Key.number(
    "gamma", in: -100...100, standard: 0.25, "γ: layer l weighs α_l = exp(γ l) / Σ exp(γ l)")

  static let loss: [any KeyDeclaration] = [divergence, norm, lambda, gamma]

  /// The loss as a directive asks for it.
  static func settings(_ bound: BoundDirective) -> SelfDistillation.Settings {
    var settings = SelfDistillation.Settings()
    (settings.divergence, settings.norm) = (bound[divergence], bound[norm])
    (settings.lambda, settings.gamma) = (bound[lambda], bound[gamma])
    settings.detached = bound[detached]
    return settings
  }
}
