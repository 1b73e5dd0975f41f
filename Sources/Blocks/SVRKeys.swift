import Directives

/// The settings of the support-vector regressions, shared by every directive that shows them.
enum SVRKeys {
  static func all(only views: [String] = []) -> [SettingKey] {
    [
      SettingKey(
        "standardize", .choice(["train", "none"]), standard: .word("train"),
        "states in units of the training samples' standard deviation, or as they are", only: views),
      SettingKey("C", .double(1e-9...1e9), standard: .double(1), "cost of an error outside the tube", only: views),
      SettingKey("epsilon", .double(0...1e9), standard: .double(0.1), "half width of the tube", only: views),
      SettingKey(
        "solver", .choice(["svr", "ridge"]), standard: .word("svr"),
        "support-vector regression, or a ridge preview from one factorisation", only: views),
    ]
  }
}
