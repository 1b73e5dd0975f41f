import Tensors

/// A run of texts that keeps its states, to go back through: reverse mode by recomputation, block by block.
///
/// Memory is the states of all levels and the intermediate results of one block, or of as many upper blocks as
/// `keeping` leaves room for, which then need not be computed again. Texts are taken in chunks that follow from their
/// lengths alone, and every sum has one order: the number of threads changes no bit.
public final class ReverseRun {
  /// The weights it runs with; they may be changed between runs, not between a run and its way back.
  public let parameters: ParameterList
  /// The rows of each text.
  public let texts: [Range<Int>]
  /// The levels of the states: h_first … h_last.
  public let levels: ClosedRange<Int>

  let taps: [Tap]
  let ids: [Int]?
  let places: [Int]
  let chunks: [Range<Int>]
  let rotary: [RotaryPlan: Rotation<Float>]
  var states: [NumberBuffer<Float>] = []
  var tapes: [TapeKey: BlockTape<Float>] = [:]
  let tapeRows: Int
  var keptTapes: Int

  /// Which block and chunk a tape holds.
  struct TapeKey: Hashable {
    var block: Int
    var chunk: Int
  }

  /// Runs texts from their tokens.
  ///
  /// - Parameters:
  ///   - parameters: The weights.
  ///   - ids: The tokens of each text.
  ///   - last: The level to stop at; nil for h_L.
  ///   - taps: What looks at activations on the way or changes them, at any site. The way back takes a change for the
  ///     adding of a constant; where it is another function, a tap there multiplies by its slope.
  ///   - keeping: Bytes of intermediate results that may be kept for the way back.
  /// - Throws: `ModelError`, or what a tap throws.
  public init(
    _ parameters: ParameterList, texts ids: [[Int]], through last: Int? = nil, taps: [Tap] = [], keeping: Int = 0
  ) throws {
    let model = parameters.model
    for (index, text) in ids.enumerated() { try model.check(text, name: "text \(index)") }
    (self.parameters, self.taps, self.ids) = (parameters, taps, ids.flatMap { $0 })
    places = ids.flatMap { model.configuration.embedding.places($0) }
    levels = 0...(last ?? model.configuration.blocks)
    (texts, chunks, tapeRows) = Self.rows(ids.map(\.count))
    rotary = Self.rotations(model, longest: ids.map(\.count).max() ?? 0)
    keptTapes = keeping / Self.tapeBytes(model.configuration, rows: tapeRows)
    try refuseTaps(taps)
    states = [embedded(normed: true)]
    try run()
  }

  /// Runs texts from states of any level.
  ///
  /// - Parameters:
  ///   - parameters: The weights.
  ///   - values: h_`level` of every position of every text, [rows, d].
  ///   - lengths: Positions of each text.
  ///   - last: The level to stop at; nil for h_L.
  ///   - taps: As above.
  ///   - keeping: As above.
  /// - Throws: `ModelError`, or what a tap throws.
  public init(
    _ parameters: ParameterList, states values: Matrix, at level: Int, lengths: [Int], through last: Int? = nil,
    taps: [Tap] = [], keeping: Int = 0
  ) throws {
    let c = parameters.model.configuration
    parameters.model.check(values)
    for length in lengths { try parameters.model.checkContext(length, name: "a text") }
    precondition(values.rows == lengths.reduce(0, +), "\(values.rows) states for texts of \(lengths)")
    (self.parameters, self.taps, ids, places) = (parameters, taps, nil, [])
    levels = level...(last ?? c.blocks)
    (texts, chunks, tapeRows) = Self.rows(lengths)
    rotary = Self.rotations(parameters.model, longest: lengths.max() ?? 0)
    keptTapes = keeping / Self.tapeBytes(c, rows: tapeRows)
    try refuseTaps(taps)
    states = [NumberBuffer(values.values)]
    try run()
  }

  /// The states of a level, [rows, d], before the final norm.
  public func state(_ level: Int) -> Matrix {
    precondition(levels.contains(level), "no states h_\(level) of a run through \(levels)")
    let width = parameters.model.configuration.width
    return Matrix(rows: rows, columns: width, values: states[level - levels.lowerBound].values)
  }

  /// The row of a position of a text.
  public func row(text: Int, position: Int) -> Int {
    precondition(texts[text].count > position && position >= 0, "no position \(position) in text \(text)")
    return texts[text].lowerBound + position
  }

  /// Gradients of a level that are zero but for some rows, as `backward` wants them.
  public func spread(_ gradients: Matrix, to rows: [Int]) -> Matrix {
    var result = Matrix(rows: self.rows, columns: gradients.columns)
    for (index, row) in rows.enumerated() { result.setRow(row, gradients.row(index)) }
    return result
  }
}
