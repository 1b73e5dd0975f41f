import Tensors

/// A text run once through all blocks, with what is needed to run it on from behind any of its feed-forward networks.
///
/// T positions, of which one is looked at: in a model whose positions see no later ones it is the last.
public struct ForkTrunk {
  /// The tokens.
  public let ids: [Int]
  /// The position whose activations change and whose prediction is read.
  public let position: Int
  /// After the activation (the product where the network is gated) at the position, block by block, [d_ff] each.
  public let activations: [[Float]]

  /// h_0 … h_L of every position, [T, d] each.
  let states: [Matrix]
  /// What the feed-forward network's output joins at the position, block by block, [d] each.
  let streams: [[Float]]
  /// Keys and values of the positions before, block by block; nil in a model whose positions see later ones.
  let past: [(keys: [Float], values: [Float])]?
  /// Queries, keys and values of every position side by side, block by block, for `EncoderForkTape`; nil where that does not
  /// serve.
  let projections: [[Float]]?
  let rotary: [RotaryPlan: Rotation<Float>]

  /// h_L at the position, [1, d], before the final norm.
  public var lastState: Matrix {
    Matrix(rows: 1, columns: states[0].columns, values: states[states.count - 1].row(position))
  }

  /// A trunk that was run block by block as its forks are.
  init(_ ids: [Int], position: Int, _ states: [Matrix], _ notes: [EncoderForkTape.TrunkNote]) {
    (self.ids, self.position, self.states) = (ids, position, states)
    activations = notes.map(\.activations)
    streams = notes.map(\.stream)
    projections = notes.map(\.projections)
    (past, rotary) = (nil, [:])
  }

  /// Runs a text.
  ///
  /// - Parameters:
  ///   - parameters: The weights.
  ///   - ids: The tokens, special ones included.
  ///   - position: Which of them; the last one where positions see no later ones, since nothing after it could matter.
  /// - Throws: `ModelError` for a text that cannot be run.
  init(_ parameters: ParameterList, ids: [Int], position: Int) throws {
    let c = parameters.model.configuration
    precondition(ids.indices.contains(position), "no position \(position) in a text of \(ids.count)")
    precondition(c.isBidirectional || position == ids.count - 1, "a fork of a decoder's text is at its last position")
    let isShort = EncoderForkTape.serves(c, length: ids.count)
    let notes = TrunkNotes(c, position: position, keepsQueries: isShort)
    let run = try ReverseRun(parameters, texts: [ids], taps: notes.taps)
    (self.ids, self.position) = (ids, position)
    states = (0...c.blocks).map { run.state($0) }
    activations = notes.activations.map { $0.row(0) }
    streams = zip(notes.streams, states).map { seen, entering in
      // A parallel block's networks join the stream together: here attention has done so already.
      seen.isBranch ? zip(entering.row(position), seen.row.row(0)).map { $0 + $1 } : seen.row.row(0)
    }
    past =
      c.isBidirectional
      ? nil
      : zip(notes.keys, notes.values).map { keys, values in
        (Array(keys.values.dropLast(keys.columns)), Array(values.values.dropLast(values.columns)))
      }
    projections = isShort ? notes.projections : nil
    rotary = run.rotary
  }
}

/// What taps bring of the run of a trunk.
private final class TrunkNotes {
  private(set) var activations: [Matrix]
  private(set) var streams: [(row: Matrix, isBranch: Bool)]
  private(set) var queries: [Matrix]
  private(set) var keys: [Matrix]
  private(set) var values: [Matrix]
  private(set) var taps: [Tap] = []

  /// Queries, keys and values side by side.
  var projections: [[Float]] {
    queries.indices.map { block in
      (0..<queries[block].rows).flatMap { queries[block].row($0) + keys[block].row($0) + values[block].row($0) }
    }
  }

  init(_ c: ModelConfiguration, position: Int, keepsQueries: Bool) {
    activations = Array(repeating: Matrix(rows: 1, columns: c.ffnWidth), count: c.blocks)
    streams = c.plans.map { (Matrix(rows: 1, columns: c.width), $0.residual == .parallel) }
    keys = Array(repeating: Matrix(rows: 0, columns: c.keyWidth), count: c.blocks)
    (values, queries) = (keys, keys)
    let own = Tap.Positions.at([position])
    taps = [
      .read(.ffnActivation, positions: own) { [unowned self] in activations[$0.block] = $1 },
      .read(.residualMid, positions: own) { [unowned self] in streams[$0.block].row = $1 },
      .read(
        .attentionOut, blocks: Set(c.plans.indices.filter { c.plans[$0].residual == .parallel }), positions: own
      ) { [unowned self] in streams[$0.block].row = $1 },
    ]
    if keepsQueries { taps.append(.read(.queries) { [unowned self] in queries[$0.block] = $1 }) }
    guard !c.isBidirectional || keepsQueries else { return }
    taps += [
      .read(.keys) { [unowned self] in keys[$0.block] = $1 },
      .read(.values) { [unowned self] in values[$0.block] = $1 },
    ]
  }
}
