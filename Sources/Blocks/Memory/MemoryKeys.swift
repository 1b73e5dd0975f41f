import Analyses
import Books
import Diagnostics
import Directives

/// What the views of `memory` have in common.
enum MemoryKeys {
  static let texts = SampleKeys.texts(1000)
  static let top = Key<Int?>.int(
    "top", in: 1...1000,
    "how many are named; where not given 25 triggers, 100 predictive values, 20 compositions, 10 tokens of a value")
  static let triggers = Key.int(
    "triggers", in: 1...100, standard: 25, "how many triggers of each neuron count, the strongest first")
  static let sign = Key<TriggerSign>.choice(
    "sign", standard: .absolute,
    "order triggers by |m| and turn values round where m is negative (absolute), or by m (signed)")
  static let norm: Key<ProjectionNorm?> = Key(
    SettingKey(
      "norm", .choice(ProjectionNorm.allCases.map(\.rawValue)),
      "what stands between vectors and the vocabulary; where not given frozen for parts, recompute for whole states"),
    standard: nil
  ) { if case .word(let word) = $0 { ProjectionNorm(rawValue: word) } else { nil } }
  static let position = SampleKeys.position(.random, among: [.random, .last, .all])
  static let keys = Key.int("keys", in: 1...10_000, standard: 10, "how many neurons of each block are drawn")

  /// Labels that people gave.
  static let annotations: Key<[String]> = Key(
    SettingKey(
      "annotations", .file,
      "a table of labels given by people, which win over automatic ones: columns unit, kind, pattern and, if not all triggers show it, count"
    ), standard: []
  ) { if case .words(let names) = $0 { names } else { nil } }

  /// What every search for triggers takes.
  static let search: [any KeyDeclaration] = [texts, SampleKeys.maxTokens]
  /// What every view of a sample of positions takes.
  static let sample: [any KeyDeclaration] = [texts, position, SampleKeys.maxTokens, norm]

  /// What is wrong with the unit of a view that takes one or draws some.
  static func faultsOfOptionalUnit(in bound: BoundDirective) -> [Diagnostic] {
    guard bound[PredictionKeys.unit] != nil else { return [] }
    var faults = faults(ofUnitIn: bound)
    if bound.isGiven(keys) {
      faults.append(
        PredictionKeys.fault(bound, "'keys' has no meaning where a neuron is named", "leave one of the two out"))
    }
    return faults
  }

  /// How many triggers a search keeps: the same for all views of a page that ask for no more.
  static func capacity(_ wanted: Int) -> Int { max(triggers.standard, wanted) }

  /// What is wrong with the neuron of a view that needs one.
  static func faults(ofUnitIn bound: BoundDirective) -> [Diagnostic] {
    switch bound[PredictionKeys.unit]?.part {
    case .neuron?: []
    case nil:
      [PredictionKeys.fault(bound, "no neuron is named", "for example <<memory \(bound.view.last ?? "") L6.N254>>")]
    case .block?, .head?, .headDimension?:
      [PredictionKeys.fault(bound, "only a neuron has triggers and a value", "name one such as L6.N254")]
    }
  }
}

extension Question {
  /// The neuron that is asked about.
  func neuron() throws -> (block: Int, index: Int) {
    let unit = try self[PredictionKeys.unit]?.streamUnit(in: subject.model().configuration)
    guard case .neuron(let block, let index)? = unit else { throw EngineError("no neuron was named") }
    return (block, index)
  }
}
