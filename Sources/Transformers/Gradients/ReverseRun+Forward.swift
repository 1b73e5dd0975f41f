import Checkpoints

extension Model {
  /// Refuses states h_`level`, [rows, d], that hold a number that is none.
  func checkFinite(_ states: UnsafeBufferPointer<Float>, level: Int) throws(ModelError) {
    guard let bad = firstNonFinite(states) else { return }
    let width = configuration.width
    throw ModelError.run(
      .notFinite, directory,
      "hidden state h_\(level) is not finite in row \(bad / width), coordinate \(bad % width)")
  }
}

extension ReverseRun {
  var rows: Int { texts.last?.upperBound ?? 0 }
  var width: Int { parameters.model.configuration.width }

  /// Rows of each text; chunks of whole texts; rows of the longest chunk.
  static func rows(_ lengths: [Int]) -> ([Range<Int>], [Range<Int>], Int) {
    var texts: [Range<Int>] = []
    for length in lengths {
      let start = texts.last?.upperBound ?? 0
      texts.append(start..<start + length)
    }
    let chunks = ModelRun.chunks(lengths: texts.map(\.count))
    let longest = chunks.map { texts[$0.upperBound - 1].upperBound - texts[$0.lowerBound].lowerBound }.max() ?? 0
    return (texts, chunks, longest)
  }

  static func rotations(_ model: Model, longest: Int) -> [RotaryPlan: Rotation<Float>] {
    var result: [RotaryPlan: Rotation<Float>] = [:]
    for case let plan? in Set(model.configuration.plans.map(\.attention.rotary)) {
      result[plan] = Rotation(plan, positions: longest)
    }
    return result
  }

  /// About how much one block's intermediate results take.
  static func tapeBytes(_ c: ModelConfiguration, rows: Int) -> Int {
    let perRow = 8 * c.width + 3 * (c.queryWidth + 2 * c.keyWidth) + c.queryWidth + c.ffnInWidth + c.ffnWidth
    return max(1, perRow * rows * MemoryLayout<Float>.stride)
  }

  var sizes: BlockSizes { BlockSizes(parameters.model.configuration) }

  /// h_0, or what its norm reads.
  func embedded(normed: Bool) -> NumberBuffer<Float> {
    let (h, embedding) = (NumberBuffer<Float>(count: rows * width), parameters.layout.embedding(in: parameters.base))
    embedding.apply(ids ?? [], places: places, to: h.pointer)
    if normed { embedding.norm?.apply(h.pointer, .init(rows: rows, stride: width), to: h.pointer) }
    return h
  }

  func run() throws {
    for block in levels.dropLast() {
      let next = NumberBuffer<Float>(count: rows * width)
      for chunk in chunks.indices { try forward(block, chunk, taps: taps, to: next.pointer + firstRow(chunk) * width) }
      try parameters.model.checkFinite(UnsafeBufferPointer(start: next.pointer, count: next.count), level: block + 1)
      states.append(next)
    }
  }

  func firstRow(_ chunk: Int) -> Int { texts[chunks[chunk].lowerBound].lowerBound }

  func chunkTexts(_ chunk: Int) -> [Range<Int>] {
    let start = firstRow(chunk)
    return texts[chunks[chunk]].map { $0.lowerBound - start..<$0.upperBound - start }
  }

  func taped(_ block: Int) -> TapedBlock<Float> {
    let plan = parameters.model.configuration.plans[block]
    return TapedBlock(
      plan: plan, weights: parameters.layout.block(block, in: parameters.base),
      rotation: plan.attention.rotary.flatMap { rotary[$0] })
  }

  /// Runs a block over a chunk of texts; the tape that holds what was kept.
  @discardableResult
  func forward(
    _ block: Int, _ chunk: Int, taps: [Tap], to output: UnsafeMutablePointer<Float>
  ) throws -> BlockTape<Float> {
    let tape = tape(block, chunk)
    let source = states[block - levels.lowerBound].pointer + firstRow(chunk) * width
    let visits = visits(taps, block, chunk)
    try tape.forward(source, taped(block), texts: chunkTexts(chunk), edit: hook(visits), to: output)
    return tape
  }

  /// A tape of its own for a block that is kept, else the one that all others share.
  func tape(_ block: Int, _ chunk: Int) -> BlockTape<Float> {
    let isKept = (levels.upperBound - 1 - block) * chunks.count + (chunks.count - 1 - chunk) < keptTapes
    let key = isKept ? TapeKey(block: block, chunk: chunk) : TapeKey(block: -1, chunk: -1)
    if let known = tapes[key] { return known }
    let made = BlockTape<Float>(sizes, rows: tapeRows)
    tapes[key] = made
    return made
  }

  func visits(_ taps: [Tap], _ block: Int, _ chunk: Int) -> BlockTaps? {
    taps.isEmpty
      ? nil
      : BlockTaps(
        taps, block: block, texts: chunkTexts(chunk), numbers: Array(chunks[chunk]), firstPosition: 0)
  }

  func hook(_ taps: BlockTaps?) -> BlockTape<Float>.Hook? {
    guard let taps else { return nil }
    let heads = sizes.heads
    return .init(at: taps.has) { seen in
      guard let text = seen.text else {
        try taps.visit(seen.site, seen.values, stride: seen.stride, columns: seen.width, rows: 0..<seen.rows)
        return
      }
      func line(_ position: Int, _ head: Int) -> UnsafeMutablePointer<Float> {
        seen.values + (position * heads + head) * seen.stride
      }
      try taps.visitPattern(
        text: text, heads: heads, keys: seen.width, read: { $2.update(from: line($0, $1), count: seen.width) },
        write: { line($0, $1).update(from: $2, count: seen.width) })
    }
  }
}
