import Directives

/// The directives that stand in running text.
public enum InlineSchemas {
  /// How many decimals a number in a sentence has.
  public static let digits = Key.int("digits", in: 0...12, standard: 3, "decimals that are printed").presentation

  /// How a number in a sentence is written.
  public enum Style: String, Sendable, CaseIterable { case plain, percent }
  public static let style = Key<Style>.choice(
    "style", standard: .plain, "as it is, or times 100 with a percent sign"
  ).presentation

  /// What `ref` points to.
  public static let target = Key.name("target", "the id it points to").bare

  private static let printing = [digits.setting, style.setting]

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
    keys: [target.setting],
    takesModel: false, takesDataset: false, takesSample: false, forms: [],
    examples: ["<<ref fig-depth>>"])
}
