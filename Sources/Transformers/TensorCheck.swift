import Checkpoints

extension ModelTensors {
  /// Checks that every tensor is there in its shape, and that no tensor of a block would be left out.
  ///
  /// - Throws: `ModelError` with code `tensor`.
  func check(_ checkpoint: Checkpoint, _ configuration: ModelConfiguration) throws(ModelError) {
    let c = configuration
    try require(checkpoint, embedding, [c.vocabulary, c.width], "config.json's vocab_size and width")
    if let positions {
      let rows = c.context + (c.embedding.positionOffset ?? 0)
      try require(checkpoint, positions, [rows, c.width], "config.json's context and width")
    }
    if let tokenTypes { try require(checkpoint, tokenTypes, [c.embedding.tokenTypes, c.width]) }
    for norm in [embeddingNorm, finalNorm].compactMap({ $0 }) { try require(checkpoint, norm, c.width) }
    if let streamMap { try require(checkpoint, streamMap) }
    var known: Set<String> = []
    for (block, plan) in zip(blocks, c.plans) {
      for linear in block.linears {
        try require(checkpoint, linear)
        known.insert(linear.weight)
        if let bias = linear.bias { known.insert(bias) }
      }
      let isPerHead = if case .perHead = plan.attention.queryKeyNorm { true } else { false }
      let norms =
        block.norms.map { ($0, c.width) }
        + [(block.queryNorm, c.queryWidth), (block.keyNorm, c.keyWidth)].compactMap { norm, width in
          norm.map { ($0, isPerHead ? c.headWidth : width) }
        }
      for (norm, width) in norms {
        try require(checkpoint, norm, width)
        known.insert(norm.gain)
        if let bias = norm.bias { known.insert(bias) }
      }
    }
    try checkNothingIsLeftOut(checkpoint, known)
    try checkHead(checkpoint, c)
  }

  private func checkHead(_ checkpoint: Checkpoint, _ c: ModelConfiguration) throws(ModelError) {
    guard let head else { return }
    try require(checkpoint, head.unembedding, [c.vocabulary, c.width])
    if let bias = head.bias { try require(checkpoint, bias, [c.vocabulary]) }
    if let transform = head.transform { try require(checkpoint, transform) }
    if let norm = head.transformNorm { try require(checkpoint, norm, c.width) }
    guard let tiedCopy else { return }
    try require(checkpoint, tiedCopy, [c.vocabulary, c.width])
    guard try isEqual(checkpoint, tiedCopy, embedding) else {
      throw ModelError(
        CheckpointError(
          .mismatch, path: checkpoint.path, tensor: tiedCopy,
          "differs from the embedding, although config.json says that they are tied",
          hint: "set 'tie_word_embeddings' to false in config.json if the checkpoint's own head is meant"))
    }
  }

  private func require(_ checkpoint: Checkpoint, _ linear: LinearTensors) throws(ModelError) {
    try require(checkpoint, linear.weight, linear.shape)
    if let bias = linear.bias { try require(checkpoint, bias, [linear.outputs]) }
  }

  private func require(_ checkpoint: Checkpoint, _ norm: NormTensors, _ width: Int) throws(ModelError) {
    try require(checkpoint, norm.gain, [width])
    if let bias = norm.bias { try require(checkpoint, bias, [width]) }
  }

  private func require(
    _ checkpoint: Checkpoint, _ name: String, _ shape: [Int], _ source: String? = nil
  ) throws(ModelError) {
    do throws(CheckpointError) {
      let file = try checkpoint.file(of: name)
      let entry = try file.entry(name)
      guard entry.shape == shape else {
        throw CheckpointError(
          .mismatch, path: file.path, tensor: name, "has shape \(entry.shape), expected \(shape)",
          hint: source.map { "the expected shape is from \($0)" })
      }
      guard entry.type.isFloatingPoint else {
        throw CheckpointError(
          .mismatch, path: file.path, tensor: name,
          "has type \(entry.type.rawValue), expected F32, F16, BF16 or F64; quantised weights are not implemented")
      }
    } catch { throw ModelError(error) }
  }

  /// A tensor inside the blocks that has no role here would change the numbers where it is used.
  private func checkNothingIsLeftOut(_ checkpoint: Checkpoint, _ known: Set<String>) throws(ModelError) {
    for name in checkpoint.names where name.hasPrefix(blockPrefix) && !known.contains(name) {
      if strayBlockTensors.contains(where: name.hasSuffix) { continue }
      let number = name.dropFirst(blockPrefix.count).prefix { $0 != "." }
      let reason =
        if let index = Int(number), index >= blocks.count {
          "belongs to block \(index), but config.json says that there are \(blocks.count) blocks"
        } else {
          "has no place in this architecture as config.json describes it"
        }
      throw ModelError(CheckpointError(.mismatch, path: checkpoint.path, tensor: name, reason))
    }
  }

  private func isEqual(_ checkpoint: Checkpoint, _ first: String, _ second: String) throws(ModelError) -> Bool {
    do throws(CheckpointError) { return try checkpoint.isSame(first, second) } catch { throw ModelError(error) }
  }
}
