import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Markup
import Transformers

/// `<<knowledge attribution "capital/France">>`: what every neuron accounts for in the probability of one answer.
struct KnowledgeAttributionView: KnowledgeView {
  /// The result.
  struct Attribution: Codable, Sendable {
    /// One neuron.
    struct Neuron: Codable, Sendable {
      @Field("its block and number, `L6.N254`") var unit = ""
      @Field("its attribution, in probability") var value = 0.0
      @Field("its activation where the answer is predicted") var activation = 0.0
    }

    @Field("the prompt") var prompt = ""
    @Field("the answer, as the model's tokens") var answer: [String] = []
    @Field("its probability, the product over its tokens") var probability = 0.0
    @Field("the neurons down to a tenth of the largest attribution, the largest first") var attribution: [Neuron] = []
    @Field("sum of the attributions of each block, [L]") var sum: [Double] = []
    @Field("that sum less what it should be, the fall of the probability without the block's activations, [L]")
    var gap: [Double] = []
    @Field("steps of the integral in each block, [L]") var steps: [Int] = []
    @Field("the attribution of largest size among neighbouring neurons, [L][bins]") var map: [[Double]] = []
    @Field("how many neurons share a place of the map") var bin = 0
  }

  let keywords = [ViewKeyword("attribution", "what each neuron accounts for in the probability of an answer")]
  let keys: [any KeyDeclaration] =
    [KnowledgeKeys.fact, KnowledgeKeys.target, KnowledgeKeys.prompt] + KnowledgeKeys.attribution
  let names = KnowledgeName.factOrPrompt

  func example(_: BoundDirective) -> Attribution {
    Attribution(
      prompt: "The capital of France is", answer: [" Paris"], probability: 0.9,
      attribution: [.init(unit: "L1.N3", value: 0.5, activation: 4), .init(unit: "L0.N1", value: 0.1, activation: -2)],
      sum: [0.1, 0.55], gap: [0.001, -0.0005], steps: [40, 20], map: [[0.1, 0, 0, -0.01], [0, 0.02, 0, 0.5]], bin: 1)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Attribution> {
    try question.requireTexts()
    let asker = try FactAsker(question.subject)
    let (text, prompt) = try asked(question, asker, on: bench)
    let found = try FactAttributor.engine(question).attribution(of: prompt)
    let best = NeuronScores(found.values, reaching: AttributedFact.kept).neurons
      .sorted { ($1.value, $0.unit) < ($0.value, $1.unit) }
    let c = asker.model.configuration
    let bin = max(1, (c.ffnWidth + 63) / 64)
    return Answer(
      result: Attribution(
        prompt: text, answer: prompt.answer.map { TokenMarks.text($0, asker.tokenizer) },
        probability: found.probability,
        attribution: best.map { scored in
          guard case .neuron(let block, let index) = scored.unit else { return .init() }
          return .init(
            unit: scored.unit.description, value: Double(scored.value),
            activation: Double(found.activations[block][index]))
        },
        sum: found.values.map { $0.reduce(0) { $0 + Double($1) } }, gap: found.gaps, steps: found.steps,
        map: found.values.map { Self.binned($0, by: bin) }, bin: bin),
      facts: Facts(
        blocks: c.blocks, width: c.width, family: c.family.rawValue, texts: 1, positions: prompt.positions.count,
        position: asker.position))
  }

  /// A fact's prompt, or a prompt with the answer asked for.
  private func asked(
    _ question: Question, _ asker: FactAsker, on bench: Workbench
  ) throws -> (text: String, prompt: AnsweredPrompt) {
    let named = question[KnowledgeKeys.fact] ?? ""
    let set = question.bound.namesPrompt ? try? bench.facts(of: question) : try bench.facts(of: question)
    var (text, answer) = (named, question[KnowledgeKeys.target])
    if let fact = set?[named] {
      (text, answer) = (fact.prompts[min(question[KnowledgeKeys.prompt], fact.prompts.count - 1)], fact.answer)
    } else if !question.bound.namesPrompt {
      throw set?.misfit(named, in: question.dataset?.name ?? "") ?? EngineError("there is no fact '\(named)'")
    }
    if answer?.first == " " { answer?.removeFirst() }
    switch try asker.prompt(text, answer: try answer ?? mostLikely(text, asker)) {
    case .success(let prompt): return (text, prompt)
    case .failure(let why):
      throw EngineError("the prompt cannot be put to '\(question.subject.entry.name)': \(why.reason(.english))")
    }
  }

  /// What the model itself would say: a single token.
  private func mostLikely(_ text: String, _ asker: FactAsker) throws -> String {
    guard case .success(let prompt) = try asker.prompt(text, answer: "a") else {
      throw EngineError("name the answer with target=")
    }
    let run = try ModelRun(asker.model, [prompt.ids])
    try run.advance(to: asker.model.configuration.blocks)
    let state = try run.states(at: [prompt.positions[0]])
    let reading = try asker.model.readLogits(ofHeadInput: asker.model.headInput(state), top: 1)[0]
    return String(TokenMarks.text(reading.top[0].token, asker.tokenizer).drop { $0 == " " })
  }

  /// The number of largest size of each bin.
  private static func binned(_ values: [Float], by bin: Int) -> [Double] {
    stride(from: 0, to: values.count, by: bin).map { start in
      Double(values[start..<min(start + bin, values.count)].max { abs($0) < abs($1) } ?? 0)
    }
  }

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    let missing = KnowledgeKeys.missing(bound, "a fact or a prompt", "<<knowledge attribution \"capital/France\">>")
    guard missing.isEmpty, bound.isGiven(KnowledgeKeys.target), !bound.namesPrompt else { return missing }
    return KnowledgeKeys.fault(
      bound, "'target' has no meaning beside a fact, which has an answer", "leave target= out, or write a prompt")
  }
}

extension KnowledgeAttributionView {
  /// The neurons of a place of the map, the first and the last of them; the last place may hold fewer and says only where it
  /// begins.
  private static func label(_ place: Int, of bin: Int, isLast: Bool) -> String {
    bin == 1 ? "\(place)" : "\(place * bin)–\(isLast ? "" : "\(place * bin + bin - 1)")"
  }

  func exhibit(_ shown: Shown<Attribution>, in say: Language) -> Exhibit {
    let answer = TokenMarks.shown(shown.answer.joined())
    let probability = NumberFormat.fixed(1).text(100 * shown.probability)
    let places = shown.map.first?.count ?? 0
    let labels = (0..<places).map { Self.label($0, of: shown.bin, isLast: $0 == places - 1) }
    let missed = shown.gap.indices.filter { abs(shown.gap[$0]) > 0.01 * abs(shown.sum[$0] - shown.gap[$0]) }
    return Exhibit(
      chart: HeatmapChart(
        title: say("Attribution of every neuron", "各ニューロンの寄与"),
        matrix: CellMatrix(shown.map.map { $0.map(Optional.some) }),
        rows: .numbers(Terms.block(say), 0..<shown.map.count),
        columns: CellAxis(say("neuron", "ニューロン"), labels: labels),
        scale: ColorScale(KnowledgeWords.attribution(say), palette: .puOr), values: .never),
      table: Table(
        shown.attribution,
        [
          .text(say("neuron", "ニューロン"), \.unit), .number(KnowledgeWords.attribution(say), \.value, decimals: 4),
          .number(say("activation", "活性"), \.activation),
        ]),
      caption: Exhibit.Caption(
        say(
          "What each neuron accounts for in the probability of “\(answer)” (\(probability)%) after “\(shown.prompt)”",
          "「\(shown.prompt)」に続く「\(answer)」の確率（\(probability)%）への各ニューロンの寄与"),
        chart: shown.bin == 1
          ? say(".", "。")
          : say(
            "; of \(shown.bin) neighbours the one of largest size.", "。隣り合う \(shown.bin) 個のうち絶対値最大のもの。"),
        table: say(", down to a tenth of the largest.", "（最大値の 1/10 まで）。")),
      notes: Exhibit.Notes(
        [
          KnowledgeWords.method(
            shown[KnowledgeKeys.rule], shown[KnowledgeKeys.steps], (shown.steps.max() ?? 0), say)
        ]
          + (missed.isEmpty
            ? []
            : [
              say(
                "More than 1% away from their sum, whatever the steps: the attributions of block \(missed.map(String.init).joined(separator: ", ")).",
                "ブロック \(missed.map(String.init).joined(separator: ", ")) の寄与の和は、分割数によらず理論値から 1% 以上ずれる。")
            ])))
  }
}
