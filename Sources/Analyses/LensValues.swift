import Transformers

/// What can be measured of the distribution that a state gives when it is read as if it were the last one.
public enum LensQuantity: String, Sendable, CaseIterable {
  /// H(p_l), in nats.
  case entropy
  /// KL(p_L ‖ p_l), in nats: how far the reading still is from what the model says in the end.
  case kl
  /// −ln p_l(next token), in nats.
  case ce
  /// 1 + the number of tokens with a larger logit than the next token.
  case rank
  /// The largest probability.
  case maxprob
  /// ln p_l(a) − ln p_l(b) of two tokens.
  case logitdiff
}

/// Every lens quantity of one state.
public struct LensValues: Sendable, Equatable {
  private var values: [Double?]

  /// Takes the quantities of a reading that looked up, in this order, two tokens a and b and, where it is known, the
  /// token that follows.
  ///
  /// - Parameter reading: with one top entry at least.
  public init(_ reading: ComparedReading) {
    let logits = reading.logits
    precondition(logits.chosen.count >= 2 && !logits.top.isEmpty, "a reading of two tokens, with the top one")
    let next = logits.chosen.count > 2 ? logits.chosen[2] : nil
    values = LensQuantity.allCases.map { quantity in
      switch quantity {
      case .entropy: logits.entropy
      case .kl: reading.divergence
      case .ce: next.map { -logits.logProbability($0) }
      case .rank: next.map { _ in Double(logits.ranks[2]) }
      case .maxprob: exponential(logits.logProbability(logits.top[0]))
      case .logitdiff: Double(logits.chosen[0].logit) - Double(logits.chosen[1].logit)
      }
    }
  }

  /// Takes the quantities themselves, in their order.
  public init(_ values: [Double?]) {
    precondition(values.count == LensQuantity.allCases.count, "\(values.count) quantities")
    self.values = values
  }

  /// One quantity; nil where it needs a token that follows and there is none.
  public subscript(quantity: LensQuantity) -> Double? {
    values[LensQuantity.allCases.firstIndex(of: quantity) ?? 0]
  }
}

/// A quantity at every depth over many positions: mean and quartiles.
public struct DepthCurve: Sendable, Equatable {
  /// Mean over positions of each depth; nil where there is none.
  public var mean: [Double?]
  /// Lower quartile, median and upper quartile over positions of each depth.
  public var quartiles: [[Double?]]

  /// Sums up values by depth; undefined ones are left out.
  public init(_ values: [[Double?]]) {
    let defined = values.map { $0.compactMap { $0 } }
    mean = defined.map { $0.isEmpty ? nil : $0.reduce(0, +) / Double($0.count) }
    quartiles = defined.map { Quartiles.of($0) }
  }
}

/// Quartiles by linear interpolation between order statistics, as numpy's `percentile` and R's type 7 have them.
public enum Quartiles {
  /// Lower quartile, median and upper quartile; nil without values.
  public static func of(_ values: [Double]) -> [Double?] {
    guard !values.isEmpty else { return [nil, nil, nil] }
    let sorted = values.sorted()
    return [0.25, 0.5, 0.75].map { share in
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
  }
}
