import Analyses
import Transformers

/// The activations of all neurons that some facts have, over all their prompts: read once, asked often.
struct ActivationTable {
  private let columns: [StreamUnit: Int]
  /// [prompts][units].
  private let rows: [[Float]]

  /// Prompts that run together.
  private static let batch = 64

  /// Runs the prompts.
  init(_ model: Model, units: [StreamUnit], prompts: [AnsweredPrompt]) throws {
    let all = Array(Set(units)).sorted()
    columns = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, $0) })
    var rows: [[Float]] = []
    for start in stride(from: 0, to: prompts.count, by: Self.batch) {
      rows += try model.activations(of: all, in: Array(prompts[start..<min(start + Self.batch, prompts.count)]))
    }
    self.rows = rows
  }

  /// The activations of some neurons in one prompt.
  func activations(of units: [StreamUnit], in prompt: Int) -> [Float] {
    units.map { unit in columns[unit].map { rows[prompt][$0] } ?? 0 }
  }

  /// Neurons with the signs they have in prompts of their own.
  func aligned(_ units: [StreamUnit], own prompts: [Int]) -> AlignedActivation {
    AlignedActivation(units, own: prompts.map { activations(of: units, in: $0) })
  }

  /// The mean of aligned neurons over some prompts; nil without any.
  func mean(_ aligned: AlignedActivation, over prompts: [Int]) -> Double? {
    let values = prompts.compactMap { aligned.mean(activations(of: aligned.units, in: $0)) }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

/// The prompts of several facts in one list.
struct PromptPool {
  /// One prompt.
  struct Entry {
    var fact: FactAsker.Asked
    var text: String
    var prompt: AnsweredPrompt
  }

  let entries: [Entry]

  /// All prompts of some facts, in their order.
  init(_ facts: [FactAsker.Asked]) {
    entries = facts.flatMap { fact in zip(fact.texts, fact.prompts).map { Entry(fact: fact, text: $0, prompt: $1) } }
  }

  /// The places of the prompts that pass a test.
  func places(where test: (FactAsker.Asked) -> Bool) -> [Int] { entries.indices.filter { test(entries[$0].fact) } }
}
