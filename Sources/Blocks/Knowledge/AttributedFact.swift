import Analyses
import Results
import Transformers

/// The attributions of a fact's prompts as they are kept: what every view of its neurons reads.
struct AttributedFact: Codable, Sendable {
  /// Of one prompt.
  struct Prompt: Codable, Sendable {
    /// The probability of the answer.
    var probability: Double
    /// Σ of each block's attributions less what they should add up to, over that, [L]; how far the integral was missed.
    var gap: [Double]
    /// Steps of each block, [L].
    var steps: [Int]
    /// Attributions down to a tenth of the largest: block, neuron, value.
    var attribution: [[Double]]
    /// Activations down to half of the largest: block, neuron, value.
    var activation: [[Double]]
  }

  var prompts: [Prompt]

  /// The share of the largest attribution down to which neurons are kept.
  static let kept = 0.1
  /// The share of the largest activation that names a neuron of the baseline, as the code of the paper has it.
  static let baseline = 0.5

  /// The neurons that each prompt names by attribution.
  func named(above threshold: Double) -> [[StreamUnit]] {
    prompts.map { Self.scores($0.attribution).units(reaching: threshold) }
  }

  /// The neurons that each prompt names by activation alone.
  var namedByActivation: [[StreamUnit]] {
    prompts.map { Self.scores($0.activation).units(reaching: Self.baseline) }
  }

  /// The mean attribution of a neuron over the prompts that have it among their largest; nil where none has.
  func meanAttribution(of unit: StreamUnit) -> Double? {
    let found = prompts.compactMap { prompt in
      Self.scores(prompt.attribution).neurons.first { $0.unit == unit }.map { Double($0.value) }
    }
    return found.isEmpty ? nil : found.reduce(0, +) / Double(found.count)
  }

  private static func scores(_ rows: [[Double]]) -> NeuronScores {
    NeuronScores(
      neurons: rows.filter { $0.count == 3 }.map {
        ScoredNeuron(.neuron(block: Int($0[0]), Int($0[1])), Float($0[2]))
      })
  }
}

extension AttributedFact.Prompt {
  init(_ found: PromptAttribution) {
    func rows(_ values: [[Float]], _ share: Double) -> [[Double]] {
      NeuronScores(values, reaching: share).neurons.compactMap { scored in
        guard case .neuron(let block, let index) = scored.unit else { return nil }
        return [Double(block), Double(index), Double(scored.value)]
      }
    }
    probability = found.probability
    gap = zip(found.gaps, found.spans).map { $1 == 0 ? 0 : $0 / abs($1) }
    steps = found.steps
    attribution = rows(found.values, AttributedFact.kept)
    activation = rows(found.activations, AttributedFact.baseline)
  }
}

/// Attributes facts one after the other; what was attributed before comes from the store.
final class FactAttributor {
  private let bench: Workbench
  private let question: Question
  private var gradients: IntegratedGradients?

  init(_ question: Question, on bench: Workbench) { (self.question, self.bench) = (question, bench) }

  /// The attributions of a fact's prompts.
  func attributed(_ asked: FactAsker.Asked) throws -> AttributedFact {
    let key = try key(asked)
    if let known = bench.attributedFacts[key.hex] { return known }
    let found = try bench.kept(key, kind: ResultKind("attribution"), "an attribution") {
      guard !bench.isFrozen else {
        throw EngineError(
          "--frozen: the store has no attribution of '\(asked.fact.id)'", hint: "render once without --frozen")
      }
      return AttributedFact(prompts: try asked.prompts.map { .init(try engine().attribution(of: $0)) })
    }
    bench.attributedFacts[key.hex] = found
    return found
  }

  /// The weights are read when the first fact is not at hand.
  private func engine() throws -> IntegratedGradients {
    if let gradients { return gradients }
    let made = try Self.engine(question)
    gradients = made
    return made
  }

  /// The engine with a directive's settings.
  static func engine(_ question: Question) throws -> IntegratedGradients {
    IntegratedGradients(
      try ParameterList(question.subject.model()), rule: question[KnowledgeKeys.rule],
      steps: question[KnowledgeKeys.steps], mostSteps: question[KnowledgeKeys.most])
  }

  /// Model, tokens and rule decide an attribution; neither the fact's name nor the file it stands in.
  private func key(_ asked: FactAsker.Asked) throws -> ResultKey {
    ResultKey(inputs: [
      "engine": "knowledge-attribution", "engine_version": 2, "model": .object(try question.subject.components()),
      "rule": .string(question[KnowledgeKeys.rule].rawValue), "steps": .int(question[KnowledgeKeys.steps]),
      "most": .int(question[KnowledgeKeys.most]), "numeric": "float32",
      "prompts": .array(asked.prompts.map { .ints($0.ids) }),
      "positions": .array(asked.prompts.map { .ints($0.positions) }),
      "answer": .ints(asked.prompts.first?.answer ?? []),
    ])
  }
}
