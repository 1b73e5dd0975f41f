import Transformers

/// Runs texts with parts of the model replaced, and reads one position of each at the end.
///
/// Texts go through in batches, so that the states of all their positions need not be in memory together.
public struct ReplacedRun {
  private let model: Model
  private let texts: [[Int]]
  private let positions: [Int]
  private let batches: [Range<Int>]

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - texts: the tokens of each text.
  ///   - positions: the position of each text that is read.
  ///   - memory: about how many bytes the states of one batch may take.
  public init(_ model: Model, texts: [[Int]], positions: [Int], memory: Int) {
    precondition(texts.count == positions.count, "a position for each text")
    (self.model, self.texts, self.positions) = (model, texts, positions)
    let lengths = texts.map(\.count)
    batches = ModelRun.batches(lengths: lengths, limit: max(1, memory / (16 * model.configuration.width))) { chunk in
      lengths[chunk].reduce(0, +)
    }
  }

  /// What the lens `id` says at h_L with taps in the blocks from each level on: blocks 0..l-1 exact, the others tapped.
  ///
  /// - Parameters:
  ///   - kinds: the taps of each kind of replacement.
  ///   - progress: called with the batches done and all batches.
  /// - Returns: the top token of each sample, `[kinds][L][n]`; nil where its state overflowed.
  /// - Throws: what a run, a tap or the head throws.
  public func tops(
    from kinds: [[Tap]], progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> [[[Int?]]] {
    let blocks = model.configuration.blocks
    var tops = kinds.map { _ in Array(repeating: [Int?](), count: blocks) }
    for (done, batch) in batches.enumerated() {
      let exact = try ModelRun(model, Array(texts[batch]))
      let lengths = texts[batch].map(\.count)
      for level in 0..<blocks {
        let states = try exact.allStates()
        for (kind, taps) in kinds.enumerated() {
          let run = try ModelRun(model, states: states, lengths: lengths, level: level)
          tops[kind][level] += try top(run, taps, batch)
        }
        if level + 1 < blocks { try exact.advance() }
      }
      progress(done + 1, batches.count)
    }
    return tops
  }

  /// What the model says with taps in every block, `[n]`; nil where a state overflowed.
  public func top(_ taps: [Tap]) throws -> [Int?] {
    try batches.flatMap { batch in try top(try ModelRun(model, Array(texts[batch])), taps, batch) }
  }

  private func top(_ run: ModelRun, _ taps: [Tap], _ batch: Range<Int>) throws -> [Int?] {
    try run.advance(to: model.configuration.blocks, taps: taps)
    let rows = batch.map { run.row(text: $0 - batch.lowerBound, position: positions[$0]) }
    // What a map stands in for may have kept the stream from growing without bound.
    let finite = try rows.map { row in try Self.isFinite(run, row) }
    let states = try run.states(at: zip(rows, finite).filter(\.1).map(\.0))
    var tokens = try LensReading.read(states, through: model).top.makeIterator()
    return finite.map { $0 ? tokens.next() : nil }
  }

  private static func isFinite(_ run: ModelRun, _ row: Int) throws -> Bool {
    do throws(ModelError) { _ = try run.states(at: [row]) } catch {
      guard error.code == .notFinite else { throw error }
      return false
    }
    return true
  }
}
