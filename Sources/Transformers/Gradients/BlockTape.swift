import Tensors

/// An activation inside a block whose gradient can be asked for, by TransformerLens' names in parentheses.
///
/// Where a branch has no norm of its own before it, what it reads is the stream, or in a parallel block what the other
/// branch reads, and no site of its own; a parallel block has no stream between its branches.
public enum GradientSite: Hashable, Sendable, CaseIterable {
  /// What attention reads, after its norm (ln1.hook_normalized with gain and bias).
  case attentionInput
  /// Queries, keys and values of all heads, after their norms and the rotation (hook_rot_q, hook_rot_k, hook_v).
  case projections
  /// The weighted values of all heads (attn.hook_z).
  case attended
  /// What attention puts out, with its bias, before a norm of it (hook_attn_out).
  case attentionOut
  /// The stream between the branches (hook_resid_mid).
  case residualMid
  /// What the feed-forward network reads, after its norm (ln2.hook_normalized with gain and bias).
  case ffnInput
  /// Before the activation, bias included: gates, then ups, where the network is gated (mlp.hook_pre).
  case ffnPreActivation
  /// After the activation, times the ups where the network is gated (mlp.hook_post).
  case ffnActivation
  /// What the feed-forward network puts out, with its bias, before a norm of it (hook_mlp_out).
  case ffnOut
}

/// The rows of an activation, or of its gradient, for one call to look at or write to.
package struct ActivationRows<Element: KernelElement> {
  /// Which activation.
  package var site: GradientSite
  /// Its first number.
  package var values: UnsafeMutablePointer<Element>
  /// Positions of all texts, in order.
  package var rows: Int
  /// Numbers to a row; rows follow each other without gaps.
  package var width: Int
}

/// One block run forward with everything kept that the way back needs.
///
/// Legend: rows are positions of whole texts; h the state that enters and m the one between the branches [rows, d]; x and y
/// what attention and network read [rows, d]; p queries, keys and values after norm and rotation, q the same before them
/// [rows, (H + 2 H_kv) d_h]; z weighted values [rows, H d_h]; u before the activation [rows, d_ff or 2 d_ff], f after it
/// [rows, d_ff]; a and o what the norms of the branches' outputs read [rows, d].
package final class BlockTape<Element: KernelElement> {
  package typealias Pointer = UnsafeMutablePointer<Element>
  /// Sees every activation as it is made, or every gradient on the way back, and may write to it.
  package typealias Hook = (ActivationRows<Element>) -> Void

  let sizes: BlockSizes
  let texts: [Range<Int>]
  let rows: Int
  private var buffers: [Slot: NumberBuffer<Element>] = [:]

  /// Intermediate results, and gradients on the way back.
  enum Slot { case h, x, q, p, z, a, m, y, u, f, o, first, second, projections }

  /// Room for texts in these rows; what a plan does not need is never taken.
  package init(_ sizes: BlockSizes, texts: [Range<Int>]) {
    (self.sizes, self.texts) = (sizes, texts)
    rows = texts.last?.upperBound ?? 0
  }

  /// The memory of an intermediate result, taken when first asked for and used again for the next block.
  func buffer(_ slot: Slot) -> Pointer {
    if let known = buffers[slot] { return known.pointer }
    let width =
      switch slot {
      case .h, .x, .a, .m, .y, .o, .first, .second: sizes.width
      case .q, .p, .projections: sizes.projectionWidth
      case .z: sizes.queryWidth
      case .u: 2 * sizes.ffnWidth
      case .f: sizes.ffnWidth
      }
    let made = NumberBuffer<Element>(count: rows * width)
    buffers[slot] = made
    return made.pointer
  }

  /// Numbers of a state.
  var elements: Int { rows * sizes.width }
  /// The rows of a state.
  var vectors: NormPart<Element>.Vectors { .init(rows: rows, stride: sizes.width) }

  /// Runs a block.
  ///
  /// - Parameters:
  ///   - h: The state that enters, [rows, d]; it is copied.
  ///   - block: The block.
  ///   - edit: Sees every activation as it is made and may write to it.
  ///   - output: Where the state that leaves goes, [rows, d]; may be `h`.
  package func forward(_ h: UnsafePointer<Element>, _ block: TapedBlock<Element>, edit: Hook? = nil, to output: Pointer) {
    let (own, middle) = (buffer(.h), buffer(.m))
    own.update(from: h, count: elements)
    let x = read(own, block.weights.attentionNorm, .x)
    if block.has(.attentionInput) { see(edit, .attentionInput, x, sizes.width) }
    attend(x, block, edit)
    see(edit, .attentionOut, buffer(.a), sizes.width)
    join(own, buffer(.a), block.weights.attentionOutNorm, block.plan, to: middle)
    if block.has(.residualMid) { see(edit, .residualMid, middle, sizes.width) }
    let y = ffnInput(block)
    block.weights.ffnNorm?.apply(stream(block), vectors, to: y)
    if block.has(.ffnInput) { see(edit, .ffnInput, y, sizes.width) }
    block.weights.ffnIn.apply(y, rows: rows, to: buffer(.u))
    see(edit, .ffnPreActivation, buffer(.u), block.weights.ffnIn.outputs)
    block.activation(sizes).apply(buffer(.u), rows: rows, to: buffer(.f))
    see(edit, .ffnActivation, buffer(.f), sizes.ffnWidth)
    block.weights.ffnOut.apply(buffer(.f), rows: rows, to: buffer(.o))
    see(edit, .ffnOut, buffer(.o), sizes.width)
    join(middle, buffer(.o), block.weights.ffnOutNorm, block.plan, to: output)
  }

  /// What the feed-forward network's norm, or the network itself, reads.
  func stream(_ block: TapedBlock<Element>) -> Pointer { buffer(block.plan.residual == .parallel ? .h : .m) }

  /// y: of its own where there is a norm, else the stream or, in parallel blocks, what attention reads.
  func ffnInput(_ block: TapedBlock<Element>) -> Pointer {
    if block.weights.ffnNorm != nil { return buffer(.y) }
    return block.plan.residual == .parallel ? attentionInput(block) : buffer(.m)
  }

  /// x: of its own where there is a norm, else the state that enters.
  func attentionInput(_ block: TapedBlock<Element>) -> Pointer {
    buffer(block.weights.attentionNorm == nil ? .h : .x)
  }

  func see(_ hook: Hook?, _ site: GradientSite, _ values: Pointer, _ width: Int) {
    hook?(ActivationRows(site: site, values: values, rows: rows, width: width))
  }

  private func read(_ h: Pointer, _ norm: NormPart<Element>?, _ slot: Slot) -> Pointer {
    guard let norm else { return h }
    let target = buffer(slot)
    norm.apply(h, vectors, to: target)
    return target
  }

  /// a ← attention of x, with queries and keys normed and turned as the plan says.
  private func attend(_ x: Pointer, _ block: TapedBlock<Element>, _ edit: Hook?) {
    let (p, z, width) = (buffer(.p), buffer(.z), sizes.projectionWidth)
    block.weights.attentionIn.apply(x, rows: rows, to: p)
    if let query = block.weights.queryNorm, let key = block.weights.keyNorm {
      buffer(.q).update(from: p, count: rows * width)
      query.apply(p, queryVectors(query), to: p)
      key.apply(p + sizes.queryWidth, keyVectors(key), to: p + sizes.queryWidth)
    }
    block.rotation?.turn(
      p, stride: width, heads: sizes.heads + sizes.kvHeads, headWidth: sizes.headWidth, texts: texts)
    see(edit, .projections, p, width)
    block.attention(sizes).apply(p, texts: texts, to: z)
    see(edit, .attended, z, sizes.queryWidth)
    block.weights.attentionOut.apply(z, rows: rows, to: buffer(.a))
  }

  func queryVectors(_ norm: NormPart<Element>) -> NormPart<Element>.Vectors {
    .init(rows: rows, stride: sizes.projectionWidth, perRow: sizes.queryWidth / norm.width)
  }

  func keyVectors(_ norm: NormPart<Element>) -> NormPart<Element>.Vectors {
    .init(rows: rows, stride: sizes.projectionWidth, perRow: sizes.kvHeads * sizes.headWidth / norm.width)
  }

  /// target ← stream and branch together. In a post-norm block `branch` becomes their sum, which its norm reads.
  private func join(
    _ stream: Pointer, _ branch: Pointer, _ norm: NormPart<Element>?, _ plan: BlockPlan, to target: Pointer
  ) {
    if plan.residual == .postNorm { RowLoop.add(stream, to: branch, count: elements) }
    guard let norm else {
      if plan.residual == .postNorm {
        target.update(from: branch, count: elements)
      } else {
        sum(stream, branch, to: target)
      }
      return
    }
    // The stream may lie where the result goes.
    let normed = buffer(.first)
    norm.apply(branch, vectors, to: normed)
    if plan.residual == .postNorm {
      target.update(from: normed, count: elements)
    } else {
      sum(stream, normed, to: target)
    }
  }

  private func sum(_ x: Pointer, _ y: Pointer, to target: Pointer) {
    Compute.parallelFor(count: elements, chunk: 1 << 14) { part in
      for index in part { target[index] = x[index] + y[index] }
    }
  }
}
