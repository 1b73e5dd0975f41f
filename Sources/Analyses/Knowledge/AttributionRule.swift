/// Where an integral over the scale α of activations is sampled.
public enum AttributionRule: String, CaseIterable, Sendable {
  /// α = (k − ½) / m, k = 1 … m: its error shrinks with 1 / m².
  case midpoint
  /// α = (k − 1) / m: what the code of Dai et al. (2022) runs.
  case left
  /// α = k / m: the formula of their paper.
  case right

  /// The scales of m steps.
  public func scales(_ steps: Int) -> [Float] {
    (0..<steps).map { step in
      switch self {
      case .midpoint: (Float(step) + 0.5) / Float(steps)
      case .left: Float(step) / Float(steps)
      case .right: Float(step + 1) / Float(steps)
      }
    }
  }
}
