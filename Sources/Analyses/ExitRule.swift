/// When to leave the network early: confidence against a threshold that decays with the token's position.
///
/// After block l >= 1 the state is read through a lens; the sample exits where the confidence, in the study the gap between
/// its two largest probabilities, is strictly greater than
/// ```
/// 0.9 * lambda + 0.1 * exp(-tau * t / N)
/// ```
/// with t the token's position and N the mean prefix length (position + 1) over the test samples.
/// Source: the linear-shortcuts study's early-exit experiment (softmax-response confidence with a decaying threshold).
public struct ExitRule: Sendable, Equatable {
  /// How the threshold depends on the position.
  public enum Decay: String, Sendable, CaseIterable {
    /// By the token's own position.
    case position
    /// A constant position of 3 for every sample, as the public scripts do for masked models.
    case constant
  }

  /// What is held against the threshold.
  public enum Confidence: String, Sendable, CaseIterable {
    /// Probability of the top token less that of the runner-up, as in the study.
    case gap
    /// Probability of the top token.
    case maxprob
    /// 1 - H / ln V, with H the entropy of the distribution.
    case entropy
  }

  /// What is held against the threshold.
  public var confidence: Confidence
  /// Speed of the decay.
  public var tau: Double
  /// How the threshold depends on the position.
  public var decay: Decay

  /// The rule with the published confidence and speed of decay, 4.
  public init(confidence: Confidence = .gap, tau: Double = 4, decay: Decay = .position) {
    self.confidence = confidence
    self.tau = tau
    self.decay = decay
  }

  /// The decaying part of each sample's threshold, `0.1 * exp(-tau * t / N)`.
  public func decays(positions: [Int]) -> [Double] {
    let mean = positions.isEmpty ? 1 : positions.reduce(0.0) { $0 + Double($1 + 1) } / Double(positions.count)
    return positions.map { position in
      let t: Double = decay == .constant ? 3 : Double(position)
      return 0.1 * exponential(-tau * t / mean)
    }
  }

  /// The λ at which every sample leaves after block 1.
  public static let always = -1.112

  /// The published λ: from "always exit after block 1" to "never exit".
  ///
  /// They are marks on a curve, not the curve.
  ///
  /// `id` gets nine more points between 1 and 1.112 because it needs confidences above 0.9.
  public static func lambdas(for lens: Lens) -> [Double] {
    var grid = [always]
    grid += (0...10).map { Double($0) / 10 }
    if lens == .id { grid += (1...9).map { 1 + 0.112 * Double($0) / 10 } }
    grid.append(1.112)
    return grid
  }
}

/// How a state is read as logits.
public enum Lens: String, Sendable, CaseIterable {
  /// A fitted linear map to the last state, then final norm and head.
  case mat
  /// Final norm and head on the state itself: the logit lens.
  case id
}
