import Analyses
import JSONText
import Tensors
import Tokenizers
import Transformers

#if canImport(Glibc)
  import Glibc
#endif

/// How far a model's states have settled, and what each depth knows by then.
struct SettledModel: Codable, Sendable {
  @Field("convergence score S of the mean movements; null where they are undefined") var score: Double? = nil
  @Field("movement D of each block, mean over positions, [L]; null where undefined") var distance: [Double?] = []
  @Field("share of texts whose whole last word is the argmax at every depth, [L + 1]") var accuracy: [Double] = []
  @Field("exp of the mean surprise of the last word at every depth, [L + 1]; null where no number holds it")
  var perplexity: [Double?] = []
  @Field(
    "the way of the last position of the first judging text, input first, on three components of its own, [L + 1][3]")
  var path: [[Double]] = []
  @Field("share of that way's variance each component holds, [3]") var explained: [Double?] = []
}

extension SettledModel {
  /// Measures a model on texts.
  ///
  /// - Parameter length: Where a text is cut for its movements, in tokens.
  init(_ model: Model, _ tokenizer: Tokenizer, texts: [String], length: Int, memory: Int) throws {
    let ids = try texts.map { Array(try tokenizer.encode($0).prefix(min(length, model.configuration.context))) }
      .filter { !$0.isEmpty }
    let beginning = tokenizer.specialTokens.bos ?? tokenizer.specialTokens.cls
    var meter = ConvergenceMeter(blocks: model.configuration.blocks)
    let options = CaptureOptions(memory: memory)
    for start in stride(from: 0, to: ids.count, by: 32) {
      let batch = ids[start..<min(start + 32, ids.count)].map { ids in
        CaptureRequest(ids: ids, positions: ids.indices.filter { !($0 == 0 && ids[0] == beginning) })
      }
      let states = try model.capture(batch, options: options)
      meter.add(StateBatch(states: states, positions: batch.flatMap(\.positions)))
      if start == 0, let first = batch.first?.positions.count, first > 0 {
        let way = try PrincipalComponents(of: Matrix.vertical(states.map { $0.rows(first - 1..<first) }))
        (path, explained) = (way.coordinates, way.explained)
      }
    }
    let found = meter.result()
    (score, distance) = (found.score, found.distance)
    let words = try texts.compactMap { text in
      try LastWord(of: text, window: model.configuration.context) { try tokenizer.encode($0) }
    }
    guard !words.isEmpty else { return }
    let scores = LastWordScores(try model.scoreDepths(words.map(\.text), options: options))
    accuracy = scores.correct.map { Double($0) / Double(words.count) }
    perplexity = scores.meanLoss.map { finite(exp($0)) }
  }
}
