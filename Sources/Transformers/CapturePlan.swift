/// How the texts of a capture are cut and grouped so that they fit in memory.
struct CapturePlan {
  /// Texts that pass the blocks together.
  struct Group {
    var requests: [CaptureRequest]
    /// The number of each request among all of them.
    var numbers: [Int]
    /// What is run of each text.
    var tokens: [[Int]]
    /// The row of the result where this group's begin.
    var firstRow: Int

    var lengths: [Int] { tokens.map(\.count) }
    var tokenCount: Int { tokens.reduce(0) { $0 + $1.count } }

    /// The rows of the stream that are wanted, in the order of the result.
    func rows(in texts: [Range<Int>]) -> [Int] {
      zip(requests, texts).flatMap { request, text in request.positions.map { text.lowerBound + $0 } }
    }
  }

  private(set) var groups: [Group] = []

  /// The fewest tokens that go through the blocks together, however little memory: converting weights costs as much.
  private static let leastTokens = 4096

  /// Checks every request and groups them.
  ///
  /// - Throws: `ModelError` with code `input`.
  init(_ model: Model, _ requests: [CaptureRequest], memory: Int) throws(ModelError) {
    let c = model.configuration
    let scratch = ModelRun.chunkRows * (BlockScratch.elementsPerRow(c) + c.ffnInWidth)
    let limit = max(CapturePlan.leastTokens, memory / (c.width * MemoryLayout<Float>.stride) - scratch / c.width)
    var wanted: [(number: Int, tokens: [Int])] = []
    for (index, request) in requests.enumerated() {
      try CapturePlan.check(model, request, index)
      guard let last = request.positions.max() else { continue }
      // Under a causal mask nothing after the last wanted position can reach it.
      wanted.append((index, c.isBidirectional ? request.ids : Array(request.ids[...last])))
    }
    var firstRow = 0
    // A group ends where a chunk does: how much memory there is must not change which rows share a product.
    for chunk in ModelRun.chunks(lengths: wanted.map(\.tokens.count)) {
      let tokens = wanted[chunk].reduce(0) { $0 + $1.tokens.count }
      if groups.isEmpty || groups[groups.count - 1].tokenCount + tokens > limit {
        groups.append(Group(requests: [], numbers: [], tokens: [], firstRow: firstRow))
      }
      for (number, tokens) in wanted[chunk] {
        groups[groups.count - 1].requests.append(requests[number])
        groups[groups.count - 1].numbers.append(number)
        groups[groups.count - 1].tokens.append(tokens)
        firstRow += requests[number].positions.count
      }
    }
  }

  private static func check(_ model: Model, _ request: CaptureRequest, _ index: Int) throws(ModelError) {
    try model.check(request.ids, name: "text \(index)")
    for position in request.positions where !request.ids.indices.contains(position) {
      throw .run(
        .input, model.directory, "text \(index) has \(request.ids.count) tokens, position \(position) was asked for")
    }
  }
}

/// Counts finished blocks and estimates the time left from the tokens they carried.
struct ProgressMeter {
  private let start = ContinuousClock.now
  private let blocks: Int
  private let total: Int
  private var done = 0
  private var blocksDone = 0
  private let blocksTotal: Int
  private var skipped = 0

  init(plan: CapturePlan, blocks: Int) {
    self.blocks = blocks
    total = plan.groups.reduce(0) { $0 + $1.tokenCount } * blocks
    blocksTotal = plan.groups.count * blocks
  }

  /// Notes blocks that a journal made unnecessary.
  mutating func skip(_ group: CapturePlan.Group, blocks: Int) {
    skipped += group.tokenCount * blocks
    blocksDone += blocks
  }

  mutating func advance(_ group: CapturePlan.Group) {
    done += group.tokenCount
    blocksDone += 1
  }

  var current: CaptureProgress {
    let elapsed = ContinuousClock.now - start
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    let left = total - skipped - done
    return CaptureProgress(
      blocksDone: blocksDone, blocks: blocksTotal, secondsLeft: done == 0 ? nil : seconds * Double(left) / Double(done))
  }
}
