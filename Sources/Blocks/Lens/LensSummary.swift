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
    guard let entry = question.dataset else { throw EngineError("no dataset was named") }
    let bound = question.bound
    let isMapped = bound[LensKeys.lens] == .mat
    let key = ResultKey(inputs: [
      "engine": "lens-summary", "engine_version": 1, "model": .string(try question.subject.identity().digest),
      "dataset": .string(try identity(of: entry).digest), "lens": .string(bound[LensKeys.lens].rawValue),
      "texts": isMapped ? .null : .int(bound[LensView.texts]), "fit": isMapped ? .int(bound[LensKeys.fit]) : .null,
      "exactly": .bool(bound.isGiven(LensView.texts)), "max_tokens": .int(bound[SampleKeys.maxTokens]),
      "seed": .int(bound[.seed]), "intercept": .bool(bound[MapKeys.intercept]), "ridge": .double(bound[MapKeys.ridge]),
      "pair": pair.map { .ints([$0.target, $0.contrast]) } ?? .null, "numeric": "float32",
    ])
    return try kept(key, kind: ResultKind("readings"), "lens readings") {
      if isMapped {
        let (mat, id, facts) = try mappedReadings(of: question, pair: pair)
        return LensSummary(mat, control: id, facts: facts)
      }
      let (readings, facts) = try lensReadings(of: question, texts: bound[LensView.texts], pair: pair)
      return LensSummary(readings, control: nil, facts: facts)
    }
  }
}
