import Analyses
import Directives
import JSONText
import Markup
import Tensors
import Tokenizers
import Transformers

extension Block {
  /// `<<predictions "text">>`: what every depth would predict next.
  static let predictions = Block(
    "predictions", "the largest tokens at every depth for one text, through fitted maps beside the plain lens",
    views: [PredictionsView()],
    examples: [
      "<<predictions \"Addis Ababa is the capital of\">>",
      "<<predictions \"Addis Ababa is the capital of\" atlas-gpt2 top=3>>",
    ])
}

/// The largest tokens of both lenses at every depth.
struct PredictionsResult: Codable, Sendable {
  /// One depth.
  struct Layer: Codable, Sendable {
    @Field("the state's index") var layer = 0
    @Field("through the fitted map, from the largest down") var mat: [RankedToken] = []
    @Field("reading the state as it is, likewise") var id: [RankedToken] = []
  }

  @Field("every state; the last is the model itself") var layers: [Layer] = []
  @Field("the position that is read, counted from 0") var position = 0
  @Field("tokens of the text") var tokens = 0
  @Field("whether there were fewer training samples than dimensions") var minimumNorm = false
}

struct PredictionsView: ShortcutView {
  static let text = Key<String>(
    SettingKey("text", .text, "the text whose next or masked token is predicted", isBare: true, isRequired: true),
    standard: ""
  ) {
    switch $0 {
    case .word(let text), .text(let text): text
    default: nil
    }
  }
  static let top = Key.int("top", in: 1...100, standard: 5, "how many tokens of each depth")

  let keys: [any KeyDeclaration] = [PredictionsView.text, PredictionsView.top] + ShortcutKeys.all
  let engine = EngineIdentity("predictions", version: 1)
  let constants: JSONObject = ["norm": "recompute"]

  var isTable: Bool { true }

  func example(_: BoundDirective) -> PredictionsResult {
    let tokens = [RankedToken(token: " Rome", probability: 0.5), .init(token: " Paris", probability: 0.25)]
    return PredictionsResult(layers: (0...2).map { .init(layer: $0, mat: tokens, id: tokens) }, position: 3, tokens: 4)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<PredictionsResult> {
    let model = try question.subject.model()
    let tokenizer = try question.subject.tokenizer()
    let ids = try tokenizer.encode(question[Self.text])
    let position = try Self.position(in: ids, question.subject, mask: tokenizer.specialTokens.mask)
    let split = try bench.splitStates(of: question, ShortcutKeys.sample)
    let maps = try bench.lensMaps(split, of: question)
    let states = try model.capture([CaptureRequest(ids: ids, positions: [position])])
    func largest(_ state: Matrix) throws -> [RankedToken] {
      let reading = try model.readLogits(ofHeadInput: model.headInput(state), top: question[Self.top])[0]
      return RankedToken.top(reading, tokenizer)
    }
    let layers = try states.enumerated().map { depth, state in
      PredictionsResult.Layer(
        layer: depth, mat: try largest(maps.mapped(state, from: depth)),
        id: try largest(state))
    }
    return Answer(
      result: PredictionsResult(
        layers: layers, position: position, tokens: ids.count, minimumNorm: maps.isMinimumNorm),
      facts: question.facts(split))
  }

  /// The last token's position, or the masked one's in a model that fills gaps.
  private static func position(in ids: [Int], _ subject: Subject, mask: Int?) throws -> Int {
    guard !ids.isEmpty else { throw EngineError("the text has no tokens", hint: "write some text") }
    guard subject.isMasked else { return ids.count - 1 }
    let masked = ids.indices.filter { ids[$0] == mask }
    guard masked.count == 1 else {
      throw EngineError(
        "'\(subject.entry.name)' fills in a masked token, and the text has \(masked.count) of them",
        hint: "write the mask token once where the prediction is wanted, such as [MASK]")
    }
    return masked[0]
  }

  func exhibit(_ shown: Shown<PredictionsResult>, in say: Language) -> Exhibit {
    func cell(_ tokens: [RankedToken]) -> String {
      tokens.map { "\(TokenMarks.shown($0.token)) \(NumberText.candid($0.probability, decimals: 2))" }
        .joined(separator: " · ")
    }
    return Exhibit(
      chart: nil,
      table: Table(
        shown.layers,
        [
          .count(Terms.depth(say), \.layer), .text(say("mat, with probabilities", "mat（確率）")) { cell($0.mat) },
          .text(say("id, with probabilities", "id（確率）")) { cell($0.id) },
        ]),
      caption: Exhibit.Caption(
        say(
          "The \(shown[Self.top]) largest tokens at every depth for “\(shown[Self.text])”, position \(shown.position + 1) of \(shown.tokens); the last row is the model itself. ␣ is a space.",
          "「\(shown[Self.text])」の \(shown.tokens) トークン中 \(shown.position + 1) 番目の位置における、各深さの上位 \(shown[Self.top]) トークン。最後の行はモデル自身。␣ は空白。"
        )),
      notes: Exhibit.Notes(shown.minimumNorm ? [Terms.minimumNorm(say)] : []))
  }
}
