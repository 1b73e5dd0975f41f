import Analyses
import Books
import Charts
import Directives
import JSONText
import Markup

extension Block {
  /// `<<wikitext M>>`: how surprised each depth is by a corpus.
  static let wikitext = Block(
    "wikitext", "word, byte and token perplexity of a corpus and its bits per byte, read at every depth",
    views: [WikitextView()],
    examples: ["<<wikitext n=20>>", "<<wikitext atlas-gpt2 vs=atlas-llama n=10 unit=token>>"])
}

struct WikitextView: CorpusView {
  static let texts = SampleKeys.texts(100)
  static let pages = Key<CorpusForm>.choice(
    "pages", standard: .auto,
    "documents: the pages of a WikiText file, de-tokenised, or the dataset's texts as they are; auto looks for headings"
  )
  static let window = Key<Int?>.int(
    "window", in: 1...10_000_000, "tokens the model is given at once; its context where not given")
  static let unit = Key<CorpusUnit>.choice("unit", standard: .word, "what the figure's perplexity is per").presentation

  let keys: [any KeyDeclaration] = [texts, pages, window, unit]
  let engine = EngineIdentity("wikitext", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { [.head, .causal] }
  let constants: JSONObject = ["norm": "recompute"]

  func overlays(_: BoundDirective) -> Bool { true }

  func example(_: BoundDirective) -> CorpusResult { .example }

  func corpusPass(of question: Question, on bench: Workbench) throws -> CorpusPass<DepthScores> {
    try bench.scoringPass(try rolled(of: question, on: bench).windows, of: question)
  }

  /// A corpus in windows.
  private struct RolledCorpus {
    var corpus: Corpus
    /// What stands before each document.
    var prefix: Int
    /// The most tokens of a window.
    var window: Int
    var tokens: Int
    var windows: [ScoredText]
  }

  private func rolled(of question: Question, on bench: Workbench) throws -> RolledCorpus {
    try question.requireTexts()
    try question.requireCausal()
    let corpus = try bench.corpus(of: question)
    let (model, tokenizer) = (try question.subject.model(), try question.subject.tokenizer())
    guard let prefix = tokenizer.specialTokens.bos ?? tokenizer.specialTokens.eos else {
      throw EngineError("the tokenizer names neither a beginning-of-text nor an end-of-text token to start from")
    }
    let context = model.configuration.context
    let window = question[Self.window] ?? context
    guard window <= context else {
      throw EngineError("window=\(window), and the model's context holds \(context)", hint: "lower window=")
    }
    let documents = try corpus.scored.map { try tokenizer.encode($0, addSpecialTokens: false) }
    let windows = documents.flatMap { RollingWindows.windows(of: $0, prefix: prefix, window: window) }
    let tokens = documents.reduce(0) { $0 + $1.count }
    guard tokens > 0 else { throw EngineError("the corpus has no tokens") }
    return RolledCorpus(corpus: corpus, prefix: prefix, window: window, tokens: tokens, windows: windows)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<CorpusResult> {
    let rolled = try rolled(of: question, on: bench)
    let (corpus, documents) = (rolled.corpus, rolled.corpus.scored.count)
    let scores = CorpusScores(try bench.scores(rolled.windows, of: question))
    var result = CorpusResult(scores, words: corpus.words, bytes: corpus.bytes, tokens: rolled.tokens)
    (result.documents, result.windows, result.window) = (documents, rolled.windows.count, rolled.window)
    result.prefix = TokenMarks.text(rolled.prefix, try question.subject.tokenizer())
    result.isWikitext = corpus.isWikitext
    return Answer(
      result: result, facts: try question.facts(texts: documents, scored: rolled.tokens, "scored once"))
  }

  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }

  func exhibit(_ shown: Shown<CorpusResult>, in say: Language) -> Exhibit {
    let unit = shown[Self.unit]
    return Exhibit(
      chart: LineChart(
        title: unit.title(say), x: .depths(shown.all, say),
        y: Axis(unit.title(say), isLogarithmic: unit != .bits),
        series: shown.all.map {
          LineSeries($0.name, values: unit.values($0.result), style: LineStyle(color: $0.color, dash: $0.color))
        }, nameTitle: Terms.model(say)),
      table: Table(
        shown.all.flatMap { one in one.logLikelihood.indices.map { (model: one, depth: $0) } },
        [
          .text(Terms.model(say), \.model.name), .text(Terms.depth(say)) { "\($0.depth)" },
          .number(say("log₁₀ word perplexity", "log₁₀ 単語 PPL"), { $0.model.log10WordPerplexity[$0.depth] }),
          .number(say("log₁₀ token perplexity", "log₁₀ トークン PPL"), { $0.model.log10TokenPerplexity[$0.depth] }),
          .number(say("bits per byte", "ビット毎バイト"), { $0.model.bitsPerByte[$0.depth] }),
        ]),
      caption: Exhibit.Caption(
        say(
          "\(unit.title(say)) at every depth, by rolling windows in which every token is scored once.",
          "各深さにおける\(unit.title(say))。各トークンを一度ずつ、ずらした窓で採点する。")),
      notes: Exhibit.Notes(shown.all.flatMap { notes($0, say) }))
  }

  private func notes(_ one: Shown<CorpusResult>, _ say: Language) -> [String] {
    func text(_ count: Int) -> String { NumberText.integer(count) }
    let form =
      one.isWikitext
      ? say("pages, de-tokenised; words and bytes are the originals'", "ページ（復元後に採点、単語・バイト数は原文）")
      : say("texts as they are", "テキスト（そのまま）")
    return [
      say(
        "\(one.name): \(one.documents) \(form); \(text(one.words)) words, \(text(one.bytes)) bytes, \(text(one.tokens)) tokens in \(one.windows) windows of at most \(text(one.window)); “\(one.prefix)” stands before each document and is not scored.",
        "\(one.name)：\(one.documents) 件の\(form)、\(text(one.words)) 語、\(text(one.bytes)) バイト、\(text(one.tokens)) トークン、最大 \(text(one.window)) トークンの窓 \(one.windows) 個。各文書の前に「\(one.prefix)」を置き、これは採点しない。"
      )
    ]
  }
}

/// How a corpus is cut into documents.
enum CorpusForm: String, Sendable, CaseIterable { case auto, wikitext, texts }

/// What a perplexity is per.
enum CorpusUnit: String, Sendable, CaseIterable {
  case word, byte, token, bits

  func title(_ say: Language) -> String {
    switch self {
    case .word: say("Word perplexity", "単語パープレキシティ")
    case .byte: say("Byte perplexity", "バイトパープレキシティ")
    case .token: say("Token perplexity", "トークンパープレキシティ")
    case .bits: say("Bits per byte", "ビット毎バイト")
    }
  }

  func values(_ result: CorpusResult) -> [Double?] {
    switch self {
    case .word: result.wordPerplexity
    case .byte: result.bytePerplexity
    case .token: result.tokenPerplexity
    case .bits: result.bitsPerByte
    }
  }
}
