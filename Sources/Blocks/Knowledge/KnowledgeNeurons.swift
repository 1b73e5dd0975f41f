import Analyses
import Books
import Directives
import Tensors
import Transformers

/// The neurons of the facts of some relations, by attribution and by activation alone.
struct KnowledgeNeurons {
  /// One relation.
  struct Relation {
    var name: String
    var facts: [FactAsker.Asked]
    var attributed: [AttributedFact]
    /// By attribution.
    var knowledge: RefinedRelation
    /// By activation: what a method without gradients would find.
    var baseline: RefinedRelation
  }

  let sample: FactSample
  /// Those with at least one fact that can be asked for.
  let relations: [Relation]

  var model: Model { sample.asker.model }
}

extension Workbench {
  /// The neurons of a question's facts.
  ///
  /// - Parameter only: one relation alone, with a fact that must be among its facts.
  func knowledge(
    of question: Question, only wanted: (relation: String, fact: Fact?)? = nil
  ) throws -> KnowledgeNeurons {
    let sample = try FactSample(question, on: self, only: wanted)
    let attributor = FactAttributor(question, on: self)
    let total = sample.relations.reduce(0) { $0 + $1.facts.count }
    var done = 0
    let relations = try sample.relations.filter { !$0.facts.isEmpty }.map { relation in
      let attributed = try relation.facts.map { fact in
        done += 1
        monitor.progress("attributing facts to \(question.subject.entry.name)", done, total)
        return try attributor.attributed(fact)
      }
      return KnowledgeNeurons.Relation(
        name: relation.name, facts: relation.facts, attributed: attributed,
        knowledge: RefinedRelation(attributed.map { $0.named(above: question[KnowledgeKeys.threshold]) }),
        baseline: RefinedRelation(attributed.map(\.namedByActivation)))
    }
    return KnowledgeNeurons(sample: sample, relations: relations)
  }
}

extension RandomStream {
  /// As many neurons of a model as there are in a set, whatever they are.
  mutating func neurons(_ count: Int, of model: Model) -> [StreamUnit] {
    let c = model.configuration
    return sample(min(count, c.blocks * c.ffnWidth), below: c.blocks * c.ffnWidth).map {
      .neuron(block: $0 / c.ffnWidth, $0 % c.ffnWidth)
    }.sorted()
  }
}
