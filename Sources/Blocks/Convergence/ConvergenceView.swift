import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Tensors

extension Block {
  /// `<<convergence M>>`: how far each block turns the residual stream, and the score S of that curve.
  static let convergence = Block(
    "convergence", "movement of the hidden state per block and the convergence score S",
    views: [ConvergenceView()], bringsText: true,
    examples: [
      "<<convergence>>", "<<convergence atlas-gpt2 vs=atlas-llama>>", "<<convergence position=last n=1000>>",
      "<<convergence text=\"The capital of France is\" pos=-2,-1>>",
    ])
}

struct ConvergenceView: PassView {
  static let texts = SampleKeys.texts(200)
  static let position = SampleKeys.position(.all)
  static let final = Key<ConvergenceMeter.FinalState>.choice(
    "final", standard: .pre, "whether the last state is taken before or after the final norm; the other is marked")
  static let places: Key<[Int]> = {
    let key = Key.ints(
      "pos", in: -1_000_000...1_000_000, standard: [],
      "positions of the text, from 0 or, counted from its end, from -1; the last where not given")
    return Key(
      SettingKey("pos", key.setting.type, standard: .none, key.setting.summary), standard: []
    ) { if case .ints(let places) = $0 { places } else { nil } }
  }()
  static let published = Key.flag(
    "published", standard: false, "whether the published movements of Llama-3.2 are marked"
  ).presentation

  let keys: [any KeyDeclaration] = [TextKeys.text, places, texts, position, SampleKeys.maxTokens, final, published]
  let engine = EngineIdentity("convergence", version: 2)

  func readsDataset(_ bound: BoundDirective) -> Bool { bound[TextKeys.text] == nil }

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    TextKeys.faults(of: bound) + TextKeys.faultsWithout([Self.places.name], in: bound)
  }

  func idleKeys(of bound: BoundDirective) -> [String] { TextKeys.idle(in: bound) }

  func overlays(_: BoundDirective) -> Bool { true }

  func example(_ bound: BoundDirective) -> Convergence {
    var example = Convergence.example
    if bound[TextKeys.text] != nil {
      example.positions = [PositionCurve(position: 1, token: " sky", next: " is", distance: [0.3, 0.1])]
    }
    return example
  }

  func selection(of question: Question) -> StatesRequest {
    StatesRequest(
      selection: question.bound.selection(texts: question[Self.texts], position: Self.position),
      takesFewer: !question.bound.isGiven(Self.texts))
  }

  func passes(_ question: Question) -> Bool { question[TextKeys.text] == nil }

  func meter(for question: Question, blocks: Int) throws -> ConvergenceMeter {
    try .of(question.subject, blocks: blocks, final: question[Self.final])
  }

  func meterSettings(of question: Question) -> JSONObject { ["final": .string(question[Self.final].rawValue)] }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Convergence> {
    guard let text = question[TextKeys.text] else { return try passAnswer(question, on: bench) }
    try question.requireTexts()
    return try SinglePositions(text: text, places: question[Self.places]).answer(question, on: bench)
  }

  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }

  func exhibit(_ shown: Shown<Convergence>, in say: Language) -> Exhibit { ConvergenceExhibit(shown, say).exhibit }
}

extension ConvergenceMeter {
  /// A meter for a model, which takes the last state through its final norm where it has one.
  static func of(_ subject: Subject, blocks: Int, final: FinalState) throws -> ConvergenceMeter {
    guard subject.hasCheckpoint, case let model = try subject.model(), model.configuration.head.norm != nil else {
      guard final == .pre else {
        throw EngineError(
          "final=post needs a final norm, and '\(subject.entry.name)' has none", hint: "leave final= out")
      }
      return ConvergenceMeter(blocks: blocks)
    }
    // Read once here, so that a damaged norm is an error and not a missing number.
    _ = try model.finalNorm(Matrix(rows: 1, columns: model.configuration.width))
    return ConvergenceMeter(blocks: blocks, final: final) { try? model.finalNorm($0) }
  }
}
