import Tensors

/// A run of some texts through the blocks: all texts pass one block before the next block is loaded.
///
/// It starts from tokens or from saved states at any block, goes up block by block, and shows what it computes to taps.
/// Rows are positions: those of the first text, then those of the second, and so on. Not to be shared between threads.
public final class ModelRun {
  /// The model.
  public let model: Model
  /// The rows of each text.
  public let texts: [Range<Int>]
  /// l: the states are h_l.
  public private(set) var level: Int

  /// The numbers of the texts for taps, where a capture runs them group by group; nil to count them from 0.
  var numbers: [Int]?
  /// Whether the model may keep converted weights.
  var keepsWeights = true
  /// h [rows, d].
  let states: FloatBuffer

  private let cache: KeyValueCache?
  private let extends: Bool
  private let firstPosition: Int
  private let chunks: [Range<Int>]
  private var scratch: BlockScratch
  private let rotary: RotaryTables
  private var configuration: ModelConfiguration { model.configuration }

  /// Starts from tokens.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - ids: The tokens of each text, special tokens included.
  ///   - cache: What the texts continue; nil where they begin at position 0. One text extends it when the run is done
  ///     (`truncate` takes that back); several share it, each for itself, and leave it as it is.
  /// - Throws: `ModelError`: code `input` for texts that cannot be run, `notFinite`; `unsupported` for a cache of a model
  ///   that sees later positions.
  public convenience init(
    _ model: Model, _ ids: [[Int]], after cache: KeyValueCache? = nil
  ) throws(ModelError) {
    for (index, text) in ids.enumerated() {
      try model.check(text, after: cache?.length ?? 0, name: ids.count == 1 ? "the text" : "text \(index)")
    }
    self.init(
      model, lengths: ids.map(\.count), level: 0, after: cache, extends: ids.count == 1)
    try embed(ids)
  }

  /// Starts from saved states.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - states: [rows, d]: h_`level` of every position of every text.
  ///   - lengths: Positions of each text, in the order of the rows, none 0.
  ///   - level: The first block that is run.
  ///   - cache: What the texts continue, as for tokens; only its blocks from `level` on are read. It is left as it is.
  /// - Throws: `ModelError` with code `input` for texts longer than the context.
  public convenience init(
    _ model: Model, states: Matrix, lengths: [Int], level: Int, after cache: KeyValueCache? = nil
  ) throws(ModelError) {
    model.check(states)
    precondition(level >= 0 && level <= model.configuration.blocks, "no h_\(level)")
    precondition(lengths.reduce(0, +) == states.rows && lengths.allSatisfy { $0 > 0 }, "lengths do not add up")
    for length in lengths { try model.checkContext((cache?.length ?? 0) + length, name: "a text") }
    self.init(model, lengths: lengths, level: level, after: cache, extends: false)
    set(states, level: level)
  }

  /// Makes room for texts of these lengths.
  init(
    _ model: Model, lengths: [Int], level: Int = 0, after cache: KeyValueCache? = nil, extends: Bool = false
  ) {
    precondition(cache == nil || cache?.model === model, "the cache is another model's")
    self.model = model
    self.level = level
    self.cache = cache
    self.extends = extends && cache != nil
    firstPosition = cache?.length ?? 0
    let c = model.configuration
    var texts: [Range<Int>] = []
    for length in lengths {
      let start = texts.last?.upperBound ?? 0
      texts.append(start..<start + length)
    }
    self.texts = texts
    states = FloatBuffer(count: (texts.last?.upperBound ?? 0) * c.width)
    chunks = ModelRun.chunks(lengths: lengths)
    let largest = chunks.map { texts[$0.upperBound - 1].upperBound - texts[$0.lowerBound].lowerBound }.max() ?? 0
    scratch = BlockScratch(c, rows: largest, ffnRows: ModelRun.chunkRows)
    rotary = model.rotaryTables(reaching: firstPosition + (lengths.max() ?? 0))
    if self.extends { cache?.reserve(firstPosition + (lengths.first ?? 0)) }
  }

  /// Positions that pass a block together.
  ///
  /// It follows from nothing that a caller chooses: which rows share a product
  /// decides how BLAS rounds them, and neither memory nor what else is asked for may change a state. A whole number of
  /// tiles, so that later parts of a long text begin where a tile does.
  static let chunkRows = 84 * Products.tileRows

  /// Groups whole texts, in their order, into chunks of at most `chunkRows` positions, or one text where that alone has
  /// more.
  ///
  /// Texts that are run in parts round as they do together only where each part begins with a chunk of the whole.
  ///
  /// - Parameter lengths: Positions of each text.
  /// - Returns: The texts of each chunk.
  public static func chunks(lengths: [Int]) -> [Range<Int>] {
    var chunks: [Range<Int>] = []
    var (first, rows) = (0, 0)
    for (index, length) in lengths.enumerated() {
      if rows + length > chunkRows, index > first {
        chunks.append(first..<index)
        (first, rows) = (index, 0)
      }
      rows += length
    }
    if first < lengths.count { chunks.append(first..<lengths.count) }
    return chunks
  }

  /// Groups whole chunks, in their order, into batches: each takes chunks until what they cost reaches a limit.
  ///
  /// A batch ends where a chunk of the run does, so that the limit changes no bit of a state.
  ///
  /// - Parameters:
  ///   - lengths: Positions of each text.
  ///   - limit: What a batch may cost, but for its last chunk.
  ///   - cost: What a chunk costs, in any unit.
  /// - Returns: The texts of each batch.
  public static func batches(lengths: [Int], limit: Int, cost: (Range<Int>) -> Int) -> [Range<Int>] {
    batches(of: chunks(lengths: lengths), limit: limit, cost: cost)
  }

  /// The same of chunks that are known.
  public static func batches(of chunks: [Range<Int>], limit: Int, cost: (Range<Int>) -> Int) -> [Range<Int>] {
    var batches: [Range<Int>] = []
    var spent = limit
    for chunk in chunks {
      if spent >= limit {
        batches.append(chunk)
        spent = 0
      } else {
        batches[batches.count - 1] = batches[batches.count - 1].lowerBound..<chunk.upperBound
      }
      spent += cost(chunk)
    }
    return batches
  }

  /// Fills the stream with h_0 of these texts.
  func embed(_ ids: [[Int]]) throws(ModelError) {
    try Embedding(model).apply(ids, texts: texts, firstPosition: firstPosition, to: states.pointer)
    level = 0
  }

  /// Fills the stream with states h_`level` of all positions.
  func set(_ values: Matrix, level: Int) {
    precondition(values.rows * values.columns == states.count, "states of another shape")
    values.withUnsafePointer { states.pointer.update(from: $0, count: states.count) }
    self.level = level
  }

  private func past(_ block: Int) -> PastKeys? {
    cache?.past(block, count: firstPosition, growingBy: extends ? texts[0].count : nil)
  }
}

extension ModelRun {
  /// Passes every text through the next block.
  ///
  /// - Parameter isCancelled: Asked before every chunk of texts.
  /// - Returns: False when it was cancelled; the run is then of no more use.
  @discardableResult
  func advance(isCancelled: () -> Bool) throws(ModelError) -> Bool {
    do { return try advance(taps: [], isCancelled: isCancelled) } catch {
      if let error = error as? ModelError { throw error }
      preconditionFailure("without taps only the model throws, not \(error)")
    }
  }

  /// Passes every text through the next block.
  public func advance() throws(ModelError) { try advance { false } }

  /// Passes every text through the next block, with taps.
  ///
  /// - Throws: `ModelError`, with code `unsupported` for a site or part that the block does not have; or what a tap throws.
  ///   The run is then of no more use.
  public func advance(taps: [Tap]) throws { _ = try advance(taps: taps, isCancelled: { false }) }

  /// Passes every text through all blocks below a level, with taps.
  ///
  /// - Parameters:
  ///   - level: The states are h_`level` afterwards; not below the present one.
  ///   - taps: What looks into the blocks.
  /// - Throws: As `advance(taps:)`.
  public func advance(to level: Int, taps: [Tap] = []) throws {
    precondition(level >= self.level && level <= configuration.blocks, "cannot go from h_\(self.level) to h_\(level)")
    while self.level < level { try advance(taps: taps) }
  }

  @discardableResult
  func advance(taps: [Tap], isCancelled: () -> Bool) throws -> Bool {
    if isCancelled() { return false }
    precondition(level < configuration.blocks, "no block \(level)")
    let plan = configuration.plans[level]
    try model.check(taps, block: level)
    let everything = blockTaps(taps, 0..<texts.count)
    if everything.replacements(of: .block).first?.positions == .all {
      try replaceBlock(everything)
    } else {
      let weights = try model.weights(block: level, keeps: keepsWeights)
      if !taps.isEmpty { scratch.makeRoomForTaps() }
      for chunk in chunks {
        if isCancelled() { return false }
        let seen = blockTaps(taps, chunk)
        let runner = BlockRunner(
          configuration: configuration, plan: plan, weights: weights, rotary: rotary[plan], scratch: scratch,
          past: past(level), taps: seen)
        try runner.run(states.pointer + texts[chunk.lowerBound].lowerBound * configuration.width, texts: seen.texts)
      }
    }
    try finishBlock()
    return true
  }

  /// Goes past the next block without running it: only its keys and values are computed, from the states as they are.
  ///
  /// That is how a position that left early still serves later ones in a block it skipped (CALM's state propagation).
  ///
  /// - Throws: `ModelError`.
  public func advanceKeysOnly() throws(ModelError) {
    precondition(level < configuration.blocks && extends, "keys are kept by a run that extends a cache")
    let plan = configuration.plans[level]
    let weights = try model.weights(block: level, keeps: keepsWeights)
    let runner = BlockRunner(
      configuration: configuration, plan: plan, weights: weights, rotary: rotary[plan],
      scratch: scratch, past: past(level), taps: blockTaps([], chunks[0]))
    runner.projectOnly(states.pointer, texts: texts)
    try finishBlock()
  }

  /// The taps of the next block over some of the texts; rows count from the first of these.
  private func blockTaps(_ taps: [Tap], _ chunk: Range<Int>) -> BlockTaps {
    let start = chunk.isEmpty ? 0 : texts[chunk.lowerBound].lowerBound
    return BlockTaps(
      taps, block: level, texts: texts[chunk].map { $0.lowerBound - start..<$0.upperBound - start },
      numbers: numbers.map { Array($0[chunk]) } ?? Array(chunk), firstPosition: firstPosition)
  }

  /// Lets something else stand in for the next block; its weights are not needed.
  private func replaceBlock(_ taps: BlockTaps) throws {
    let (d, rows) = (configuration.width, 0..<(texts.last?.upperBound ?? 0))
    try taps.visit(.residualIn, states.pointer, stride: d, columns: d, rows: rows)
    let replacement = Replacement(of: .block, taps, input: states.pointer, rows: rows, width: d)
    try replacement.apply(to: states.pointer)
    try taps.visit(.residualOut, states.pointer, stride: d, columns: d, rows: rows)
  }

  /// Goes up a level, through the linear layer where a shortened checkpoint has one here.
  private func finishBlock() throws(ModelError) {
    level += 1
    if level == configuration.streamMap?.level {
      try model.streamMap()?.apply(inPlace: states.pointer, count: texts.last?.upperBound ?? 0)
    }
    if extends, level == configuration.blocks { cache?.extend(by: texts[0].count) }
  }
}
