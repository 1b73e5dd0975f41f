import Tensors

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
  let scratchBytes: Int

  /// The fewest tokens that go through the blocks together, however little memory: converting weights costs as much.
  private static let leastTokens = 4096

  /// Checks every request and groups them.
  ///
  /// - Throws: `ModelError` with code `input`.
  init(_ model: Model, _ requests: [CaptureRequest], memory: Int) throws(ModelError) {
    let c = model.configuration
    scratchBytes = min(memory / 4, 256 << 20)
    let perToken = c.width * MemoryLayout<Float>.stride
    let limit = max(CapturePlan.leastTokens, (memory - scratchBytes) / perToken)
    var firstRow = 0
    var group = Group(requests: [], numbers: [], tokens: [], firstRow: 0)
    var count = 0
    for (index, request) in requests.enumerated() {
      try CapturePlan.check(model, request, index)
      guard let last = request.positions.max() else { continue }
      // Under a causal mask nothing after the last wanted position can reach it.
      let tokens = c.isBidirectional ? request.ids : Array(request.ids[...last])
      if count + tokens.count > limit, count > 0 {
        groups.append(group)
        group = Group(requests: [], numbers: [], tokens: [], firstRow: firstRow)
        count = 0
      }
      group.requests.append(request)
      group.numbers.append(index)
      group.tokens.append(tokens)
      count += tokens.count
      firstRow += request.positions.count
    }
    if count > 0 { groups.append(group) }
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
