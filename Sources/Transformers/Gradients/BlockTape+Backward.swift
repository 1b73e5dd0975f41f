import Tensors

extension BlockTape {
  /// Goes back through the block that was run last; once only, since gradients take the place of what was kept.
  ///
  /// - Parameters:
  ///   - gradient: On entry dL/d(state that leaves), [rows, d]; on return dL/d(state that enters).
  ///   - block: The block that was run.
  ///   - parameters: Where the gradients of its weights are added; nil where they are not wanted.
  ///   - hook: Sees the gradient of every activation, from the last to the first, and may write to it.
  ///   - last: Where to stop, for gradients of activations alone: `gradient` is then of no use.
  package func backward(
    _ gradient: Pointer, _ block: TapedBlock<Element>, parameters: BlockParts<Element>? = nil, hook: Hook? = nil,
    until last: GradientSite? = nil
  ) {
    let (weights, isParallel) = (block.weights, block.plan.residual == .parallel)
    // From here on `gradient` is that of the stream beside each branch.
    let output = part(gradient, buffer(.o), weights.ffnOutNorm, parameters?.ffnOutNorm, block.plan)
    see(hook, .ffnOut, output, sizes.width)
    guard ffnBackward(output, block, parameters, hook, until: last) else { return }
    let input = buffer(.second)
    if block.has(.ffnInput) { see(hook, .ffnInput, input, sizes.width) }
    if last == .ffnInput { return }
    if isParallel {
      // The stream's own gradient must stay alone until attention's branch has had its share.
      return parallelBackward(gradient, block, parameters, hook, until: last)
    }
    merge(input, into: gradient, weights.ffnNorm, at: buffer(.m), parameters?.ffnNorm)
    see(hook, .residualMid, gradient, sizes.width)
    if last == .residualMid { return }
    let added = part(gradient, buffer(.a), weights.attentionOutNorm, parameters?.attentionOutNorm, block.plan)
    guard attentionBackward(added, block, parameters, hook, until: last) else { return }
    let read = buffer(.second)
    if block.has(.attentionInput) { see(hook, .attentionInput, read, sizes.width) }
    merge(read, into: gradient, weights.attentionNorm, at: buffer(.h), parameters?.attentionNorm)
  }

  /// The rest of the way through a parallel block, after the feed-forward network's share in `second`.
  private func parallelBackward(
    _ gradient: Pointer, _ block: TapedBlock<Element>, _ parameters: BlockParts<Element>?, _ hook: Hook?,
    until last: GradientSite?
  ) {
    let weights = block.weights
    let network = NumberBuffer<Element>(count: elements)
    network.pointer.update(from: buffer(.second), count: elements)
    let added = part(gradient, buffer(.a), weights.attentionOutNorm, parameters?.attentionOutNorm, block.plan)
    guard attentionBackward(added, block, parameters, hook, until: last) else { return }
    let read = buffer(.second)
    let sharesNorm = weights.ffnNorm == nil
    if sharesNorm { RowLoop.add(network.pointer, to: read, count: elements) }
    if block.has(.attentionInput) { see(hook, .attentionInput, read, sizes.width) }
    merge(read, into: gradient, weights.attentionNorm, at: buffer(.h), parameters?.attentionNorm)
    if !sharesNorm { merge(network.pointer, into: gradient, weights.ffnNorm, at: buffer(.h), parameters?.ffnNorm) }
  }

  /// The gradient of a branch's output; that of the stream beside it stays in `gradient`.
  private func part(
    _ gradient: Pointer, _ branch: Pointer, _ norm: NormPart<Element>?, _ parameters: NormPart<Element>?,
    _ plan: BlockPlan
  ) -> Pointer {
    let own = buffer(.first)
    guard let norm else {
      own.update(from: gradient, count: elements)
      return own
    }
    own.update(repeating: 0, count: elements)
    norm.backward(branch, vectors, dy: gradient, to: own, gradient: parameters)
    if plan.residual == .postNorm { gradient.update(from: own, count: elements) }
    return own
  }

  /// Adds the gradient of what a branch reads to that of the stream, through the branch's norm where it has one.
  private func merge(
    _ read: Pointer, into gradient: Pointer, _ norm: NormPart<Element>?, at stream: Pointer,
    _ parameters: NormPart<Element>?
  ) {
    if let norm {
      norm.backward(stream, vectors, dy: read, to: gradient, gradient: parameters)
    } else {
      RowLoop.add(read, to: gradient, count: elements)
    }
  }

  /// second ← the gradient of what the network reads; false where it stopped before.
  private func ffnBackward(
    _ output: Pointer, _ block: TapedBlock<Element>, _ parameters: BlockParts<Element>?, _ hook: Hook?,
    until last: GradientSite?
  ) -> Bool {
    let (f, u) = (buffer(.f), buffer(.u))
    parameters?.ffnOut.addGradient(of: output, at: f, rows: rows)
    if last == .ffnOut { return false }
    block.weights.ffnOut.inputGradient(output, rows: rows, to: f)
    see(hook, .ffnActivation, f, sizes.ffnWidth)
    if last == .ffnActivation { return false }
    block.activation(sizes).backward(u, dy: f, rows: rows)
    see(hook, .ffnPreActivation, u, block.weights.ffnIn.outputs)
    parameters?.ffnIn.addGradient(of: u, at: ffnInput(block), rows: rows)
    if last == .ffnPreActivation { return false }
    block.weights.ffnIn.inputGradient(u, rows: rows, to: buffer(.second))
    return true
  }

  /// second ← the gradient of what attention reads; false where it stopped before.
  private func attentionBackward(
    _ output: Pointer, _ block: TapedBlock<Element>, _ parameters: BlockParts<Element>?, _ hook: Hook?,
    until last: GradientSite?
  ) -> Bool {
    let (z, p, dp, weights) = (buffer(.z), buffer(.p), buffer(.projections), block.weights)
    see(hook, .attentionOut, output, sizes.width)
    parameters?.attentionOut.addGradient(of: output, at: z, rows: rows)
    if last == .attentionOut { return false }
    weights.attentionOut.inputGradient(output, rows: rows, to: z)
    see(hook, .attended, z, sizes.queryWidth)
    if last == .attended { return false }
    block.attention(sizes).backward(p, dz: z, texts: texts, to: dp)
    see(hook, .projections, dp, sizes.projectionWidth)
    if last == .projections { return false }
    let turned = sizes.heads + sizes.kvHeads
    block.rotation?.turn(
      dp, stride: sizes.projectionWidth, heads: turned, headWidth: sizes.headWidth, texts: texts, backwards: true)
    if let query = weights.queryNorm, let key = weights.keyNorm {
      let (q, keys) = (buffer(.q), sizes.queryWidth)
      query.backward(q, queryVectors(query), dy: dp, to: dp, gradient: parameters?.queryNorm, replaces: true)
      key.backward(
        q + keys, keyVectors(key), dy: dp + keys, to: dp + keys, gradient: parameters?.keyNorm, replaces: true)
    }
    parameters?.attentionIn.addGradient(of: dp, at: attentionInput(block), rows: rows)
    weights.attentionIn.inputGradient(dp, rows: rows, to: buffer(.second))
    return true
  }
}
