import Checkpoints
import Tensors

/// The residual stream of many texts on its way up: all texts pass one block before the next block is loaded.
final class LayerStream {
  let model: Model
  /// The rows of each text in the stream.
  let texts: [Range<Int>]
  /// h [rows, d].
  let states: FloatBuffer
  /// h_l is in `states`.
  private(set) var level = 0

  private let chunks: [Range<Int>]
  private var scratch: BlockScratch?
  private let scratchRows: (chunk: Int, ffn: Int)
  private let rotary: RotaryTables
  private var configuration: ModelConfiguration { model.configuration }

  /// Makes room for texts of these lengths.
  ///
  /// - Parameters:
  ///   - lengths: Tokens of each text, none 0.
  ///   - scratchBytes: About how much memory intermediate results may take; a single text is never split.
  init(_ model: Model, lengths: [Int], scratchBytes: Int) {
    self.model = model
    let c = model.configuration
    var texts: [Range<Int>] = []
    for length in lengths {
      let start = texts.last?.upperBound ?? 0
      texts.append(start..<start + length)
    }
    self.texts = texts
    states = FloatBuffer(count: (texts.last?.upperBound ?? 0) * c.width)
    let longest = lengths.max() ?? 0
    let perRow = MemoryLayout<Float>.stride * (BlockScratch.elementsPerRow(c) + c.ffnInWidth)
    let rows = max(256, min(2048, scratchBytes / perRow))
    chunks = LayerStream.chunks(texts, rows: rows)
    let largest = chunks.map { texts[$0.upperBound - 1].upperBound - texts[$0.lowerBound].lowerBound }.max() ?? 0
    scratchRows = (largest, rows)
    rotary = model.rotaryTables(reaching: longest)
  }

  /// Groups whole texts into chunks of at most `rows` positions, or one text where that alone has more.
  static func chunks(_ texts: [Range<Int>], rows: Int) -> [Range<Int>] {
    var chunks: [Range<Int>] = []
    var first = 0
    for index in texts.indices where index > first {
      if texts[index].upperBound - texts[first].lowerBound > rows {
        chunks.append(first..<index)
        first = index
      }
    }
    if first < texts.count { chunks.append(first..<texts.count) }
    return chunks
  }

  /// Fills the stream with h_0 of these texts.
  func embed(_ ids: [[Int]]) throws(ModelError) {
    try Embedding(model).apply(ids, texts: texts, to: states.pointer)
    level = 0
  }

  /// Fills the stream with states h_`level` of all positions.
  func set(_ values: Matrix, level: Int) {
    precondition(values.rows * values.columns == states.count, "states of another shape")
    values.withUnsafePointer { states.pointer.update(from: $0, count: states.count) }
    self.level = level
  }

  /// Passes every text through the next block.
  ///
  /// - Parameters:
  ///   - keepsWeights: Whether the model may keep the converted weights.
  ///   - isCancelled: Asked before every chunk of texts.
  /// - Returns: False when it was cancelled; the stream is then of no more use.
  @discardableResult
  func advance(keepsWeights: Bool, isCancelled: () -> Bool = { false }) throws(ModelError) -> Bool {
    do { return try advance(keepsWeights: keepsWeights, taps: [], isCancelled: isCancelled) } catch {
      if let error = error as? ModelError { throw error }
      preconditionFailure("without taps only the model throws, not \(error)")
    }
  }

  /// Passes every text through the next block, with taps.
  ///
  /// - Throws: `ModelError`, or what a tap throws.
  @discardableResult
  func advance(keepsWeights: Bool, taps: [Tap], isCancelled: () -> Bool = { false }) throws -> Bool {
    if isCancelled() { return false }
    let plan = configuration.plans[level]
    let weights = try model.weights(block: level, keeps: keepsWeights)
    let scratch = room(isTapped: !taps.isEmpty)
    for chunk in chunks {
      if isCancelled() { return false }
      let start = texts[chunk.lowerBound].lowerBound
      let rows = texts[chunk].map { $0.lowerBound - start..<$0.upperBound - start }
      let seen = BlockTaps(taps, block: level, texts: rows, firstText: chunk.lowerBound, firstPosition: 0)
      let runner = BlockRunner(
        configuration: configuration, plan: plan, weights: weights, rotary: rotary[plan], scratch: scratch, taps: seen)
      try runner.run(states.pointer + start * configuration.width, texts: rows)
    }
    level += 1
    return true
  }

  /// Memory for intermediate results, made when it is first needed.
  private func room(isTapped: Bool) -> BlockScratch {
    if let scratch, !isTapped || scratch.added.count > 0 { return scratch }
    let made = BlockScratch(configuration, rows: scratchRows.chunk, ffnRows: scratchRows.ffn, isTapped: isTapped)
    scratch = made
    return made
  }

  /// Copies the whole stream.
  func allRows() throws(ModelError) -> Matrix { try rows(at: Array(0..<(texts.last?.upperBound ?? 0))) }

  /// Copies some rows of the stream.
  ///
  /// - Throws: `ModelError` with code `notFinite`: a number that overflowed on the way up must not become a result.
  func rows(at indices: [Int]) throws(ModelError) -> Matrix {
    let d = configuration.width
    let result = Matrix(rows: indices.count, columns: d) { target in
      for (position, row) in indices.enumerated() {
        (target + position * d).initialize(from: states.pointer + row * d, count: d)
      }
    }
    let bad = result.withUnsafePointer { firstNonFinite(UnsafeBufferPointer(start: $0, count: indices.count * d)) }
    guard let bad else { return result }
    throw .run(
      .notFinite, model.directory,
      "hidden state h_\(level) is not finite at position \(position(of: indices[bad / d])), coordinate \(bad % d)")
  }

  /// A row's position within its text.
  private func position(of row: Int) -> Int { row - (texts.first { $0.contains(row) }?.lowerBound ?? 0) }
}
