import Transformers

/// Some neurons and what their activations are multiplied by where an answer is predicted.
public struct NeuronChange: Hashable, Sendable {
  /// The neurons; none changes nothing.
  public var units: [StreamUnit]
  /// 0 suppresses them, 2 amplifies them.
  public var factor: Float

  /// A change of some neurons.
  public init(_ units: [StreamUnit], factor: Float) { (self.units, self.factor) = (units, factor) }
}

extension Model {
  /// The probability of an answer while neurons are changed at the positions that predict it.
  ///
  /// - Parameter changes: one run for each.
  /// - Returns: one probability for each, the product over the tokens of the answer.
  /// - Throws: `ModelError` for a text that cannot be run or a model without a head.
  public func probabilities(of prompt: AnsweredPrompt, under changes: [NeuronChange]) throws -> [Double] {
    let run = try ModelRun(self, Array(repeating: prompt.ids, count: changes.count))
    let taps = scaleTaps(
      changes.map(\.units), by: changes.map(\.factor), at: .at(Set(prompt.positions)))
    try run.advance(to: configuration.blocks, taps: taps)
    let rows = changes.indices.flatMap { text in prompt.positions.map { run.row(text: text, position: $0) } }
    let tokens = changes.indices.flatMap { _ in prompt.answer.map { [$0] } }
    let readings = try readLogits(ofHeadInput: headInput(run.states(at: rows)), tokens: tokens)
    let count = prompt.answer.count
    return changes.indices.map { change in
      let own = readings[change * count..<(change + 1) * count]
      return exponential(own.reduce(0) { $0 + $1.logProbability($1.chosen[0]) })
    }
  }

  /// The activations of some neurons at the first position that predicts an answer.
  ///
  /// - Returns: one number for each prompt and neuron, [prompts][units].
  public func activations(of units: [StreamUnit], in prompts: [AnsweredPrompt]) throws -> [[Float]] {
    var found = prompts.map { _ in [Float](repeating: 0, count: units.count) }
    let named = Set(units.map(\.block))
    let taps: [Tap] = named.sorted().map { block in
      .read(.ffnActivation, blocks: [block], positions: .each(prompts.map { [$0.positions[0]] })) { visit, values in
        for (row, text) in visit.texts.enumerated() {
          for (place, unit) in units.enumerated() {
            guard case .neuron(block, let index) = unit else { continue }
            found[text][place] = values[row, index]
          }
        }
      }
    }
    let run = try ModelRun(self, prompts.map(\.ids))
    try run.advance(to: (named.max() ?? -1) + 1, taps: taps)
    return found
  }
}
