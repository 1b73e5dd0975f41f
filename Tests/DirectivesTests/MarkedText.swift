import Diagnostics
import Directives

/// A source text in which `⟦…⟧` marks the spans where faults are expected.
struct MarkedText {
  let file: SourceFile
  let spans: [SourceSpan]

  init(_ marked: String, path: String = "t.md") {
    var bytes: [UInt8] = []
    var open: [Int] = []
    var spans: [SourceSpan] = []
    for scalar in marked.unicodeScalars {
      switch scalar {
      case "⟦": open.append(bytes.count)
      case "⟧": spans.append(SourceSpan(lower: open.popLast() ?? 0, upper: bytes.count))
      default: bytes += Array(String(scalar).utf8)
      }
    }
    file = SourceFile(path: path, bytes: bytes)
    self.spans = spans
  }
}

/// What a diagnostic says, with its hints, for comparing.
func wording(_ diagnostic: Diagnostic) -> String {
  ([diagnostic.severity == .warning ? "warning: " + diagnostic.message : diagnostic.message]
    + diagnostic.hints.map { "| " + $0 }).joined(separator: " ")
}

/// The directives the tests bind against.
enum TestSchemas {
  static let heatmap = DirectiveSchema(
    name: "heatmap", summary: "R² of each step",
    views: [ViewGroup(["r2"]), ViewGroup(["mean", "max", "std", "dims", "mat"])],
    keys: [
      SettingKey(
        "pairs", .choice(["adjacent", "all"]), standard: .word("adjacent"), "which pairs", only: ["mean", "max"]),
      SettingKey(
        "scale", .choice(["linear", "log"]), standard: .word("linear"), "the colour scale", isPresentation: true),
      SettingKey("range", .range, "the layers", isBare: true),
    ], takesVersus: true, examples: ["<<heatmap r2 mean>>"])
  static let convergence = DirectiveSchema(
    name: "convergence", summary: "distance per layer",
    keys: [
      SettingKey("position", .choice(["last", "eos", "all"]), standard: .word("last"), "which position"),
      SettingKey("badge", .bool, standard: .bool(true), "the score badge"),
    ], takesVersus: true, examples: ["<<convergence atlas>>"])
  static let earlyexit = DirectiveSchema(
    name: "earlyexit", summary: "early exit",
    keys: [
      SettingKey("target", .percent(0...100), standard: .percent(95), "the accuracy to keep", isBare: true),
      SettingKey("k", .ints(1...100), standard: .ints([1, 5]), "ranks"),
    ])
  static let bypass = DirectiveSchema(
    name: "bypass", summary: "bypass", keys: [SettingKey("pair", .pair, "from and to", isBare: true, isRequired: true)],
    examples: ["<<bypass 3->8>>"])
  static let predictions = DirectiveSchema(
    name: "predictions", summary: "predictions",
    keys: [
      SettingKey("text", .text, "the text", isBare: true, isRequired: true),
      SettingKey("unit", .unit, "the unit", isBare: true),
      SettingKey("top", .int(1...50), standard: .int(5), "how many", isBare: true),
      SettingKey("temperature", .double(0...10), standard: .double(1), "softness"),
    ], takesDataset: false, takesSample: false, examples: ["<<predictions \"The cat\">>"])
  static let ref = DirectiveSchema(
    name: "ref", summary: "a reference", role: .inline,
    keys: [SettingKey("target", .name, "the anchor", isBare: true, isRequired: true)], takesModel: false,
    takesDataset: false, takesSample: false, forms: [])
  static let value = DirectiveSchema(
    name: "value", summary: "a number", role: .value,
    keys: [SettingKey("digits", .int(0...12), "digits shown", isPresentation: true)],
    examples: ["<<value convergence.score>>"])
  static let expect = DirectiveSchema(
    name: "expect", summary: "a claim", role: .claim,
    keys: [SettingKey("digits", .int(0...12), "digits shown", isPresentation: true)],
    examples: ["<<expect convergence.score > 0.5>>"])

  static let all = [heatmap, convergence, earlyexit, bypass, predictions, ref, value, expect]

  static let scope = BindingScope(
    models: ["atlas", "gpt2", "llama-1b"], datasets: ["texts", "jsts"], model: "atlas", dataset: "texts", seed: 7,
    parameters: [Parameter(name: "size", text: "64"), Parameter(name: "who", text: "gpt2")])

  /// Binds the first directive of a text.
  static func bind(_ file: SourceFile, scope: BindingScope = scope) -> (Bound?, [Diagnostic]) {
    guard let directive = DirectiveParser.scan(file).directives.first else { return (nil, []) }
    return DirectiveBinder(schemas: all, scope: scope).bind(directive)
  }

  static func bind(_ text: String) -> (Bound?, [Diagnostic]) { bind(SourceFile(path: "t.md", text: text)) }
}
