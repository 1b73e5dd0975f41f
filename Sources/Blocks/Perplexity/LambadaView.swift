import Analyses
import Books
import Charts
import Directives
import JSONText
import Tokenizers
import Transformers

#if canImport(Glibc)
  import Glibc
#endif

extension Block {
  /// `<<lambada M>>`: whether each depth knows the last word.
  static let lambada = Block(
    "lambada", "accuracy and perplexity of the last word of each text, read at every depth",
    views: [LambadaView()], examples: ["<<lambada>>", "<<lambada atlas-gpt2 vs=atlas-llama n=300>>"])
}

struct LambadaView: CorpusView {
  /// The result.
  struct LastWords: Codable, Sendable {
    @Field("share of texts whose whole last word is the argmax, token by token, at every depth, [L + 1]")
    var accuracy: [Double] = []
    @Field("how many texts that is, [L + 1]") var correct: [Int] = []
    @Field("exp of the mean over texts of the last word's summed surprise, [L + 1]; null where no number holds it")
    var perplexity: [Double?] = []
    @Field("its logarithm to base 10, [L + 1]") var log10Perplexity: [Double] = []
    @Field("texts") var documents = 0
    @Field("tokens of all last words") var targetTokens = 0
    @Field("texts whose beginning was left out because they are longer than the window") var truncated = 0
    @Field("the most tokens the model was given: its context") var window = 0
    @Field("texts left out because no space stands before a last word") var skipped = 0

    enum CodingKeys: String, CodingKey {
      case accuracy, correct, perplexity
      case log10Perplexity = "log10_perplexity"
      case documents, targetTokens, truncated, window, skipped
    }
  }

  /// Which of the two numbers is drawn.
  enum Drawn: String, Sendable, CaseIterable { case accuracy, perplexity }

  static let texts = SampleKeys.texts(500)
  static let drawn = Key<Drawn>.choice("show", standard: .accuracy, "what the figure shows").presentation

  let keys: [any KeyDeclaration] = [texts, drawn]
  let engine = EngineIdentity("lambada", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { [.head, .causal] }
  let constants: JSONObject = ["norm": "recompute"]

  func overlays(_: BoundDirective) -> Bool { true }

  func example(_: BoundDirective) -> LastWords {
    LastWords(
      accuracy: [0, 0.1, 0.5], correct: [0, 1, 5], perplexity: [1e8, 700, 4], log10Perplexity: [8, 2.845, 0.602],
      documents: 10, targetTokens: 12, truncated: 1, window: 64, skipped: 1)
  }

  func corpusPass(of question: Question, on bench: Workbench) throws -> CorpusPass<DepthScores> {
    try bench.scoringPass(try words(of: question, on: bench).words.map(\.text), of: question)
  }

  /// The last words that are asked for, and how many texts before the last of them have none.
  private func words(of question: Question, on bench: Workbench) throws -> (words: [LastWord], skipped: Int) {
    try question.requireTexts()
    try question.requireCausal()
    let (model, tokenizer) = (try question.subject.model(), try question.subject.tokenizer())
    let window = model.configuration.context
    var words: [LastWord] = []
    var skipped = 0
    for text in try bench.texts(of: question) where words.count < question[Self.texts] {
      if let word = try LastWord(of: text, window: window, encode: { try tokenizer.encode($0) }) {
        words.append(word)
      } else {
        skipped += 1
      }
    }
    try bench.check(
      words.count, of: question, wanted: question[Self.texts], isGiven: question.bound.isGiven(Self.texts))
    return (words, skipped)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<LastWords> {
    let (words, skipped) = try words(of: question, on: bench)
    let window = try question.subject.model().configuration.context
    let scores = LastWordScores(try bench.scores(words.map(\.text), of: question))
    let targets = words.reduce(0) { $0 + $1.text.targets.count }
    let logs = scores.meanLoss.map { $0 / log(10.0) }
    return Answer(
      result: LastWords(
        accuracy: scores.correct.map { Double($0) / Double(words.count) }, correct: scores.correct,
        perplexity: scores.meanLoss.map { finite(exp($0)) }, log10Perplexity: logs, documents: words.count,
        targetTokens: targets, truncated: words.count { $0.isCut }, window: window, skipped: skipped),
      facts: try question.facts(texts: words.count, scored: targets, "last word"))
  }

  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }

  func exhibit(_ shown: Shown<LastWords>, in say: Language) -> Exhibit {
    let isAccuracy = shown[Self.drawn] == .accuracy
    let title =
      isAccuracy ? say("Last word predicted", "最終単語の正答率") : say("Perplexity of the last word", "最終単語のパープレキシティ")
    return Exhibit(
      chart: LineChart(
        title: title, x: .depths(shown.all, say),
        y: isAccuracy
          ? Axis(say("accuracy", "正答率"), range: 0...0)
          : Axis(say("perplexity per word", "単語パープレキシティ"), isLogarithmic: true),
        series: shown.all.map {
          LineSeries(
            $0.name, values: isAccuracy ? $0.accuracy : $0.perplexity,
            style: LineStyle(color: $0.color, dash: $0.color))
        }, nameTitle: Terms.model(say)),
      table: Table(
        shown.all.flatMap { one in one.accuracy.indices.map { (model: one, depth: $0) } },
        [
          .text(Terms.model(say), \.model.name), .text(Terms.depth(say)) { "\($0.depth)" },
          .percent(say("accuracy", "正答率")) { $0.model.accuracy[$0.depth] },
          .count(say("correct", "正答数")) { $0.model.correct[$0.depth] },
          .number(say("log₁₀ perplexity per word", "log₁₀ 単語パープレキシティ"), { $0.model.log10Perplexity[$0.depth] }),
        ]),
      caption: Exhibit.Caption(
        say(
          "The last word of each text, read at every depth: \(isAccuracy ? "share of texts in which every token of the word is the argmax" : "perplexity per word, over all its tokens").",
          "各テキストの最終単語を各深さで読む。\(isAccuracy ? "単語の全トークンが最上位となるテキストの割合" : "単語全体のパープレキシティ")。")),
      notes: Exhibit.Notes(notes(shown.all, say)))
  }

  private func notes(_ all: [Shown<LastWords>], _ say: Language) -> [String] {
    all.flatMap { one -> [String] in
      let last = one.correct.last ?? 0
      var notes = [
        say(
          "\(one.name): \(last) of \(one.documents) at the last depth, \(one.targetTokens) tokens in the words.",
          "\(one.name)：最終の深さで \(one.documents) 件中 \(last) 件、単語のトークン数は計 \(one.targetTokens)。")
      ]
      if one.truncated > 0 {
        notes.append(
          say(
            "\(one.truncated) texts lost their beginning to a window of \(one.window) tokens.",
            "\(one.truncated) 件は \(one.window) トークンに収めるため冒頭を除いた。"))
      }
      if one.skipped > 0 {
        notes.append(
          say("\(one.skipped) texts have no last word and are left out.", "最終単語のない \(one.skipped) 件を除いた。"))
      }
      return notes
    }
  }
}

/// A number, or nothing where a Double cannot hold it.
func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
