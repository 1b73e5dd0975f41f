import Books
import Diagnostics
import Directives

/// The sampling keys that views share, with the defaults each view chooses.
public enum SampleKeys {
  static let positionName = "position"

  static func position(_ standard: PositionMode, among modes: [PositionMode] = PositionMode.allCases) -> Key<
    PositionMode
  > {
    .choice(positionName, among: modes, standard: standard, "which token of each text is looked at")
  }

  static let maxTokens = Key.int("max-tokens", in: 1...1_000_000, standard: 128, "where a text is cut, in tokens")

  static func texts(_ standard: Int) -> Key<Int> {
    .int("n", standard: standard, "how many texts: the first n usable ones")
  }
}

/// The keys of views that fit something to one part of a sample and judge it on another.
struct SplitKeys {
  let texts: Key<Int>
  let position: Key<PositionMode>

  static let train = Key<Int?>.int("train", in: 2...Int.max, "samples that fit the maps; 80 % of n where not given")
  static let test = Key<Int?>.int("test", in: 2...Int.max, "samples that judge them; the rest of n where not given")
  static let split = Key<SampleSplit>.choice(
    "split", standard: .random, "how samples are split into train and test: seeded, or the first ones train")

  /// What the regressions between layers take: one state a text.
  static let regression = SplitKeys(
    texts: SampleKeys.texts(1000), position: SampleKeys.position(.last, among: [.last, .eos, .random, .mask]))

  /// In the order they are documented.
  var all: [any KeyDeclaration] { [texts, Self.train, Self.test, Self.split, position, SampleKeys.maxTokens] }

  /// Whether the author said how many samples there must be; otherwise fewer will do.
  func areGiven(by bound: BoundDirective) -> Bool {
    bound.isGiven(texts) || bound.isGiven(Self.train) || bound.isGiven(Self.test)
  }

  /// The sizes a directive asks for; four fifths of `n` train where nothing else is said.
  func sizes(_ bound: BoundDirective) -> SplitSizes {
    let n = bound[texts]
    return switch (bound[Self.train], bound[Self.test]) {
    case (let train?, let test?): SplitSizes(train: train, test: test)
    case (let train?, nil): SplitSizes(train: train, test: max(0, n - train))
    case (nil, let test?): SplitSizes(train: max(0, n - test), test: test)
    case (nil, nil): SplitSizes(of: n)
    }
  }

  /// Which of those that were found fit and which judge, by their places.
  ///
  /// - Parameter noun: what they are called where there are too few.
  func rows(_ bound: BoundDirective, of found: Int, _ noun: String) throws -> (train: [Int], test: [Int]) {
    let asked = sizes(bound)
    let sizes = areGiven(by: bound) ? asked : SplitSizes(of: min(found, asked.total))
    guard sizes.train >= 2, sizes.test >= 2, sizes.total <= found else {
      throw EngineError(
        "\(found) \(noun) cannot be split into \(sizes.train) for training and \(sizes.test) for testing",
        hint: "set train= and test=")
    }
    return bound[Self.split].rows(count: sizes.total, train: sizes.train, test: sizes.test, seed: bound[.seed])
  }

  /// What is wrong with the sizes of a directive.
  func faults(of bound: BoundDirective) -> [Diagnostic] {
    let sizes = sizes(bound)
    func fault(_ message: String) -> [Diagnostic] {
      [bound.directive.diagnostic(at: bound.directive.span, message)]
    }
    let isOverfull = bound.isGiven(texts) && bound[Self.train] != nil && bound[Self.test] != nil
    if isOverfull, sizes.total > bound[texts] {
      return fault("train=\(sizes.train) and test=\(sizes.test) need \(sizes.total) texts, and n=\(bound[texts])")
    }
    if sizes.train < 2 || sizes.test < 2 {
      return fault("at least 2 samples must train and 2 must test, found \(sizes.train) and \(sizes.test)")
    }
    return []
  }
}

/// How many samples train and test.
struct SplitSizes: Equatable {
  var train: Int
  var test: Int
  /// Both together; a sum no number can hold is more than any dataset has.
  var total: Int {
    let (sum, isTooLarge) = train.addingReportingOverflow(test)
    return isTooLarge ? Int.max : sum
  }

  init(train: Int, test: Int) { (self.train, self.test) = (train, test) }

  /// Four fifths train.
  init(of count: Int) { self.init(train: count - count / 5, test: count / 5) }
}

extension BoundDirective {
  /// The sample a directive asks for.
  func selection(texts: Int, position: Key<PositionMode>) -> SampleSelection {
    SampleSelection(texts: texts, position: self[position], maxTokens: self[SampleKeys.maxTokens], seed: self[.seed])
  }
}
