import Analyses
import Results

/// Every lens quantity over a sample, kept once for all the views that show one of them.
struct LensSummary: Codable, Sendable {
  /// One quantity by depth.
  struct Curve: Codable, Sendable {
    var mean: [Double?]
    var quartiles: [[Double?]]
  }

  /// By the quantity's name.
  var curves: [String: Curve]
  /// The same samples read as they are, beside `lens=mat`.
  var control: [String: Curve]?
  /// Positions that were read.
  var positions: Int
  /// Bytes of the text that was read; nil where single positions were.
  var bytes: Int?
  var facts: Facts
}

extension LensSummary {
  init(_ readings: LensReadings, control: LensReadings?, facts: Facts) {
    func curves(_ readings: LensReadings) -> [String: Curve] {
      Dictionary(
        uniqueKeysWithValues: LensQuantity.allCases.map { quantity in
          let curve = DepthCurve(readings.of(quantity))
          return (quantity.rawValue, Curve(mean: curve.mean, quartiles: curve.quartiles))
        })
    }
    self.init(
      curves: curves(readings), control: control.map(curves), positions: readings.values.first?.count ?? 0,
      bytes: readings.bytes > 0 ? readings.bytes : nil, facts: facts)
  }
}

extension Workbench {
  /// The quantities over the sample a directive asks for.
  func lensSummary(of question: Question, pair: TokenPair?) throws -> LensSummary {
    try kept(lensKey(of: question, pair), kind: .readings, "lens readings") {
      if question[LensKeys.lens] == .mat {
        let (mat, id, facts) = try mappedReadings(of: question, pair: pair)
        return LensSummary(mat, control: id, facts: facts)
      }
      let texts = try lensTexts(of: question)
      let readings =
        try merged(lensPass(of: question, texts, pair))
        ?? lensReadings(texts, part: texts.samples.indices, of: question, pair: pair)
      let c = try question.subject.model().configuration
      return LensSummary(
        readings, control: nil,
        facts: Facts(
          blocks: c.blocks, width: c.width, family: question.subject.family, texts: texts.samples.count,
          positions: texts.rows(texts.samples.indices), position: "before the last"))
    }
  }

  /// The lens on its way through the texts of a question.
  func lensPass(
    of question: Question, _ texts: LensTexts, _ pair: TokenPair?
  ) throws -> CorpusPass<LensReadings> {
    let key = try lensKey(of: question, pair)
    return CorpusPass(
      EngineIdentity("lens-summary", version: 1), whole: ["whole": .string(key.hex)], lengths: texts.lengths,
      chunks: texts.chunks, isKept: store?.lookup(key, kind: .readings, check: .valueOnly) != nil,
      nothing: LensReadings(depths: try question.subject.model().configuration.blocks + 1)
    ) { [self] in try lensReadings(texts, part: $0, of: question, pair: pair) }
  }

  private func lensKey(of question: Question, _ pair: TokenPair?) throws -> ResultKey {
    guard let entry = question.dataset else { throw EngineError("no dataset was named") }
    let bound = question.bound
    let isMapped = bound[LensKeys.lens] == .mat
    return ResultKey(inputs: [
      "engine": "lens-summary", "engine_version": 1, "model": .string(try question.subject.identity().digest),
      "dataset": .string(try identity(of: entry).digest), "lens": .string(bound[LensKeys.lens].rawValue),
      "texts": isMapped ? .null : .int(bound[LensView.texts]), "fit": isMapped ? .int(bound[LensKeys.fit]) : .null,
      "exactly": .bool(bound.isGiven(LensView.texts)), "max_tokens": .int(bound[SampleKeys.maxTokens]),
      "seed": .int(bound[.seed]), "intercept": .bool(bound[MapKeys.intercept]), "ridge": .double(bound[MapKeys.ridge]),
      "pair": pair.map { .ints([$0.target, $0.contrast]) } ?? .null, "numeric": "float32",
    ])
  }
}
