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

  /// The numbers at the lower and the upper rim of a curve in a sentence, so that curves can be compared.
  public static let (low, high) = (
    rim("min", "the number at the lower rim; the lowest drawn where it is left out"),
    rim("max", "the number at the upper rim; the highest drawn where it is left out")
  )

  private static func rim(_ name: String, _ summary: String) -> Key<Double?> {
    let limit = Double.greatestFiniteMagnitude
    return Key(SettingKey(name, .double(-limit...limit), summary, isPresentation: true), standard: nil) {
      if case .double(let value) = $0 { value } else { nil }
    }
  }

  static let spark = DirectiveSchema(
    name: "spark",
    summary: "a list of numbers as a curve the size of a word, in a sentence or a cell; its ends are dots",
    role: .series,
    keys: [low.setting, high.setting],
    examples: ["<<spark convergence.distance>>", "<<spark lambada.accuracy min=0 max=1>>"])

  static let ref = DirectiveSchema(
    name: "ref",
    summary: "the number of a figure, table, equation or section, as a link",
    role: .inline,
    keys: [target.setting],
    takesModel: false, takesDataset: false, takesSample: false, forms: [],
    examples: ["<<ref fig-depth>>"])
}
