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
  private let scratch: BlockScratch
  private let rotary: RotaryTable?
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
    let perRow = MemoryLayout<Float>.stride * (BlockScratch.elementsPerRow(c) + c.ffnWidth * (c.isGated ? 2 : 1))
    let rows = max(256, min(2048, scratchBytes / perRow))
    chunks = LayerStream.chunks(texts, rows: rows)
    let largest = chunks.map { texts[$0.upperBound - 1].upperBound - texts[$0.lowerBound].lowerBound }.max() ?? 0
    scratch = BlockScratch(c, rows: largest, ffnRows: rows)
    rotary = c.rotary.map { RotaryTable($0, headWidth: c.headWidth, positions: longest) }
  }

  /// Groups whole texts into chunks of at most `rows` positions, or one text where that alone has more.
  private static func chunks(_ texts: [Range<Int>], rows: Int) -> [Range<Int>] {
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
  ///   - hooks: What looks into the block or replaces parts of it; nil for the fast way through.
  ///   - isCancelled: Asked before every chunk of texts.
  /// - Returns: False when it was cancelled; the stream is then of no more use.
  @discardableResult
  func advance(
    keepsWeights: Bool, hooks: BlockHooks? = nil, isCancelled: () -> Bool = { false }
  ) throws(ModelError) -> Bool {
    if isCancelled() { return false }
    let weights = try model.weights(block: level, keeps: keepsWeights)
    let runner = BlockRunner(configuration: configuration, weights: weights, rotary: rotary, scratch: scratch)
    for chunk in chunks {
      if isCancelled() { return false }
      let start = texts[chunk.lowerBound].lowerBound
      let rows = texts[chunk].map { $0.lowerBound - start..<$0.upperBound - start }
      let h = states.pointer + start * configuration.width
      if let hooks {
        runner.run(h, texts: rows, firstRow: start, block: level, hooks: hooks)
      } else {
        runner.run(h, texts: rows)
      }
    }
    level += 1
    return true
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
