import Charts
import Diagnostics
import Directives
import JSONText
import Tensors

/// A sample of states, split into those that fit and those that judge.
struct SplitStates {
  /// The whole sample.
  var sample: SampledStates
  /// Row numbers of the fitting samples.
  var trainRows: [Int]
  /// Row numbers of the judging samples.
  var testRows: [Int]

  /// States of the fitting samples at every depth, each `[train, d]`.
  var train: [Matrix] { sample.states.map { $0.rows(at: trainRows) } }
  /// States of the judging samples at every depth, each `[test, d]`.
  var test: [Matrix] { sample.states.map { $0.rows(at: testRows) } }

  /// Sizes, for captions.
  var sizes: Facts.Split { Facts.Split(train: trainRows.count, test: testRows.count) }
}

extension SplitStates {
  /// What decides which samples fit and which judge: part of the key of whatever is fitted to them.
  func inputs(_ bound: BoundDirective) -> JSONObject {
    [
      "states": .string(sample.digest), "train": .int(trainRows.count), "test": .int(testRows.count),
      "split": .string(bound[SplitKeys.split].rawValue), "seed": .int(bound[.seed]),
    ]
  }
}

/// A view that fits something to the states of some samples and judges it on those of others.
protocol SplitView: View {
  /// The keys that choose the samples and say how many fit and how many judge.
  static var sample: SplitKeys { get }
}

extension SplitView {
  static var sample: SplitKeys { .regression }
  func faults(of bound: BoundDirective) -> [Diagnostic] { Self.sample.faults(of: bound) }
  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }
}

extension Workbench {
  /// The split sample a directive with the keys of a split asks for.
  func splitStates(of question: Question, _ keys: SplitKeys) throws -> SplitStates {
    let bound = question.bound
    let sample = try states(
      of: question,
      StatesRequest(
        selection: bound.selection(texts: keys.sizes(bound).total, position: keys.position),
        takesFewer: !keys.areGiven(by: bound)))
    let rows = try keys.rows(bound, of: sample.positions.count, "samples")
    return SplitStates(sample: sample, trainRows: rows.train, testRows: rows.test)
  }
}

extension Question {
  /// The facts of an answer that a split sample gave.
  func facts(_ split: SplitStates) -> Facts { split.sample.facts(family: subject.family, split: split.sizes) }
}
