import Analyses
import Books
import Directives
import Tensors
import Transformers

/// Every lens quantity at every depth over many positions.
struct LensReadings {
  /// Values by depth, then position.
  var values: [[LensValues]]
  /// UTF-8 bytes of the text that was read.
  var bytes = 0

  init(depths: Int) { values = Array(repeating: [], count: depths) }

  /// One quantity, by depth and position.
  func of(_ quantity: LensQuantity) -> [[Double?]] { values.map { $0.map { $0[quantity] } } }

  mutating func append(_ readings: [[ComparedReading]]) {
    for (depth, row) in readings.enumerated() { values[depth] += row.map { LensValues($0) } }
  }
}

/// Texts that a lens reads.
struct LensTexts {
  /// The texts, with the positions that are read.
  let samples: [SampledText]
  /// Texts that are read together.
  let batches: [Range<Int>]
  /// Positions of each text that go through the model.
  let lengths: [Int]

  init(_ samples: [SampledText], _ configuration: ModelConfiguration, memory: Int) {
    batches = Workbench.batches(samples, of: configuration, limit: memory)
    self.samples = samples.map { sample in
      var sample = sample
      sample.positions = Array(0..<sample.ids.count - 1)
      return sample
    }
    lengths = samples.map { $0.ids.count - (configuration.isBidirectional ? 0 : 1) }
  }

  /// Positions that are read of some texts.
  func rows(_ texts: Range<Int>) -> Int { samples[texts].reduce(0) { $0 + $1.positions.count } }

  /// Texts that go through the model together: each batch begins with a chunk of its own.
  var chunks: [Range<Int>] {
    batches.flatMap { batch in
      ModelRun.chunks(lengths: Array(lengths[batch])).map {
        batch.lowerBound + $0.lowerBound..<batch.lowerBound + $0.upperBound
      }
    }
  }
}

/// The two tokens whose logits `logitdiff` compares; nil takes the model's two best at each position.
typealias TokenPair = (target: Int, contrast: Int)

extension LensReadings: Tally {
  var series: [String: [Double]] {
    var series = ["bytes": [Double(bytes)]]
    for (depth, readings) in values.enumerated() {
      for quantity in LensQuantity.allCases {
        // What is undefined is no number.
        series["\(quantity).\(depth)"] = readings.map { $0[quantity] ?? .nan }
      }
    }
    return series
  }

  mutating func add(series: [String: [Double]]) -> Bool {
    guard let more = series["bytes"]?.first.flatMap({ Int(exactly: $0) }) else { return false }
    var read: [[LensValues]] = []
    for depth in values.indices {
      let columns = LensQuantity.allCases.compactMap { series["\($0).\(depth)"] }
      guard columns.count == LensQuantity.allCases.count, Set(columns.map(\.count)).count == 1,
        columns[0].count == read.first?.count ?? columns[0].count
      else { return false }
      read.append(columns[0].indices.map { row in LensValues(columns.map { $0[row].isNaN ? nil : $0[row] }) })
    }
    for (depth, values) in read.enumerated() { self.values[depth] += values }
    bytes += more
    return true
  }
}

extension Model {
  /// Reads states of several depths, looking up the pair and the next tokens, -1 where none follows.
  ///
  /// - Parameter part: where the positions stand among others, if they are to round as they do there.
  func lensReadings(
    _ depths: [Matrix], final: Matrix, next: [Int], pair: TokenPair?, top: Int = 1, part: RowPart? = nil
  ) throws -> [[ComparedReading]] {
    try compareLogits(
      of: depths, with: final,
      tokens: { position, own in
        let best = own.top.map(\.token)
        let pair = pair.map { [$0.target, $0.contrast] } ?? [best[0], best[best.count - 1]]
        return pair + (next[position] < 0 ? [] : [next[position]])
      }, top: top, part: part)
  }
}

extension Workbench {
  /// The first texts of a question that are longer than a token, to be read at every position that has a token after
  /// it, the beginning-of-text token's included.
  func lensTexts(of question: Question) throws -> LensTexts {
    let configuration = try question.subject.model().configuration
    let selection = SampleSelection(
      texts: question[LensView.texts], position: .all, maxTokens: question[SampleKeys.maxTokens],
      seed: question[.seed])
    let samples = try samples(
      of: question, StatesRequest(selection: selection, takesFewer: !question.bound.explicitKeys.contains("n"))
    ).filter { $0.ids.count > 1 }
    guard !samples.isEmpty else { throw EngineError("the dataset has no text of two tokens") }
    return LensTexts(samples, configuration, memory: memory / 8)
  }

  /// Reads some texts in batches; of each position only the readings stay.
  ///
  /// - Parameter part: which of them, whole chunks.
  func lensReadings(
    _ texts: LensTexts, part: Range<Int>, of question: Question, pair: TokenPair?
  ) throws -> LensReadings {
    let (model, tokenizer) = (try question.subject.model(), try question.subject.tokenizer())
    let configuration = model.configuration
    var found = LensReadings(depths: configuration.blocks + 1)
    for batch in texts.batches {
      let own = batch.clamped(to: part)
      guard !own.isEmpty else { continue }
      let samples = texts.samples[own]
      let next = samples.flatMap { $0.ids.dropFirst() }.map { configuration.isBidirectional ? -1 : $0 }
      let states = try capture(Array(samples), of: question.subject)
      found.append(
        try model.lensReadings(
          states, final: states[configuration.blocks], next: next, pair: pair,
          part: RowPart(first: texts.rows(batch.lowerBound..<own.lowerBound), whole: texts.rows(batch))))
      for sample in samples { found.bytes += try tokenizer.decode(sample.ids, skipSpecialTokens: true).utf8.count }
    }
    return found
  }

  /// Reads the samples that judge the maps of `lens=mat`, through them and as they are.
  func mappedReadings(of question: Question, pair: TokenPair?) throws -> (mat: LensReadings, id: LensReadings, Facts) {
    let model = try question.subject.model()
    let fitted = try lensMaps(of: question)
    let test = fitted.split.test
    let last = test.count - 1
    let selection = SampleSelection(
      texts: question[LensKeys.fit], position: .random, maxTokens: question[SampleKeys.maxTokens],
      seed: question[.seed])
    // One position a text: row i of the states is sample i.
    let following = try samples(of: question, StatesRequest(selection: selection, takesFewer: true)).map {
      $0.nextTokens[0]
    }
    let isMasked = model.configuration.isBidirectional
    let next = fitted.split.testRows.map { isMasked ? -1 : following[$0] }
    var (mat, id) = (LensReadings(depths: last + 1), LensReadings(depths: last + 1))
    let mapped = test.indices.map { fitted.maps.mapped(test[$0], from: $0) }
    mat.append(try model.lensReadings(mapped, final: test[last], next: next, pair: pair))
    id.append(try model.lensReadings(test, final: test[last], next: next, pair: pair))
    return (mat, id, question.facts(fitted.split))
  }
}
