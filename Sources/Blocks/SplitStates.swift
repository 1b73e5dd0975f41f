import Books
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
      "split": .string(bound.text("split") ?? "random"), "seed": bound["seed"].json,
    ]
  }
}

extension Workbench {
  /// The split sample a directive with `train`, `test` and `split` asks for.
  func splitStates(of question: Question) throws -> SplitStates {
    let bound = question.bound
    let isGiven = SplitSizes.areGiven(by: bound)
    let asked = SplitSizes(bound)
    let sample = try states(
      of: question, StatesRequest(selection: bound.selection(texts: asked.total), takesFewer: !isGiven))
    let sizes = isGiven ? asked : SplitSizes(of: min(sample.positions.count, asked.total))
    guard sizes.train >= 2, sizes.test >= 2, sizes.total <= sample.positions.count else {
      throw EngineError(
        "\(sample.positions.count) samples cannot be split into \(sizes.train) for training and \(sizes.test) for testing",
        hint: "set train= and test=")
    }
    let split = SampleSplit(rawValue: bound.text("split") ?? "") ?? .random
    let rows = split.rows(
      count: sizes.total, train: sizes.train, test: sizes.test, seed: bound.int("seed") ?? Book.usualSeed)
    return SplitStates(sample: sample, trainRows: rows.train, testRows: rows.test)
  }
}
