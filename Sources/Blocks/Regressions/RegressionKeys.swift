import Directives
import JSONText
import Regression

/// The settings of the support-vector regressions, shared by every view that shows them.
enum RegressionKeys {
  enum Solver: String, CaseIterable { case svr, ridge }

  static let standardize = Key<Standardization>.choice(
    "standardize", standard: .train, "states in units of the training samples' standard deviation, or as they are")
  static let cost = Key.number("C", in: 1e-9...1e9, standard: 1, "cost of an error outside the tube")
  static let epsilon = Key.number("epsilon", in: 0...1e9, standard: 0.1, "half width of the tube")
  static let solver = Key<Solver>.choice(
    "solver", standard: .svr, "support-vector regression, or a ridge preview from one factorisation")

  /// In the order they are documented.
  static let all: [any KeyDeclaration] = [standardize, cost, epsilon, solver]

  /// The settings of a directive as the solver takes them.
  static func options(of bound: BoundDirective) -> SupportVectorOptions {
    SupportVectorOptions(
      c: bound[cost], epsilon: bound[epsilon], standardize: bound[standardize],
      solver: bound[solver] == .ridge ? .ridge(penalty: 1) : .supportVectors)
  }

  /// The settings as part of the key of whatever is fitted with them.
  static func inputs(of bound: BoundDirective) -> JSONObject {
    [
      "standardize": .string(bound[standardize].rawValue), "C": .double(bound[cost]),
      "epsilon": .double(bound[epsilon]), "solver": .string(bound[solver].rawValue),
    ]
  }

  /// What was solved, as captions say it.
  static func method<Result>(_ shown: Shown<Result>, _ say: Language) -> String {
    shown[solver] == .ridge
      ? say("ridge regression (a preview)", "リッジ回帰（予備計算）") : say("linear ε-SVR", "線形 ε-SVR")
  }
}

/// The settings of the linear maps, shared by every view that fits them.
enum MapKeys {
  static let intercept = Key.flag("intercept", standard: false, "whether the maps may add a constant")
  static let ridge = Key.number("ridge", in: 0...1e12, standard: 0, "ridge penalty of the maps")

  static let all: [any KeyDeclaration] = [intercept, ridge]

  static func options(of bound: BoundDirective) -> LinearMapOptions {
    LinearMapOptions(intercept: bound[intercept], ridge: bound[ridge])
  }
}
