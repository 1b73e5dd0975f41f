import Analyses
import Books
import Files
import JSONText

#if canImport(Glibc)
  import Glibc
#endif

/// Perplexities of a corpus at every depth.
struct CorpusResult: Codable, Sendable {
  @Field("exp(−Σ ln p / words) at every depth, [L + 1]; null where no number holds it") var wordPerplexity: [Double?] =
    []
  @Field("exp(−Σ ln p / bytes), [L + 1]") var bytePerplexity: [Double?] = []
  @Field("exp(−Σ ln p / tokens), [L + 1]") var tokenPerplexity: [Double?] = []
  @Field("−Σ ln p / bytes / ln 2, [L + 1]") var bitsPerByte: [Double?] = []
  @Field("logarithm of the word perplexity to base 10, [L + 1]") var log10WordPerplexity: [Double?] = []
  @Field("logarithm of the token perplexity to base 10, [L + 1]") var log10TokenPerplexity: [Double?] = []
  @Field("Σ ln p over all tokens, in nats, [L + 1]") var logLikelihood: [Double] = []
  @Field("documents") var documents = 0
  @Field("words: pieces between white space of the original documents") var words = 0
  @Field("UTF-8 bytes of the original documents") var bytes = 0
  @Field("tokens scored") var tokens = 0
  @Field("windows they were scored in") var windows = 0
  @Field("the most tokens the model was given at once") var window = 0
  @Field("the token that stands before each document and is not scored") var prefix = ""
  @Field("whether the documents are the pages of a WikiText file, de-tokenised before they were scored")
  var isWikitext = false

  enum CodingKeys: String, CodingKey {
    case wordPerplexity, bytePerplexity, tokenPerplexity, bitsPerByte
    case log10WordPerplexity = "log10_word_perplexity"
    case log10TokenPerplexity = "log10_token_perplexity"
    case logLikelihood, documents, words, bytes, tokens, windows, window, prefix, isWikitext
  }
}

extension CorpusResult {
  init(_ scores: CorpusScores, words: Int, bytes: Int, tokens: Int) {
    func perplexity(_ count: Int) -> [Double?] { scores.loss(per: count).map { $0.flatMap { finite(exp($0)) } } }
    func scaled(_ count: Int, _ factor: Double) -> [Double?] { scores.loss(per: count).map { $0.map { $0 / factor } } }
    self.init(
      wordPerplexity: perplexity(words), bytePerplexity: perplexity(bytes), tokenPerplexity: perplexity(tokens),
      bitsPerByte: scaled(bytes, log(2.0)), log10WordPerplexity: scaled(words, log(10.0)),
      log10TokenPerplexity: scaled(tokens, log(10.0)), logLikelihood: scores.logLikelihood, words: words, bytes: bytes,
      tokens: tokens)
  }

  /// A result of the usual shape.
  static var example: CorpusResult {
    var example = CorpusResult(CorpusScores(logLikelihood: [-600, -300, -200]), words: 20, bytes: 110, tokens: 30)
    (example.documents, example.windows, example.window, example.prefix) = (2, 3, 16, "<|begin_of_text|>")
    return example
  }
}

/// The documents of a corpus, as they are scored and as they are counted.
struct Corpus {
  var scored: [String]
  var words: Int
  var bytes: Int
  var isWikitext: Bool
}

extension Workbench {
  /// The documents a question asks for, out of a WikiText file or out of any dataset.
  func corpus(of question: Question) throws -> Corpus {
    guard let entry = question.dataset else { throw EngineError("no dataset was named") }
    let count = question[WikitextView.texts]
    let pages = question[WikitextView.pages] == .texts ? nil : try wikitextPages(of: entry)
    if question[WikitextView.pages] == .wikitext, pages == nil {
      throw EngineError(
        "dataset '\(entry.name)' is no WikiText file: no line is a heading such as ' = Title = '",
        hint: "leave pages= out, or name a file of lines")
    }
    let documents = Array(try (pages ?? texts(of: question)).prefix(count))
    try check(documents.count, of: question, wanted: count, isGiven: question.bound.isGiven(WikitextView.texts))
    return Corpus(
      scored: pages == nil ? documents : documents.map(WikitextPages.detokenised),
      words: documents.reduce(0) { $0 + WikitextPages.words(in: $1) },
      bytes: documents.reduce(0) { $0 + $1.utf8.count }, isWikitext: pages != nil)
  }

  /// The pages of a dataset's file; nil where it is none of plain lines, is shuffled, or has no heading.
  private func wikitextPages(of entry: DatasetEntry) throws -> [String]? {
    guard [.lines, .text].contains(entry.format), entry.shuffle == nil, entry.take == nil else { return nil }
    let bytes = try readFile(entry.path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw EngineError("dataset '\(entry.name)' is not UTF-8")
    }
    return WikitextPages.pages(of: text)
  }
}
