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

/// The two tokens whose logits `logitdiff` compares; nil takes the model's two best at each position.
typealias TokenPair = (target: Int, contrast: Int)

extension Model {
  /// Reads states of several depths, looking up the pair and the next tokens, -1 where none follows.
  func lensReadings(
    _ depths: [Matrix], final: Matrix, next: [Int], pair: TokenPair?, top: Int = 1
  ) throws -> [[ComparedReading]] {
    try compareLogits(
      of: depths, with: final,
      tokens: { position, own in
        let best = own.top.map(\.token)
        let pair = pair.map { [$0.target, $0.contrast] } ?? [best[0], best[best.count - 1]]
        return pair + (next[position] < 0 ? [] : [next[position]])
      }, top: top)
  }
}

extension Workbench {
  /// Reads every position of the first texts that has a token after it, the beginning-of-text token's included.
  ///
  /// Texts go through in batches; of each position only the readings stay.
  func lensReadings(of question: Question, texts: Int, pair: TokenPair?) throws -> (LensReadings, Facts) {
    let model = try question.subject.model()
    let (configuration, tokenizer) = (model.configuration, try question.subject.tokenizer())
    let selection = SampleSelection(
      texts: texts, position: .all, maxTokens: question[SampleKeys.maxTokens], seed: question[.seed])
    let samples = try samples(
      of: question, StatesRequest(selection: selection, takesFewer: !question.bound.explicitKeys.contains("n"))
    ).filter { $0.ids.count > 1 }
    var found = LensReadings(depths: configuration.blocks + 1)
    let bytesPerPosition = (configuration.blocks + 1) * configuration.width * 4
    var positions = 0
    for var batch in Self.batches(samples, bytesPerPosition: bytesPerPosition, limit: memory / 8) {
      for index in batch.indices { batch[index].positions = Array(0..<batch[index].ids.count - 1) }
      let next = batch.flatMap { $0.ids.dropFirst() }.map { configuration.isBidirectional ? -1 : $0 }
      let states = try capture(batch, of: question.subject)
      found.append(try model.lensReadings(states, final: states[configuration.blocks], next: next, pair: pair))
      for sample in batch { found.bytes += try tokenizer.decode(sample.ids, skipSpecialTokens: true).utf8.count }
      positions += next.count
    }
    guard positions > 0 else { throw EngineError("the dataset has no text of two tokens") }
    return (
      found,
      Facts(
        blocks: configuration.blocks, width: configuration.width, family: question.subject.family,
        texts: samples.count, positions: positions, position: "before the last")
    )
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
