import Transformers

/// How much of the probability of an answer each neuron accounts for, at one position of one prompt.
public struct PromptAttribution: Sendable {
  /// The probability of the answer, the product over its tokens.
  public var probability: Double
  /// Attributions, [L][d_ff].
  public var values: [[Float]]
  /// The activations that were scaled, [L][d_ff]: the baseline that needs no gradient.
  public var activations: [[Float]]
  /// Σ of a block's attributions less what they should add up to, P(w) − P(0), [L].
  public var gaps: [Double]
  /// P(w) − P(0) of each block, [L].
  public var spans: [Double]
  /// Steps that each block took, [L].
  public var steps: [Int]

  /// The largest attribution of all blocks.
  public var largest: Float { values.joined().max() ?? 0 }
}

/// Integrated gradients of the probability of an answer over the activations of every feed-forward network.
///
/// With w̄ a block's activations (after the nonlinearity, before the output product) at the position that predicts, and
/// P(w) the probability of the answer when w stands in their place: attribution of neuron i
///
///     w̄_i ∫₀¹ ∂P(α w̄)/∂w_i dα
///
/// a whole block at once from zero (Dai et al. 2022). Over a block they add up to P(w̄) − P(0); where the midpoint rule
/// misses that by more than 1%, its steps are doubled.
public struct IntegratedGradients {
  /// Where the integral is sampled.
  public var rule: AttributionRule
  /// m, the steps of every block.
  public var steps: Int
  /// Where doubling ends.
  public var mostSteps: Int
  private let runner: ForkRunner

  /// The share of P(w̄) − P(0) that a gap may have.
  static let tolerance = 0.01

  /// An attribution by a model's weights as they are now.
  ///
  /// - Parameter mostSteps: no doubling where it is not above `steps`, or with any rule but the midpoint.
  public init(_ parameters: ParameterList, rule: AttributionRule = .midpoint, steps: Int = 20, mostSteps: Int = 320) {
    (runner, self.rule, self.steps, self.mostSteps) = (ForkRunner(parameters), rule, steps, mostSteps)
  }

  /// The attributions of a prompt; of an answer of several tokens, means over its tokens.
  ///
  /// - Throws: `ModelError` for a text that cannot be run or a model without a head.
  public func attribution(of prompt: AnsweredPrompt) throws -> PromptAttribution {
    let isBidirectional = runner.parameters.model.configuration.isBidirectional
    var all: [PromptAttribution] = []
    for index in prompt.answer.indices {
      let ids = prompt.text(askedFor: index, isBidirectional: isBidirectional)
      let trunk = try runner.trunk(ids, position: prompt.positions[index])
      all.append(try attribution(of: trunk, token: prompt.answer[index]))
    }
    return PromptAttribution(mean: all)
  }

  private func attribution(of trunk: ForkTrunk, token: Int) throws -> PromptAttribution {
    let blocks = trunk.activations.indices
    let whole = try runner.probability(of: token, trunk)
    var found = PromptAttribution(
      probability: whole, values: trunk.activations.map { $0.map { _ in 0 } }, activations: trunk.activations,
      gaps: blocks.map { _ in 0 }, spans: blocks.map { _ in 0 }, steps: blocks.map { _ in steps })
    var (open, count, withZero) = (Array(blocks), steps, true)
    while !open.isEmpty {
      let forks = open.flatMap { block in
        (withZero ? [Fork(block: block, scale: 0, weight: 0)] : [])
          + rule.scales(count).map { Fork(block: block, scale: $0, weight: 1 / Double(count)) }
      }
      let outcome = try runner.run(forks, of: trunk, token: token)
      for (place, block) in open.enumerated() {
        if withZero { found.spans[block] = whole - outcome.probabilities[place * (count + 1)] }
        found.take(outcome.gradients[block] ?? [], block: block, steps: count)
      }
      withZero = false
      count *= 2
      guard rule == .midpoint, count <= mostSteps else { break }
      open = open.filter { abs(found.gaps[$0]) > Self.tolerance * abs(found.spans[$0]) }
    }
    return found
  }
}

extension PromptAttribution {
  /// Takes the mean gradient of a block.
  fileprivate mutating func take(_ gradient: [Float], block: Int, steps: Int) {
    values[block] = zip(activations[block], gradient).map { $0 * $1 }
    gaps[block] = values[block].reduce(0) { $0 + Double($1) } - spans[block]
    self.steps[block] = steps
  }

  /// The mean over the tokens of an answer; its probability is their product.
  fileprivate init(mean all: [PromptAttribution]) {
    self = all[0]
    guard all.count > 1 else { return }
    func mean(_ path: KeyPath<PromptAttribution, [Double]>) -> [Double] {
      self[keyPath: path].indices.map { place in all.reduce(0) { $0 + $1[keyPath: path][place] } / Double(all.count) }
    }
    func mean(_ path: KeyPath<PromptAttribution, [[Float]]>) -> [[Float]] {
      self[keyPath: path].indices.map { block in
        self[keyPath: path][block].indices.map { neuron in
          Float(all.reduce(0.0) { $0 + Double($1[keyPath: path][block][neuron]) } / Double(all.count))
        }
      }
    }
    let (values, activations, gaps, spans) = (mean(\.values), mean(\.activations), mean(\.gaps), mean(\.spans))
    (self.values, self.activations, self.gaps, self.spans) = (values, activations, gaps, spans)
    probability = all.reduce(1) { $0 * $1.probability }
    steps = steps.indices.map { block in all.map { $0.steps[block] }.max() ?? 0 }
  }
}
