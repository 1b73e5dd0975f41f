import Tensors

extension Model {
  /// Runs many texts together and keeps the states of the positions asked for.
  ///
  /// All texts pass one block before the next is loaded, so a model larger than memory needs one block of it at a time.
  ///
  /// - Parameters:
  ///   - requests: Texts with positions.
  ///   - options: Memory, journal, progress and cancellation.
  /// - Returns: h_0 … h_L, each [total positions, d], before the final norm; rows in the order of the requests and, within
  ///   one, of its positions.
  /// - Throws: `ModelError`: code `input` for texts and positions that cannot be run, `notFinite`, `cancelled`.
  public func capture(
    _ requests: [CaptureRequest], options: CaptureOptions = CaptureOptions()
  ) throws(ModelError) -> [Matrix] {
    let rows = requests.reduce(0) { $0 + $1.positions.count }
    let d = configuration.width
    var result = (0...configuration.blocks).map { _ in Matrix(rows: rows, columns: d) }
    try capture(requests, options: options) { (level, firstRow, part) throws(ModelError) in
      result[level].withUnsafeMutablePointer { target in
        part.withUnsafePointer { (target + firstRow * d).update(from: $0, count: part.rows * d) }
      }
    }
    return result
  }

  /// Runs many texts together and hands out the states as they come, for results that should not stay in memory.
  ///
  /// - Parameters:
  ///   - requests: Texts with positions.
  ///   - options: Memory, journal, progress and cancellation.
  ///   - sink: Gets l, the first row and rows of h_l [n, d]; together every row of every level once.
  public func capture(
    _ requests: [CaptureRequest], options: CaptureOptions,
    into sink: (_ level: Int, _ firstRow: Int, _ rows: Matrix) throws(ModelError) -> Void
  ) throws(ModelError) {
    let plan = try CapturePlan(self, requests, memory: options.memory)
    var progress = ProgressMeter(plan: plan, blocks: configuration.blocks)
    for group in plan.groups {
      let run = GroupCapture(model: self, plan: plan, group: group, options: options)
      try run.execute(&progress, into: sink)
    }
    // Only now: until the last group is done, the finished ones must not be run again after an interruption.
    for group in plan.groups {
      options.journal?.remove(key: options.journal?.key(group.requests) ?? "", levels: configuration.blocks)
    }
  }

  /// The rows of a capture's result that pass the blocks together and are handed out together; runs nothing.
  ///
  /// - Throws: `ModelError` with code `input`.
  public func captureGroups(
    _ requests: [CaptureRequest], options: CaptureOptions = CaptureOptions()
  ) throws(ModelError) -> [Range<Int>] {
    try CapturePlan(self, requests, memory: options.memory).groups.map { group in
      group.firstRow..<group.requests.reduce(group.firstRow) { $0 + $1.positions.count }
    }
  }
}

extension Model {
  /// Runs many texts together with taps, group after group where they do not fit in memory together.
  ///
  /// - Parameters:
  ///   - requests: Texts with positions. Under a causal mask a text is run up to its last position asked for; a text without
  ///     positions is not run. Taps know a text by its number here.
  ///   - options: Memory, progress and cancellation; a journal is not used.
  ///   - taps: What looks into the blocks.
  ///   - sink: Gets l, the first row and rows of h_l [n, d], as in a capture without taps.
  /// - Throws: `ModelError` as a capture without taps does; or what a tap or the sink throws.
  public func capture(
    _ requests: [CaptureRequest], options: CaptureOptions = CaptureOptions(), taps: [Tap],
    into sink: (_ level: Int, _ firstRow: Int, _ rows: Matrix) throws -> Void = { _, _, _ in }
  ) throws {
    let plan = try CapturePlan(self, requests, memory: options.memory)
    var progress = ProgressMeter(plan: plan, blocks: configuration.blocks)
    for group in plan.groups {
      let run = ModelRun(self, lengths: group.lengths)
      run.keepsWeights = false
      run.numbers = group.numbers
      let wanted = group.rows(in: run.texts)
      try run.embed(group.tokens)
      try sink(0, group.firstRow, try run.states(at: wanted))
      while run.level < configuration.blocks {
        guard try run.advance(taps: taps, isCancelled: options.isCancelled) else {
          throw ModelError.run(.cancelled, directory, "the capture was cancelled")
        }
        try sink(run.level, group.firstRow, try run.states(at: wanted))
        progress.advance(group)
        options.progress?(progress.current)
      }
    }
  }
}

/// The passes of one group of texts through all blocks.
private struct GroupCapture {
  let model: Model
  let plan: CapturePlan
  let group: CapturePlan.Group
  let options: CaptureOptions

  func execute(
    _ progress: inout ProgressMeter, into sink: (Int, Int, Matrix) throws(ModelError) -> Void
  ) throws(ModelError) {
    let stream = ModelRun(model, lengths: group.lengths)
    stream.keepsWeights = false
    let wanted = group.rows(in: stream.texts)
    let blocks = model.configuration.blocks
    let key = options.journal?.key(group.requests) ?? ""
    var pending: [(level: Int, rows: Matrix)] = []
    if let restored = restore(key, stream, rows: wanted.count) {
      for (level, rows) in restored.rows.enumerated() { try sink(level, group.firstRow, rows) }
      progress.skip(group, blocks: restored.level)
    } else {
      if options.isCancelled() { throw cancelled }
      try stream.embed(group.tokens)
      let rows = try stream.states(at: wanted)
      try sink(0, group.firstRow, rows)
      pending = [(0, rows)]
    }
    var lastSave = ContinuousClock.now
    while stream.level < blocks {
      guard try stream.advance(isCancelled: options.isCancelled) else { throw cancelled }
      let rows = try stream.states(at: wanted)
      try sink(stream.level, group.firstRow, rows)
      progress.advance(group)
      options.progress?(progress.current)
      guard let journal = options.journal else { continue }
      pending.append((stream.level, rows))
      // The last group's last block is not worth a write: the capture is done.
      let isEnd = stream.level == blocks
      guard isEnd ? plan.groups.count > 1 : ContinuousClock.now - lastSave >= .seconds(journal.interval) else {
        continue
      }
      try journal.save(key: key, level: stream.level, states: try stream.allStates(), rows: pending)
      pending = []
      lastSave = .now
    }
  }

  private var cancelled: ModelError { .run(.cancelled, model.directory, "the capture was cancelled") }

  private func restore(_ key: String, _ stream: ModelRun, rows: Int) -> CaptureJournal.Restored? {
    let c = model.configuration
    guard let restored = options.journal?.restore(key: key), restored.level <= c.blocks,
      restored.states.columns == c.width, restored.states.rows == stream.texts.last?.upperBound,
      restored.rows.allSatisfy({ $0.rows == rows && $0.columns == c.width })
    else { return nil }
    stream.set(restored.states, level: restored.level)
    return restored
  }
}
