import Tensors

/// One change of a trunk: the activations of a block's feed-forward network at the position, times a factor.
public struct Fork: Hashable, Sendable {
  /// The block.
  public var block: Int
  /// What the activations there are multiplied by; 1 changes nothing.
  public var scale: Float
  /// How much its gradient counts in the sum over the forks of its block.
  public var weight: Double

  /// A fork of a block.
  public init(block: Int, scale: Float, weight: Double) {
    (self.block, self.scale, self.weight) = (block, scale, weight)
  }
}

/// What forks come to.
public struct ForkOutcome: Sendable {
  /// The probability of the token asked for, one for each fork.
  public var probabilities: [Double]
  /// Σ weight · dP/dw over the forks of each block, w the block's activations at the position, [d_ff]; of blocks with forks.
  public var gradients: [Int: [Float]]
}

/// Runs texts on from behind their feed-forward networks, many changes at once, and back again.
///
/// Of a decoder only the last position runs, over the keys and values of the trunk; of a model whose positions see later
/// ones all do that a change reaches and that reach the prediction (`EncoderForkTape`). Changes of all blocks climb
/// together, each from its own block on, so that a block's weights are read once for all of them. Memory is taken once and
/// used again. Not to be shared between threads.
public final class ForkRunner {
  /// The weights, which must not change: what was laid out of them for one text serves the next.
  public let parameters: ParameterList

  private var tapes: [BlockTape<Float>] = []
  private let encoders: EncoderForks
  private var room = 0
  private var sizes: BlockSizes { BlockSizes(configuration) }
  private var configuration: ModelConfiguration { parameters.model.configuration }

  /// Bytes of intermediate results that one batch of forks may take; a single fork may take more.
  static let batchBytes = 256 << 20

  /// A runner with weights of its own or an engine's.
  public init(_ parameters: ParameterList) {
    self.parameters = parameters
    encoders = EncoderForks(parameters)
  }

  /// Runs a text to fork from.
  ///
  /// - Throws: `ModelError` for a text that cannot be run.
  public func trunk(_ ids: [Int], position: Int) throws -> ForkTrunk {
    try encoders.trunk(ids, position: position) ?? ForkTrunk(parameters, ids: ids, position: position)
  }

  /// The probability of a token at the position of a trunk as it is.
  ///
  /// - Throws: `ModelError` with code `noHead`, or `input` for a token outside the vocabulary.
  public func probability(of token: Int, _ trunk: ForkTrunk) throws -> Double {
    try parameters.gradient(of: .probability(tokens: [token]), at: trunk.lastState).values[0]
  }

  /// Runs forks of a trunk and goes back to the activations they change.
  ///
  /// - Parameters:
  ///   - token: Whose probability is read at the position.
  ///   - forks: The changes, in the order of their blocks.
  /// - Throws: `ModelError`: `noHead`, `input` for a token outside the vocabulary, `notFinite`.
  public func run(_ forks: [Fork], of trunk: ForkTrunk, token: Int) throws -> ForkOutcome {
    var outcome = ForkOutcome(probabilities: [], gradients: [:])
    if forks.isEmpty { return outcome }
    for batch in batches(forks, trunk) {
      let (values, gradients) = try run(batch: Array(forks[batch]), trunk, token)
      outcome.probabilities += values
      for (block, gradient) in gradients {
        outcome.gradients[block] = outcome.gradients[block].map { zip($0, gradient).map { $0 + $1 } } ?? gradient
      }
    }
    return outcome
  }

  /// Cuts the forks where what they take together passes the limit; the sizes of model and text alone decide.
  private func batches(_ forks: [Fork], _ trunk: ForkTrunk) -> [Range<Int>] {
    let row = ReverseRun.tapeBytes(configuration, rows: trunk.rowsPerFork)
    var (batches, spent) = ([0..<0], 0)
    for (place, fork) in forks.enumerated() {
      precondition(place == 0 || forks[place - 1].block <= fork.block, "forks out of order")
      let cost = row * (configuration.blocks - fork.block - 1)
      if spent + cost > Self.batchBytes, !batches[batches.count - 1].isEmpty {
        batches.append(place..<place)
        spent = 0
      }
      batches[batches.count - 1] = batches[batches.count - 1].lowerBound..<place + 1
      spent += cost
    }
    return batches
  }

  private func run(
    batch forks: [Fork], _ trunk: ForkTrunk, _ token: Int
  ) throws -> ([Double], [Int: [Float]]) {
    let (perFork, d) = (trunk.rowsPerFork, configuration.width)
    let isEncoder = trunk.projections != nil
    if !isEncoder { makeRoom(rows: forks.count * perFork) }
    let joints = ForkJoints(forks, trunk, parameters, panels: isEncoder ? encoders.kept : { _ in nil })
    let h = NumberBuffer<Float>(count: forks.count * perFork * d)
    let places = isEncoder ? encoders.deal(forks.map { $0.block + 1 }, length: perFork) : Array(forks.indices)
    for fork in forks.indices { joints.write(fork, to: h.pointer + places[fork] * perFork * d) }
    let levels = forks[0].block + 1..<configuration.blocks
    if isEncoder {
      encoders.forward(h.pointer, of: trunk)
    } else {
      for level in levels {
        let running = forks.prefix { $0.block < level }.count
        try tapes[level].forward(h.pointer, taped(level, trunk), texts: texts(running, trunk), to: h.pointer)
      }
    }
    // From here on `h` holds gradients.
    let values = try beginReturn(h, forks, places, trunk, token)
    if isEncoder {
      encoders.backward(h.pointer, length: perFork)
    } else {
      for level in levels.reversed() { try tapes[level].backward(h.pointer, .init(taped(level, trunk))) }
    }
    for fork in forks.indices.reversed() {
      joints.take(fork, h.pointer + (places[fork] * perFork + trunk.rowOfFork) * d)
    }
    return (values, joints.gradients())
  }

  /// Replaces the last states by the gradient of the token's probability; the probabilities.
  private func beginReturn(
    _ h: NumberBuffer<Float>, _ forks: [Fork], _ places: [Int], _ trunk: ForkTrunk, _ token: Int
  ) throws -> [Double] {
    let d = configuration.width
    let rows = places.map { h.pointer + ($0 * trunk.rowsPerFork + trunk.rowOfFork) * d }
    let states = Matrix(rows: forks.count, columns: d) { target in
      for fork in forks.indices { (target + fork * d).initialize(from: rows[fork], count: d) }
    }
    let head = try parameters.gradient(
      of: .probability(tokens: Array(repeating: token, count: forks.count)), at: states, weights: forks.map(\.weight))
    h.clear()
    head.states.withUnsafePointer { source in
      for fork in forks.indices { rows[fork].update(from: source + fork * d, count: d) }
    }
    return head.values
  }

  private func makeRoom(rows: Int) {
    guard rows > room else { return }
    room = rows
    tapes = configuration.plans.map { _ in BlockTape<Float>(sizes, rows: rows) }
  }

  private func taped(_ block: Int, _ trunk: ForkTrunk) -> TapedBlock<Float> {
    let plan = configuration.plans[block]
    var taped = TapedBlock<Float>(
      plan: plan, weights: parameters.layout.block(block, in: parameters.base),
      rotation: plan.attention.rotary.flatMap { trunk.rotary[$0] })
    taped.past = trunk.past.map {
      PastAttention(taped.attention(sizes), keys: $0[block].keys, values: $0[block].values)
    }
    return taped
  }

  private func texts(_ forks: Int, _ trunk: ForkTrunk) -> [Range<Int>] {
    let count = trunk.rowsPerFork
    return (0..<forks).map { $0 * count..<($0 + 1) * count }
  }
}

extension ForkTrunk {
  /// Positions that a change reaches.
  var rowsPerFork: Int { past == nil ? ids.count : 1 }
  /// Which of these is the position itself.
  var rowOfFork: Int { past == nil ? position : 0 }
}

extension BlockSizes {
  /// The sizes of a model's blocks.
  init(_ c: ModelConfiguration) {
    self.init(
      width: c.width, heads: c.heads, kvHeads: c.kvHeads, headWidth: c.headWidth, ffnWidth: c.ffnWidth,
      isGated: c.isGated)
  }
}
