import Tensors
import Transformers

/// The cross-entropy that language models are trained with: of the next token where positions see earlier ones alone, of
/// masked tokens where they see all.
public struct LanguageModelling: TrainingObjective {
  /// How tokens of a masked model are hidden; a text always loses at least one.
  public struct Masking: Sendable, Hashable {
    /// The token that stands for a hidden one.
    public var mask: Int
    /// Tokens that are never hidden nor put in the place of others.
    public var special: Set<Int>
    /// The share of tokens that are asked for.
    public var share = 0.15
    /// Of those, how many show the mask, and how many another token; the others stay as they are.
    public var masked = 0.8
    public var replaced = 0.1
    public var seed: Int

    public init(mask: Int, special: Set<Int>, seed: Int) {
      (self.mask, self.special, self.seed) = (mask, special, seed)
    }
  }

  /// How tokens are hidden; nil for the next token.
  public let masking: Masking?

  public init(masking: Masking? = nil) { self.masking = masking }

  public func evaluate(
    _ parameters: ParameterList, texts: [[Int]], step: Int, addingTo gradient: ParameterList?, keeping: Int
  ) throws -> TrainingLoss {
    let c = parameters.model.configuration
    let questions = masking.map { $0.questions(texts, vocabulary: c.vocabulary, step: step) } ?? Self.next(texts)
    let run = try ReverseRun(parameters, texts: questions.map(\.shown), keeping: keeping)
    let rows = questions.enumerated().flatMap { text, question in
      question.positions.map { run.row(text: text, position: $0) }
    }
    guard !rows.isEmpty else { return TrainingLoss(total: 0) }
    let weights = [Double](repeating: 1 / Double(rows.count), count: rows.count)
    let head = try parameters.gradient(
      of: .crossEntropy(tokens: questions.flatMap(\.targets)), at: run.state(c.blocks).rows(at: rows),
      weights: weights, addingTo: gradient)
    if let gradient {
      try run.backward(from: [c.blocks: run.spread(head.states, to: rows)], addingTo: gradient)
    }
    return TrainingLoss(total: head.values.reduce(0, +) / Double(rows.count))
  }

  /// What is asked of one text.
  struct Question: Equatable {
    /// The tokens that the model sees.
    var shown: [Int]
    var positions: [Int]
    /// The token wanted at each of them.
    var targets: [Int]
  }

  /// Every position but the last is asked for the token behind it.
  static func next(_ texts: [[Int]]) -> [Question] {
    texts.map { Question(shown: $0, positions: Array(0..<max(0, $0.count - 1)), targets: Array($0.dropFirst())) }
  }
}

extension LanguageModelling.Masking {
  /// Hides tokens of each text, others at each step.
  func questions(_ texts: [[Int]], vocabulary: Int, step: Int) -> [LanguageModelling.Question] {
    var random = RandomStream(seed: seed, stream: "training.mask.\(step)")
    return texts.map { text in
      let open = text.indices.filter { !special.contains(text[$0]) }
      guard !open.isEmpty else { return .init(shown: text, positions: [], targets: []) }
      let count = max(1, Int((share * Double(open.count)).rounded()))
      let positions = random.sample(count, below: open.count).map { open[$0] }.sorted()
      var shown = text
      for position in positions {
        let fate = random.uniform()
        if fate < masked {
          shown[position] = mask
        } else if fate < masked + replaced {
          var other = random.integer(below: vocabulary)
          while special.contains(other) { other = random.integer(below: vocabulary) }
          shown[position] = other
        }
      }
      return .init(shown: shown, positions: positions, targets: positions.map { text[$0] })
    }
  }
}
