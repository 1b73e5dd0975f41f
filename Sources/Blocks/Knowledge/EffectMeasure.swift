import Analyses
import Tensors

/// Measures what answers lose or gain when neurons are changed.
struct EffectMeasure {
  /// Probabilities before and after, one pair for each prompt.
  typealias Pairs = [(before: Double, after: Double)]

  /// One relation's.
  struct Sums {
    var own: Pairs = []
    var baseline: Pairs = []
    var random: Pairs = []
    var unrelated: Pairs = []
  }

  private let found: KnowledgeNeurons
  private let factor: Float
  private var stream: RandomStream

  init(_ found: KnowledgeNeurons, factor: Float, seed: Int) {
    (self.found, self.factor) = (found, factor)
    stream = RandomStream(seed: seed, stream: "knowledge.random")
  }

  /// Changes the neurons of every fact of a relation; facts without any are not measured.
  mutating func relation(_ place: Int) throws -> Sums {
    let relation = found.relations[place]
    var sums = Sums()
    for (index, fact) in relation.facts.enumerated() {
      let own = relation.knowledge.facts[index].neurons
      let baseline = relation.baseline.facts[index].neurons
      let drawn = stream.neurons(own.count, of: found.model)
      let changes = [NeuronChange([], factor: 1)] + [own, baseline, drawn].map { NeuronChange($0, factor: factor) }
      for prompt in fact.prompts {
        let p = try found.model.probabilities(of: prompt, under: changes)
        if !own.isEmpty {
          sums.own.append((p[0], p[1]))
          sums.random.append((p[0], p[3]))
        }
        if !baseline.isEmpty { sums.baseline.append((p[0], p[2])) }
      }
      guard !own.isEmpty, let other = other(than: place) else { continue }
      for prompt in other.prompts {
        let p = try found.model.probabilities(of: prompt, under: [changes[0], changes[1]])
        sums.unrelated.append((p[0], p[1]))
      }
    }
    return sums
  }

  /// A fact of another relation, drawn by chance; nil where there is no other.
  private mutating func other(than place: Int) -> FactAsker.Asked? {
    let others = found.relations.indices.filter { $0 != place }.flatMap { found.relations[$0].facts }
    return others.isEmpty ? nil : others[stream.sample(1, below: others.count)[0]]
  }
}

extension Sequence where Element == (before: Double, after: Double) {
  /// Prompts.
  var count: Int { reduce(0) { count, _ in count + 1 } }

  /// The mean probability before; nil without any.
  var mean: Double? { count == 0 ? nil : reduce(0) { $0 + $1.before } / Double(count) }

  /// mean(p' − p) / mean(p); nil without any.
  var change: Double? {
    let sum = reduce(0) { $0 + $1.before }
    return sum > 0 ? reduce(0) { $0 + ($1.after - $1.before) } / sum : nil
  }
}
