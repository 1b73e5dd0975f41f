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

/// What is known of a sample without its states.
struct StatesShape {
  /// Digest of the states.
  var digest: String
  /// Rows of each.
  var rows: Int
}

/// What is known of a split sample without its states.
struct SplitShape {
  /// Digest of the states.
  var digest: String
  /// Samples that fit.
  var train: Int
  /// Samples that judge.
  var test: Int

  /// What decides which samples fit and which judge: part of the key of whatever is fitted to them.
  func inputs(_ bound: BoundDirective) -> JSONObject {
    [
      "states": .string(digest), "train": .int(train), "test": .int(test),
      "split": .string(bound[SplitKeys.split].rawValue), "seed": .int(bound[.seed]),
    ]
  }
}

extension SplitStates {
  /// What decides what is fitted to it.
  var shape: SplitShape { SplitShape(digest: sample.digest, train: trainRows.count, test: testRows.count) }
}

/// A view that fits something to the states of some samples and judges it on those of others.
protocol SplitView: View {
  /// The keys that choose the samples and say how many fit and how many judge.
  static var sample: SplitKeys { get }

  /// The support-vector regressions that its answer rests on, for states of some width.
  func fits(of question: Question, width: Int) -> [FitRequest]
}

extension SplitView {
  static var sample: SplitKeys { .regression }
  func fits(of question: Question, width: Int) -> [FitRequest] { [] }
  func faults(of bound: BoundDirective) -> [Diagnostic] { Self.sample.faults(of: bound) }
  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }
}

extension Workbench {
  /// The split sample a directive with the keys of a split asks for.
  func splitStates(of question: Question, _ keys: SplitKeys) throws -> SplitStates {
    let sample = try states(of: question, keys.request(question.bound))
    let rows = try keys.rows(question.bound, of: sample.positions.count, "samples")
    return SplitStates(sample: sample, trainRows: rows.train, testRows: rows.test)
  }

  /// What is known of a question's split sample without reading its states; nil where they are not at hand.
  func splitShape(of question: Question, _ keys: SplitKeys) throws -> SplitShape? {
    guard let found = try shape(of: question, keys.request(question.bound)) else { return nil }
    let rows = try keys.rows(question.bound, of: found.rows, "samples")
    return SplitShape(digest: found.digest, train: rows.train.count, test: rows.test.count)
  }
}

extension SplitKeys {
  /// The states that a directive asks for.
  func request(_ bound: BoundDirective) -> StatesRequest {
    StatesRequest(
      selection: bound.selection(texts: sizes(bound).total, position: position), takesFewer: !areGiven(by: bound))
  }
}

extension Question {
  /// The facts of an answer that a split sample gave.
  func facts(_ split: SplitStates) -> Facts { split.sample.facts(family: subject.family, split: split.sizes) }
}
