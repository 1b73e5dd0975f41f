import Directives

/// The directives that stand in running text.
enum InlineSchemas {
  /// How a number is printed in a sentence.
  private static let printing = [
    SettingKey("digits", .int(0...12), standard: .int(3), "decimals that are printed", isPresentation: true),
    SettingKey(
      "style", .choice(["plain", "percent"]), standard: .word("plain"), "as it is, or times 100 with a percent sign",
      isPresentation: true),
  ]

  static let value = DirectiveSchema(
    name: "value",
    summary:
      "one number of another directive's result, in a sentence; expect=\"> 0.5\" stakes the page on it, tol= says which "
      + "change a comparison passes over",
    role: .value,
    keys: printing,
    examples: [
      "<<value convergence.score>>", "<<value convergence.distance[-1] digits=4>>",
      "<<value earlyexit.mat.saved 95% style=percent digits=1>>",
    ])

  static let expect = DirectiveSchema(
    name: "expect",
    summary:
      "a number that must hold: where it does not, the build fails; without +-TOL, = holds for what rounds to the number "
      + "as written",
    role: .claim,
    keys: printing,
    examples: ["<<expect convergence.score > 0.5>>", "<<expect convergence.score = 0.79 +-0.01>>"])

  static let ref = DirectiveSchema(
    name: "ref",
    summary: "the number of a figure, table, equation or section, as a link",
    role: .inline,
    keys: [SettingKey("target", .name, "the id it points to", isBare: true, isRequired: true)],
    takesModel: false, takesDataset: false, takesSample: false, forms: [],
    examples: ["<<ref fig-depth>>"])
}
