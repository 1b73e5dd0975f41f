import Books
import Diagnostics
import Directives

/// The sampling keys that blocks share, with the defaults each block chooses.
enum SampleKeys {
  static func position(_ standard: PositionMode, among modes: [PositionMode] = PositionMode.allCases) -> SettingKey {
    SettingKey(
      "position", .choice(modes.map(\.rawValue)), standard: .word(standard.rawValue),
      "which token of each text is looked at")
  }

  static let maxTokens = SettingKey(
    "max-tokens", .int(1...1_000_000), standard: .int(128), "where a text is cut, in tokens")

  static func count(_ standard: Int) -> SettingKey {
    SettingKey("n", .int(1...Int.max), standard: .int(standard), "how many texts: the first n usable ones")
  }

  static let train = SettingKey("train", .int(2...Int.max), "samples that fit the maps; 80 % of n where not given")
  static let test = SettingKey("test", .int(2...Int.max), "samples that judge them; the rest of n where not given")
  static let split = SettingKey(
    "split", .choice(SampleSplit.allCases.map(\.rawValue)), standard: .word(SampleSplit.random.rawValue),
    "how samples are split into train and test: seeded, or the first ones train")
}

/// How many samples train and test, from `n`, `train` and `test` as far as they are given.
struct SplitSizes: Equatable {
  var train: Int
  var test: Int
  /// Both together; a sum no number can hold is more than any dataset has.
  var total: Int {
    let (sum, isTooLarge) = train.addingReportingOverflow(test)
    return isTooLarge ? Int.max : sum
  }

  /// The sizes a directive asks for; four fifths of `n` train where nothing else is said.
  init(_ bound: BoundDirective) {
    let n = bound.int("n") ?? 1000
    self =
      switch (bound.int("train"), bound.int("test")) {
      case (let train?, let test?): SplitSizes(train: train, test: test)
      case (let train?, nil): SplitSizes(train: train, test: max(0, n - train))
      case (nil, let test?): SplitSizes(train: max(0, n - test), test: test)
      case (nil, nil): SplitSizes(of: n)
      }
  }

  /// Four fifths train.
  init(of count: Int) { self.init(train: count - count / 5, test: count / 5) }

  private init(train: Int, test: Int) { (self.train, self.test) = (train, test) }

  /// Whether the author said how many samples there must be; otherwise fewer will do.
  static func areGiven(by bound: BoundDirective) -> Bool {
    !bound.explicitKeys.isDisjoint(with: ["n", "train", "test"])
  }

  /// What is wrong with the sizes of a directive.
  static func faults(of bound: BoundDirective) -> [Diagnostic] {
    let sizes = SplitSizes(bound)
    func fault(_ message: String) -> [Diagnostic] {
      [bound.directive.diagnostic(at: bound.directive.span, message)]
    }
    let isOverfull = bound.explicitKeys.contains("n") && bound.int("train") != nil && bound.int("test") != nil
    if isOverfull, let n = bound.int("n"), sizes.total > n {
      return fault("train=\(sizes.train) and test=\(sizes.test) need \(sizes.total) texts, and n=\(n)")
    }
    if sizes.train < 2 || sizes.test < 2 {
      return fault("at least 2 samples must train and 2 must test, found \(sizes.train) and \(sizes.test)")
    }
    return []
  }
}

extension BoundDirective {
  /// The sample a directive asks for.
  func selection(texts: Int) -> SampleSelection {
    SampleSelection(
      texts: texts, position: PositionMode(rawValue: text("position") ?? "") ?? .last,
      maxTokens: int("max-tokens") ?? 128, seed: int("seed") ?? Book.usualSeed)
  }
}
