extension BlockTape {
  /// The way back through one block: what it reads and where it puts what is asked of it.
  package struct Return {
    let block: TapedBlock<Element>
    /// Where the gradients of the weights are added; nil where they are not wanted.
    let parameters: BlockParts<Element>?
    /// Sees the gradient of every activation, from the last to the first, and may write to it.
    let hook: Hook?
    /// After which activation's gradient it stops.
    let last: Site?

    /// A way back through the block that was run last.
    package init(
      _ block: TapedBlock<Element>, parameters: BlockParts<Element>? = nil, hook: Hook? = nil, until last: Site? = nil
    ) { (self.block, self.parameters, self.hook, self.last) = (block, parameters, hook, last) }
  }

  /// Goes back through the block that was run last; once only, since gradients take the place of what was kept.
  ///
  /// - Parameter gradient: On entry dL/d(state that leaves), [rows, d]; on return dL/d(state that enters), of no use where
  ///   the way stopped before.
  /// - Throws: What the hook throws, and nothing else.
  package func backward(_ gradient: Pointer, _ way: Return) throws {
    try see(way.hook, .residualOut, way.block, gradient)
    if way.last == .residualOut { return }
    // From here on `gradient` is that of the stream beside each branch.
    guard let output = try branch(gradient, .ffnOut, way), try ffn(output, way) else { return }
    if way.block.plan.residual == .parallel {
      guard try parallel(gradient, way) else { return }
    } else {
      try merge(buffer(.second), into: gradient, .ffn, at: buffer(.m), way)
      try see(way.hook, .residualMid, way.block, gradient)
      if way.last == .residualMid { return }
      guard let added = try branch(gradient, .attentionOut, way), try attention(added, way) else { return }
      try see(way.hook, .normOutput(.attention), way.block, buffer(.second))
      try merge(buffer(.second), into: gradient, .attention, at: buffer(.h), way)
    }
    try see(way.hook, .residualIn, way.block, gradient)
  }

  /// The rest of the way through a parallel block, after the feed-forward network's share in `second`.
  private func parallel(_ gradient: Pointer, _ way: Return) throws -> Bool {
    let weights = way.block.weights
    // The stream's own gradient must stay alone until attention's branch has had its share.
    let network = NumberBuffer<Element>(count: elements)
    network.pointer.update(from: buffer(.second), count: elements)
    guard let added = try branch(gradient, .attentionOut, way), try attention(added, way) else { return false }
    let read = buffer(.second)
    if weights.ffnNorm == nil { RowLoop.add(network.pointer, to: read, count: elements) }
    try see(way.hook, .normOutput(.attention), way.block, read)
    try merge(read, into: gradient, .attention, at: buffer(.h), way)
    if weights.ffnNorm != nil {
      try merge(network.pointer, into: gradient, .ffn, at: buffer(.h), way)
    }
    return true
  }

  /// The gradient of what the branch's last product gives; that of the stream beside the branch stays in `gradient`.
  private func branch(_ gradient: Pointer, _ site: Site, _ way: Return) throws -> Pointer? {
    let place: NormPlace = site == .ffnOut ? .ffnOut : .attentionOut
    let norm = way.block.weights.norm(place)
    let (own, read) = (buffer(.first), buffer(site == .ffnOut ? .o : .a))
    if let norm, way.block.plan.residual == .postNorm {
      try see(way.hook, .normOutput(place), way.block, gradient)
      own.update(from: gradient, count: elements)
      gradient.update(repeating: 0, count: elements)
      try back(through: norm, at: place, read, dy: own, to: gradient, way)
    }
    own.update(from: gradient, count: elements)
    try see(way.hook, site, way.block, own)
    if way.last == site { return nil }
    if let norm, way.block.plan.residual != .postNorm {
      try see(way.hook, .normOutput(place), way.block, own)
      try back(through: norm, at: place, read, dy: own, to: own, way, replaces: true)
    }
    return own
  }

  /// Adds the gradient of what a branch reads to that of the stream, through the branch's norm where it has one.
  private func merge(
    _ read: Pointer, into gradient: Pointer, _ place: NormPlace, at stream: Pointer, _ way: Return
  ) throws {
    if let norm = way.block.weights.norm(place) {
      try back(through: norm, at: place, stream, dy: read, to: gradient, way)
    } else {
      RowLoop.add(read, to: gradient, count: elements)
    }
  }

  /// second ← the gradient of what the network reads; false where it stopped before.
  private func ffn(_ output: Pointer, _ way: Return) throws -> Bool {
    let (f, u, weights) = (buffer(.f), buffer(.u), way.block.weights)
    way.parameters?.ffnOut.addGradient(of: output, at: f, rows: rows)
    weights.ffnOut.inputGradient(output, rows: rows, to: f)
    try see(way.hook, .ffnActivation, way.block, f, width: sizes.ffnWidth)
    if way.last == .ffnActivation { return false }
    way.block.activation(sizes).backward(u, dy: f, rows: rows)
    try seeNetwork(way.hook, way.block, u)
    if way.last == .ffnIn || way.last == .ffnUp { return false }
    way.parameters?.ffnIn.addGradient(of: u, at: ffnInput(way.block), rows: rows)
    weights.ffnIn.inputGradient(u, rows: rows, to: buffer(.second))
    try see(way.hook, .normOutput(.ffn), way.block, buffer(.second))
    return way.last != .normOutput(.ffn)
  }

  /// second ← the gradient of what attention reads; false where it stopped before.
  private func attention(_ output: Pointer, _ way: Return) throws -> Bool {
    let (z, p, dp, weights) = (buffer(.z), buffer(.p), buffer(.projections), way.block.weights)
    way.parameters?.attentionOut.addGradient(of: output, at: z, rows: rows)
    weights.attentionOut.inputGradient(output, rows: rows, to: z)
    try see(way.hook, .heads, way.block, z, width: sizes.queryWidth)
    if way.last == .heads { return false }
    if let past = way.block.past {
      past.backward(p, dz: z, rows: rows, to: dp)
    } else {
      try attentionBackward(p, dz: z, to: dp, way)
    }
    try seeProjections(way.hook, dp)
    if let last = way.last, [Site.queries, .keys, .values].contains(last) { return false }
    way.block.rotation?.turn(
      dp, stride: sizes.projectionWidth, heads: sizes.heads + sizes.kvHeads, headWidth: sizes.headWidth, texts: texts,
      from: way.block.past?.position ?? 0, backwards: true)
    if let query = weights.queryNorm, let key = weights.keyNorm {
      let (q, keys) = (buffer(.q), sizes.queryWidth)
      query.backward(q, queryVectors(query), dy: dp, to: dp, gradient: way.parameters?.queryNorm, replaces: true)
      key.backward(
        q + keys, keyVectors(key), dy: dp + keys, to: dp + keys, gradient: way.parameters?.keyNorm, replaces: true)
    }
    way.parameters?.attentionIn.addGradient(of: dp, at: attentionInput(way.block), rows: rows)
    weights.attentionIn.inputGradient(dp, rows: rows, to: buffer(.second))
    return true
  }
}

extension BlockTape {
  /// dp ← the gradient of queries, keys and values, with that of the patterns shown.
  private func attentionBackward(_ p: Pointer, dz: Pointer, to dp: Pointer, _ way: Return) throws {
    let attention = way.block.attention(sizes)
    var asked: [NumberBuffer<Element>]?
    if let hook = way.hook, hook.looks(at: .pattern) {
      asked = try attention.patternGradients(p, dz: dz, texts: texts) { try seePattern(hook, text: $0, $1) }
    }
    attention.backward(p, dz: dz, texts: texts, to: dp, patterns: seenPatterns, gradients: asked)
  }
}
