internal import Glibc
import Tensors

/// How the next token is chosen from its logits.
public struct Sampling: Hashable, Sendable {
  /// Logits are divided by it; 0 chooses the largest.
  public var temperature: Double
  /// Only so many of the largest logits are kept; nil for all.
  public var top: Int?
  /// Only the fewest tokens whose probabilities, from the largest down, add up to at least this are kept; nil for all.
  public var mass: Double?
  /// The seed of the draws.
  public var seed: Int

  /// Always the token with the largest logit, the lower id where two are equal.
  public static let greedy = Sampling(temperature: 0)

  /// Draws by probability, after temperature, then `top`, then `mass`, as transformers orders them.
  public init(temperature: Double = 1, top: Int? = nil, mass: Double? = nil, seed: Int = 42) {
    precondition(temperature >= 0 && (top ?? 1) > 0 && (mass ?? 1) > 0, "nothing could be drawn")
    (self.temperature, self.top, self.mass, self.seed) = (temperature, top, mass, seed)
  }
}

/// Chooses token after token; the same logits and settings give the same tokens.
public struct TokenSampler: Sendable {
  private let sampling: Sampling
  private var random: RandomStream

  /// A sampler whose draws come from the stream `decoding`.
  public init(_ sampling: Sampling) {
    self.sampling = sampling
    random = RandomStream(seed: sampling.seed, stream: "decoding")
  }

  /// Chooses the next token.
  ///
  /// - Parameter logits: V numbers, at least one.
  public mutating func choose(_ logits: [Float]) -> Int {
    precondition(!logits.isEmpty, "no logits")
    guard sampling.temperature > 0 else {
      // Of equals the first, which has the lower id.
      return logits.indices.dropFirst().reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
    }
    var order = logits.indices.sorted { logits[$0] > logits[$1] || (logits[$0] == logits[$1] && $0 < $1) }
    if let top = sampling.top { order.removeLast(max(0, order.count - top)) }
    let largest = Double(logits[order[0]])
    var weights = order.map { exp((Double(logits[$0]) - largest) / sampling.temperature) }
    if let mass = sampling.mass {
      let total = weights.reduce(0, +)
      var sum = 0.0
      var kept = 0
      while kept < weights.count, kept == 0 || sum < mass * total {
        sum += weights[kept]
        kept += 1
      }
      weights.removeLast(weights.count - kept)
    }
    var draw = random.uniform() * weights.reduce(0, +)
    for (token, weight) in zip(order, weights) {
      draw -= weight
      if draw < 0 { return token }
    }
    return order[weights.count - 1]
  }
}
