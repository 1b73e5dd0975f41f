import Analyses
import Books
import Directives
import Results
import Tensors
import Transformers

/// What every view of a sample of positions says: read once for a model, a sample and a norm.
struct MemorySummary: Codable, Sendable {
  /// A quantity of each block over the positions.
  struct Spread: Codable, Sendable {
    var quartiles: [[Double?]]
    var mean: [Double?]
  }

  /// One position at which the last block says what neither of its two parts said.
  struct Composed: Codable, Sendable {
    var text: Int
    var position: Int
    var prefix: String
    var residual: String
    var ffn: String
    var output: String
    var next: String?
  }

  var cases: [String: [Double?]]
  var composition: [Double?]
  var compositionChance: [Double?]
  var residual: [Double?]
  var residualChance: [Double?]
  var confidence: Spread
  var effective: Spread
  var active: Spread
  var positive: Spread
  var dominates: [Double?]
  var residualRank: [Double?]
  var common: [Double?]
  var short: [Double?]
  var lastlayer: [Composed]
  var lastCompositions: Int
  var facts: Facts

  /// A prefix is short below so many tokens, the beginning of the text not counted.
  static let short = 5
  /// How many compositions of the last block are kept.
  static let compositions = 1000
}

extension MemorySummary {
  init(
    _ readings: MemoryReadings, _ corpus: PrefixCorpus, facts: Facts, text: (Int) -> String,
    prefix: (Int, Int) throws -> String
  ) rethrows {
    func spread(_ quantity: (MemoryReading) -> Double) -> Spread {
      Spread(quartiles: readings.quartiles(quantity), mean: readings.means(quantity))
    }
    cases = Dictionary(uniqueKeysWithValues: MemoryCase.allCases.map { ($0.rawValue, readings.shares($0)) })
    (composition, compositionChance) = (readings.withoutAgreement, readings.withoutAgreementByChance)
    let final = readings.residualIsFinal
    (residual, residualChance) = (final.map(\.rate), final.map(\.chance))
    (confidence, effective) = (spread(\.confidence), spread(\.effective))
    (active, positive) = (spread(\.active), spread(\.positive))
    dominates = readings.residualDominates
    residualRank = readings.quartiles { Double($0.residualRank) }.map { $0[1] }
    let commonTokens = corpus.commonTokens
    let isCommon = readings.breakdown { reading, _ in commonTokens.contains(reading.ffn) }
    let isShort = readings.breakdown { $1.position + 1 - corpus.first[$1.text] < Self.short }
    common = [isCommon.agreeing, isCommon.all]
    short = [isShort.agreeing, isShort.all]
    let last = readings.blocks.last ?? []
    let composed = last.indices.filter { last[$0].kind == .composition }
    lastCompositions = composed.count
    lastlayer = try composed.prefix(Self.compositions).map { index in
      let place = readings.places[index]
      return Composed(
        text: place.text, position: place.position, prefix: try prefix(place.text, place.position),
        residual: text(last[index].residual), ffn: text(last[index].ffn), output: text(last[index].output),
        next: place.next.map(text))
    }
    self.facts = facts
  }
}

extension Workbench {
  /// The readings of a question's sample, in sum.
  func memorySummary(of question: Question) throws -> (
    summary: MemorySummary, norm: ProjectionNorm, whole: ProjectionNorm
  ) {
    try question.requireCausal()
    let (norm, whole) = question.memoryNorms
    let summary = try kept(readingsKey(of: question), kind: .readings, "the readings of memories") {
      let corpus = try memoryCorpus(of: question)
      let (subject, tokenizer) = (question.subject, try question.subject.tokenizer())
      let requests = Self.places(of: corpus, question[MemoryKeys.position], seed: question[.seed])
      let readings =
        try merged(readingPass(of: question, requests)) ?? readings(of: question, requests, requests.indices)
      let c = try subject.model().configuration
      return try MemorySummary(
        readings, corpus,
        facts: Facts(
          blocks: c.blocks, width: c.width, family: subject.family, texts: requests.count { !$0.positions.isEmpty },
          positions: readings.count, position: question[MemoryKeys.position].rawValue),
        text: { TokenMarks.text($0, tokenizer) },
        prefix: { try tokenizer.decode(Array(corpus.tokens($0, $1)), skipSpecialTokens: true) })
    }
    return (summary, norm, whole)
  }

  /// The reading of memories on its way through a question's texts.
  fileprivate func readingPass(of question: Question) throws -> CorpusPass<MemoryReadings> {
    try question.requireCausal()
    let corpus = try memoryCorpus(of: question)
    return try readingPass(
      of: question, Self.places(of: corpus, question[MemoryKeys.position], seed: question[.seed]))
  }

  private func readingPass(
    of question: Question, _ requests: [CaptureRequest]
  ) throws -> CorpusPass<MemoryReadings> {
    let key = try readingsKey(of: question)
    return CorpusPass(
      EngineIdentity("memory-readings", version: 1), whole: ["whole": .string(key.hex)],
      lengths: requests.map(\.causalLength), isKept: store?.lookup(key, kind: .readings, check: .valueOnly) != nil,
      nothing: MemoryReadings(blocks: try question.subject.model().configuration.blocks)
    ) { [self] in try readings(of: question, requests, $0) }
  }

  private func readings(
    of question: Question, _ requests: [CaptureRequest], _ texts: Range<Int>
  ) throws -> MemoryReadings {
    let (norm, whole) = question.memoryNorms
    let (monitor, activity) = (self.monitor, "reading \(question.subject.entry.name)")
    return try question.subject.model().memoryReadings(
      at: requests, part: texts, values: try memoryValues(of: question, norm), norm: norm, whole: whole,
      memory: memory / 8
    ) { monitor.progress(activity, $0, $1) }
  }

  private func readingsKey(of question: Question) throws -> ResultKey {
    let (norm, whole) = question.memoryNorms
    return try memoryKey(
      "memory-readings", of: question,
      [
        "norm": .string(norm.rawValue), "whole": .string(whole.rawValue),
        "position": .string(question[MemoryKeys.position].rawValue), "seed": .int(question[.seed]),
      ])
  }

  /// The positions of a sample: all prefixes of the texts, one of each text by chance, or each text's last token.
  private static func places(of corpus: PrefixCorpus, _ position: PositionMode, seed: Int) -> [CaptureRequest] {
    var stream = RandomStream(seed: seed, stream: "memory.position")
    return corpus.texts.indices.map { text in
      let (ids, prefixes) = (corpus.texts[text], corpus.positions(text))
      switch position {
      case .all: return CaptureRequest(ids: ids, positions: Array(prefixes))
      case .last: return CaptureRequest(ids: ids, positions: ids.count > corpus.first[text] ? [ids.count - 1] : [])
      default:
        let chosen = prefixes.isEmpty ? [] : [prefixes.lowerBound + stream.integer(below: prefixes.count)]
        return CaptureRequest(ids: ids, positions: chosen)
      }
    }
  }
}

extension ResultKind {
  /// What was read of a sample, in sum.
  static let readings = ResultKind("readings")
}

extension Question {
  /// What stands between vectors and the vocabulary: for parts, and for whole states.
  fileprivate var memoryNorms: (parts: ProjectionNorm, whole: ProjectionNorm) {
    (self[MemoryKeys.norm] ?? .frozen, self[MemoryKeys.norm] ?? .recompute)
  }
}

/// A view of what blocks do at a sample of positions.
protocol MemorySampleView: MemoryView, CorpusView where Seen == MemoryReadings {
  /// What it says of the readings.
  func result(_ summary: MemorySummary, _ norm: ProjectionNorm, _ whole: ProjectionNorm, _ bound: BoundDirective)
    -> Result
}

extension MemorySampleView {
  var keys: [any KeyDeclaration] { MemoryKeys.sample }

  func idleKeys(of bound: BoundDirective) -> [String] {
    bound[MemoryKeys.position] == .random ? [] : [Key.seed.name]
  }

  func corpusPass(of question: Question, on bench: Workbench) throws -> CorpusPass<MemoryReadings> {
    try bench.readingPass(of: question)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Result> {
    let (summary, norm, whole) = try bench.memorySummary(of: question)
    return Answer(result: result(summary, norm, whole, question.bound), facts: summary.facts)
  }
}
