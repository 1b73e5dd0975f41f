import Tensors

/// The forks of a short text on their way through an encoder's blocks, forwards and back.
///
/// They are dealt out to groups, each of which one thread takes through all blocks without waiting for another: what a
/// block's weights bring into the cache of a core serves all forks of a group. The number of threads decides how many groups
/// there are; no fork has an effect on the bits of another, whatever group it is in.
final class EncoderForks {
  private let parameters: ParameterList
  private let sizes: BlockSizes
  private var groups: [EncoderForkGroup] = []
  /// The groups that have forks of the pass.
  private var running: ArraySlice<EncoderForkGroup> = []

  /// Weights as the products read them: kept from text to text where those of all blocks together are not large.
  private var panels: [ForkPanels.Way: [Int: ForkPanels]] = [:]
  private let keepsPanels: Bool
  private let trunkTape: EncoderForkTape

  /// Bytes of weights that are laid out once and not for every text.
  private static let keptBytes = 64 << 20

  /// Forks of texts of one model, whose weights stay as they are.
  init(_ parameters: ParameterList) {
    let c = parameters.model.configuration
    (self.parameters, sizes) = (parameters, BlockSizes(c))
    keepsPanels = c.blocks * ForkPanels.bytes(sizes) * ForkPanels.Way.allCases.count <= Self.keptBytes
    trunkTape = EncoderForkTape(sizes, EncoderForkTape.Scratch())
  }

  /// Runs a text to fork from with the weights that its forks will read; nil for one that this does not serve.
  ///
  /// - Throws: `ModelError` for a text that cannot be run.
  func trunk(_ ids: [Int], position: Int) throws -> ForkTrunk? {
    guard keepsPanels, EncoderForkTape.serves(parameters.model.configuration, length: ids.count) else { return nil }
    var states = [try ReverseRun(parameters, texts: [ids], through: 0).state(0)]
    let h = NumberBuffer(states[0].values)
    var notes: [EncoderForkTape.TrunkNote] = []
    for level in 0..<blocks {
      let weights = block(level)
      notes.append(
        trunkTape.trunk(h.pointer, weights, panels(.forward, level, weights), length: ids.count, position: position))
      try parameters.model.checkFinite(UnsafeBufferPointer(start: h.pointer, count: h.count), level: level + 1)
      states.append(Matrix(rows: ids.count, columns: sizes.width, values: h.values))
    }
    return ForkTrunk(ids, position: position, states, notes)
  }

  /// Deals out the forks of a pass; where each has its states among those of all.
  ///
  /// - Parameter levels: The first block that each runs through, ascending.
  func deal(_ levels: [Int], length: Int) -> [Int] {
    // Two groups a thread, so that one that is held up does not hold up the others; none without a part of its own.
    let parts = levels.count * length / EncoderForkGroup.rows
    let count = max(1, min(Compute.threads > 1 ? 2 * Compute.threads : 1, parts))
    let members = (0..<count).map { group in Array(stride(from: group, to: levels.count, by: count)) }
    while groups.count < count { groups.append(EncoderForkGroup(sizes, blocks: blocks)) }
    running = groups[..<count]
    var places = levels
    for (place, fork) in members.joined().enumerated() { places[fork] = place }
    var first = 0
    for (group, own) in zip(running, members) {
      group.take(own.map { levels[$0] }, first: first)
      first += own.count
    }
    return places
  }

  /// Runs the forks that were dealt out from their first blocks through the last one.
  ///
  /// - Parameter h: The states that enter, [forks, length, d]; those that leave take their place.
  func forward(_ h: UnsafeMutablePointer<Float>, of trunk: ForkTrunk) {
    guard let projections = trunk.projections else { preconditionFailure("a trunk that keeps no projections") }
    let stride = trunk.ids.count * sizes.width
    run(.forward) { group, level, weights, panels in
      group.forward(level, h + group.first * stride, weights, panels, of: trunk, projections[level])
    }
  }

  /// Goes back through the blocks that were run.
  ///
  /// - Parameter h: On entry the gradients of the states that left; on return those of the states that entered each fork's
  ///   first block, at its position alone.
  func backward(_ h: UnsafeMutablePointer<Float>, length: Int) {
    let stride = length * sizes.width
    run(.backward) { group, level, weights, panels in
      group.backward(level, h + group.first * stride, weights, panels, length: length)
    }
  }

  private func run(
    _ way: ForkPanels.Way, _ step: (EncoderForkGroup, Int, TapedBlock<Float>, ForkPanels) -> Void
  ) {
    let upwards = (0..<blocks).filter { level in running.contains { $0.reaches(level) } }
    let reached = way == .forward ? upwards : upwards.reversed()
    // Weights that are not kept are there for one block at a time.
    for stage in keepsPanels ? [reached] : reached.map({ [$0] }) {
      let weights = stage.map(block)
      let laidOut = zip(stage, weights).map { panels(way, $0, $1) }
      Compute.parallelFor(count: running.count, multiplies: false) { place in
        for (index, level) in stage.enumerated() { step(running[place], level, weights[index], laidOut[index]) }
      }
    }
  }

  /// The weights of a block as forks read them on the way up; nil where they are not kept.
  func kept(_ level: Int) -> ForkPanels? { keepsPanels ? panels(.forward, level, block(level)) : nil }

  private var blocks: Int { parameters.model.configuration.blocks }

  private func block(_ level: Int) -> TapedBlock<Float> {
    TapedBlock(
      plan: parameters.model.configuration.plans[level],
      weights: parameters.layout.block(level, in: parameters.base), rotation: nil)
  }

  private func panels(_ way: ForkPanels.Way, _ level: Int, _ block: TapedBlock<Float>) -> ForkPanels {
    if let known = panels[way]?[level] { return known }
    let made = ForkPanels(way, block.weights, sizes)
    if keepsPanels { panels[way, default: [:]][level] = made }
    return made
  }
}
