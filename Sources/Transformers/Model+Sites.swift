import Tensors

extension Model {
  /// Runs many texts and keeps activations inside the blocks at the positions asked for.
  ///
  /// - Parameters:
  ///   - sites: Which activations.
  ///   - requests: Texts with positions.
  ///   - options: Memory, progress and cancellation; a journal is not used.
  /// - Returns: For each site L matrices [total positions, d], rows as in `capture(_:options:)`.
  /// - Throws: `ModelError`; code `unsupported` for post-norm models, where contributions do not add up.
  public func capture(
    sites: [ActivationSite], _ requests: [CaptureRequest], options: CaptureOptions = CaptureOptions()
  ) throws(ModelError) -> [ActivationSite: [Matrix]] {
    try requirePreNorm()
    let (d, blocks) = (configuration.width, configuration.blocks)
    let total = requests.reduce(0) { $0 + $1.positions.count }
    let plan = try CapturePlan(self, requests, memory: options.memory)
    var progress = ProgressMeter(plan: plan, blocks: blocks)
    var result: [ActivationSite: [Matrix]] = [:]
    for site in sites { result[site] = (0..<blocks).map { _ in Matrix(rows: total, columns: d) } }
    for group in plan.groups {
      let stream = LayerStream(self, lengths: group.lengths, scratchBytes: plan.scratchBytes)
      try stream.embed(group.tokens)
      let wanted = group.rows(in: stream.texts)
      for _ in 0..<blocks {
        let hooks = BlockHooks { block, site, firstRow, rows in
          guard result[site] != nil else { return }
          for (index, row) in wanted.enumerated() where row >= firstRow && row < firstRow + rows.rows {
            result[site]?[block].setRow(group.firstRow + index, rows.row(row - firstRow))
          }
        }
        let isDone = try stream.advance(keepsWeights: false, hooks: hooks, isCancelled: options.isCancelled)
        guard isDone else { throw .run(.cancelled, directory, "the capture was cancelled") }
        progress.advance(group)
        options.progress?(progress.current)
      }
      // The states themselves are not kept, but a number that overflowed must not pass.
      _ = try stream.rows(at: wanted)
    }
    return result
  }

  /// Refuses architectures whose norms follow the residual additions.
  func requirePreNorm() throws(ModelError) {
    guard !configuration.isPostNorm else {
      throw .run(
        .unsupported, directory,
        "\(configuration.family.name) norms after each addition, so parts of a block do not add up in its stream")
    }
  }
}
