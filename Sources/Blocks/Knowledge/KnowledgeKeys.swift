import Analyses
import Books
import Diagnostics
import Directives

/// What the views of `knowledge` have in common.
enum KnowledgeKeys {
  static let fact = Key.text(
    "fact", "a fact by its id, such as \"capital/France\"; for erase a relation, for attribution a prompt will do"
  ).bare
  static let target = Key.text(
    "target", "update: the answer to be put in the place of the old one; attribution of a prompt: the answer asked for"
  ).bare
  static let prompt = Key.int(
    "prompt", in: 0...100_000, standard: 0, "which of the fact's prompts, counted from 0")
  static let facts = Key.int(
    "n", in: 1...100_000, standard: 10, "how many facts of each relation: the first n that the model can be asked for",
    unit: "facts")
  static let relations = Key.text("relations", "which relations, separated by commas; all where not given")
  static let rule = Key<AttributionRule>.choice(
    "rule", standard: .midpoint, "where the integral along the scaled activations is sampled")
  static let steps = Key.int("steps", in: 1...10_000, standard: 20, "in how many steps")
  static let most = Key.int(
    "most", in: 1...100_000, standard: 320,
    "up to how many steps are doubled in a block whose attributions miss their sum by more than 1%; midpoint rule only")
  static let threshold = Key.number(
    "threshold", in: 0.1...1, standard: 0.2, "a prompt names neurons above this share of its largest attribution")

  /// What decides the attribution of a prompt.
  static let attribution: [any KeyDeclaration] = [rule, steps, most]
  /// What decides the neurons of every fact.
  static let refining: [any KeyDeclaration] = attribution + [threshold, facts, relations]

  static func fault(_ bound: BoundDirective, _ message: String, _ hint: String) -> [Diagnostic] {
    [bound.directive.diagnostic(at: bound.directive.span, message, hints: [hint])]
  }

  /// What is wrong where a fact must be named.
  static func missing(_ bound: BoundDirective, _ what: String, _ example: String) -> [Diagnostic] {
    bound[fact] == nil
      ? fault(bound, "'knowledge \(bound.view.last ?? "")' needs \(what)", "for example \(example)") : []
  }

  /// The relations asked for; nil for all.
  static func named(_ bound: BoundDirective) -> [String]? {
    bound[relations]?.namesBetweenCommas
  }
}

/// A view of `knowledge`: its facts are read, and held against what it names, before anything runs.
protocol KnowledgeView: View {
  /// What the directive's text names.
  var names: KnowledgeName { get }
}

/// What the text of a directive names.
enum KnowledgeName {
  case nothing, fact, factOrPrompt, relation
}

extension KnowledgeView {
  var engine: EngineIdentity { EngineIdentity("knowledge", version: 3) }
  func needs(_: BoundDirective) -> ModelNeeds { .head }

  func requireDataset(
    _ entry: DatasetEntry, of bound: BoundDirective, asking subject: Subject, on bench: Workbench
  ) throws { try bench.requireFacts(of: entry, named: names, in: bound, asking: subject) }

  /// Keys of a sample that mean nothing here.
  func idleKeys(of bound: BoundDirective) -> [String] { [Key.seed.name] }

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    switch names {
    case .nothing: []
    case .fact, .factOrPrompt:
      KnowledgeKeys.missing(bound, "a fact", "<<knowledge \(bound.view.last ?? "") \"capital/France\">>")
    case .relation: KnowledgeKeys.missing(bound, "a relation", "<<knowledge \(bound.view.last ?? "") \"capital\">>")
    }
  }
}
