import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Markup

extension Block {
  /// `<<shift L28.N29 "prompt">>`: the distribution before and after a unit's vector is added.
  static let shift = Block(
    "shift", "how adding one unit's vector moves the distribution of the next token", views: [ShiftView()],
    takesDataset: false, bringsText: true,
    examples: ["<<shift L11.N340 \"The capital of France is\">>", "<<shift L4.H3 \"The capital of France is\" k=5>>"])
}

struct ShiftView: PromptView {
  /// The result.
  struct Shift: Codable, Sendable {
    /// One token.
    struct Token: Codable, Sendable {
      @Field("the token as text") var token = ""
      @Field("its probability at the state the unit is added to") var before = 0.0
      @Field("its probability with the unit added") var after = 0.0
      @Field("what is added to its logit") var value = 0.0
    }

    @Field("what the unit's vector is multiplied by in the text") var coefficient = 0.0
    @Field("tokens whose probability rises most, from the largest down") var risen: [Token] = []
    @Field("tokens whose probability falls most, from the largest fall down") var fallen: [Token] = []
    @Field("the target: the named token, or the model's most likely one") var target = Token()
    @Field("KL(before ‖ after), in nats") var divergence = 0.0
  }

  let keys: [any KeyDeclaration] = [
    VocabularyView.unit, TextKeys.required, PredictionKeys.target, PredictionKeys.words,
  ]
  let engine = EngineIdentity("shift", version: 1)

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    let faults = TextKeys.faults(of: bound)
    guard case .block? = bound[VocabularyView.unit]?.part else { return faults }
    return faults + [
      PredictionKeys.fault(bound, "a block has no vector of its own", "name a neuron such as L11.N340, or a head")
    ]
  }

  func example(_: BoundDirective) -> Shift {
    let (up, down) = (
      Shift.Token(token: " Paris", before: 0.25, after: 0.5, value: 2),
      Shift.Token(token: " the", before: 0.5, after: 0.25, value: -0.5)
    )
    return Shift(coefficient: -19, risen: [up], fallen: [down], target: up, divergence: 0.25)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Shift> {
    let asked = try bench.prediction(of: question)
    guard let unit = try question[VocabularyView.unit]?.streamUnit(in: asked.parts.trace.model.configuration) else {
      throw EngineError("no unit was named")
    }
    let found = try asked.parts.shift(of: unit, top: question[PredictionKeys.words])
    func token(_ moved: MovedToken) -> Shift.Token {
      Shift.Token(
        token: TokenMarks.text(moved.token, asked.tokenizer), before: moved.before, after: moved.after,
        value: moved.value)
    }
    return Answer(
      result: Shift(
        coefficient: asked.parts.coefficient(of: unit), risen: found.risen.map(token), fallen: found.fallen.map(token),
        target: token(found.target), divergence: found.divergence), facts: asked.facts)
  }

  func exhibit(_ shown: Shown<Shift>, in say: Language) -> Exhibit {
    let tokens = shown.risen + shown.fallen
    let unit = shown[VocabularyView.unit].map { "\($0)" } ?? ""
    let probability = say("probability", "確率")
    let (before, after) = (say("before", "加算前"), say("after", "加算後"))
    return Exhibit(
      chart: BarChart(
        title: say("Probabilities before and after", "加算前後の確率"),
        categories: tokens.map { TokenMarks.shown($0.token) }, categoryTitle: say("token", "トークン"),
        value: Axis(probability),
        series: [BarSeries(before, values: tokens.map(\.before)), BarSeries(after, values: tokens.map(\.after))],
        isHorizontal: true),
      table: Table(
        tokens,
        [
          .text(say("token", "トークン")) { TokenMarks.shown($0.token) }, .number(before, \.before, decimals: 4),
          .number(after, \.after, decimals: 4),
          .number(say("before-softmax value", "ソフトマックス前の値"), \.value),
        ]),
      caption: Exhibit.Caption(
        say(
          "The next token's distribution after “\(shown[TextKeys.required] ?? "")” before and after \(unit) is added: the probabilities that rise most, then those that fall most.",
          "「\(shown[TextKeys.required] ?? "")」の次トークン分布に \(unit) を加える前と後。上昇の大きいもの、続いて下降の大きいもの。")),
      notes: Exhibit.Notes([
        say(
          "Read at the state the unit is added to, with the final norm's scale kept as at the last state; the coefficient is \(NumberFormat.significant(3).text(shown.coefficient)), KL \(NumberFormat.significant(3).text(shown.divergence)) nats.",
          "ユニットが加算される状態で、最終正規化の尺度を最終状態に固定して読む。係数は \(NumberFormat.significant(3).text(shown.coefficient))、KL は \(NumberFormat.significant(3).text(shown.divergence)) ナット。"
        )
      ]))
  }
}
