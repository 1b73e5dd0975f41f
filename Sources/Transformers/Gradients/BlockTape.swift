import Tensors

/// One block run forward with everything kept that the way back needs.
///
/// Legend: rows are positions of whole texts; h the state that enters and m the one between the branches [rows, d]; x and y
/// what attention and network read [rows, d]; p queries, keys and values after norm and rotation, q the same before them
/// [rows, (H + 2 H_kv) d_h]; z weighted values [rows, H d_h]; u before the activation [rows, d_ff or 2 d_ff], f after it
/// [rows, d_ff]; a and o what the norms of the branches' outputs read [rows, d].
package final class BlockTape<Element: KernelElement> {
  package typealias Pointer = UnsafeMutablePointer<Element>

  let sizes: BlockSizes
  let capacity: Int
  /// The rows of each text of the chunk that was run last.
  private(set) var texts: [Range<Int>] = []
  private(set) var rows = 0
  private var buffers: [Slot: NumberBuffer<Element>] = [:]
  /// Norms and patterns of the block that was run last, where something looked at them.
  var seenNorms: [NormPlace: SeenNorm<Element>] = [:]
  var seenPatterns: [NumberBuffer<Element>]?

  /// Intermediate results, and gradients on the way back.
  enum Slot { case h, x, q, p, z, a, m, y, u, f, o, first, second, projections }

  /// Room for at most `rows` positions; what a plan does not need is never taken.
  package init(_ sizes: BlockSizes, rows: Int) { (self.sizes, capacity) = (sizes, rows) }

  /// The memory of an intermediate result, taken when first asked for and used again for the next block.
  func buffer(_ slot: Slot) -> Pointer {
    if let known = buffers[slot] { return known.pointer }
    let width =
      switch slot {
      case .h, .x, .a, .m, .y, .o, .first, .second: sizes.width
      case .q, .p, .projections: sizes.projectionWidth
      case .z: sizes.queryWidth
      case .u: sizes.ffnInWidth
      case .f: sizes.ffnWidth
      }
    let made = NumberBuffer<Element>(count: capacity * width)
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
  ///   - texts: The rows of each text; together all rows, in order.
  ///   - edit: Sees every activation as it is made and may write to it.
  ///   - output: Where the state that leaves goes, [rows, d]; may be `h`.
  /// - Throws: What `edit` throws, and nothing else.
  package func forward(
    _ h: UnsafePointer<Element>, _ block: TapedBlock<Element>, texts: [Range<Int>], edit: Hook? = nil,
    to output: Pointer
  ) throws {
    self.texts = texts
    rows = texts.last?.upperBound ?? 0
    precondition(rows <= capacity, "\(rows) positions on a tape for \(capacity)")
    (seenNorms, seenPatterns) = ([:], nil)
    let (own, middle) = (buffer(.h), buffer(.m))
    own.update(from: h, count: elements)
    try see(edit, .residualIn, block, own)
    let x = try read(own, block.weights.attentionNorm, edit)
    try see(edit, .normOutput(.attention), block, x)
    try attend(x, block, edit)
    try join(own, buffer(.a), .attentionOut, block, edit, to: middle)
    try see(edit, .residualMid, block, middle)
    let y = ffnInput(block)
    if let norm = block.weights.ffnNorm { try apply(norm, at: .ffn, stream(block), edit, to: y) }
    try see(edit, .normOutput(.ffn), block, y)
    block.weights.ffnIn.apply(y, rows: rows, to: buffer(.u))
    try seeNetwork(edit, block, buffer(.u))
    block.activation(sizes).apply(buffer(.u), rows: rows, to: buffer(.f))
    try see(edit, .ffnActivation, block, buffer(.f), width: sizes.ffnWidth)
    block.weights.ffnOut.apply(buffer(.f), rows: rows, to: buffer(.o))
    try join(middle, buffer(.o), .ffnOut, block, edit, to: output)
    try see(edit, .residualOut, block, output)
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

  /// Shows an activation of one number to a column and no gaps, where the block has it.
  func see(_ hook: Hook?, _ site: Site, _ block: TapedBlock<Element>, _ values: Pointer, width: Int? = nil) throws {
    guard site.exists(in: block.plan) else { return }
    try see(hook, site, values, width: width ?? sizes.width)
  }

  /// Shows an activation of a site that the block has.
  func see(_ hook: Hook?, _ site: Site, _ values: Pointer, width: Int) throws {
    try hook?.see(ActivationRows(site: site, values: values, rows: rows, width: width, stride: width))
  }

  /// Shows queries, keys and values, which lie side by side.
  func seeProjections(_ hook: Hook?, _ p: Pointer) throws {
    guard let hook else { return }
    let (stride, keys) = (sizes.projectionWidth, sizes.kvHeads * sizes.headWidth)
    var first = p
    for (site, width) in [(Site.queries, sizes.queryWidth), (.keys, keys), (.values, keys)] {
      try hook.see(ActivationRows(site: site, values: first, rows: rows, width: width, stride: stride))
      first += width
    }
  }

  /// Shows what the activation reads, and beside it the factor of a gated network.
  func seeNetwork(_ hook: Hook?, _ block: TapedBlock<Element>, _ u: Pointer) throws {
    guard let hook else { return }
    let (width, stride) = (sizes.ffnWidth, block.weights.ffnIn.outputs)
    try hook.see(ActivationRows(site: .ffnIn, values: u, rows: rows, width: width, stride: stride))
    guard block.plan.ffn.isGated else { return }
    try hook.see(ActivationRows(site: .ffnUp, values: u + width, rows: rows, width: width, stride: stride))
  }

  private func read(_ h: Pointer, _ norm: NormPart<Element>?, _ edit: Hook?) throws -> Pointer {
    guard let norm else { return h }
    try apply(norm, at: .attention, h, edit, to: buffer(.x))
    return buffer(.x)
  }

  /// a ← attention of x, with queries and keys normed and turned as the plan says.
  private func attend(_ x: Pointer, _ block: TapedBlock<Element>, _ edit: Hook?) throws {
    let (p, z, width) = (buffer(.p), buffer(.z), sizes.projectionWidth)
    block.weights.attentionIn.apply(x, rows: rows, to: p)
    if let query = block.weights.queryNorm, let key = block.weights.keyNorm {
      buffer(.q).update(from: p, count: rows * width)
      query.apply(p, queryVectors(query), to: p)
      key.apply(p + sizes.queryWidth, keyVectors(key), to: p + sizes.queryWidth)
    }
    block.rotation?.turn(
      p, stride: width, heads: sizes.heads + sizes.kvHeads, headWidth: sizes.headWidth, texts: texts,
      from: block.past?.position ?? 0)
    try seeProjections(edit, p)
    if let past = block.past {
      past.apply(p, rows: rows, to: z)
    } else {
      let attention = block.attention(sizes)
      if let edit, edit.looks(at: .pattern) {
        seenPatterns = try attention.patterns(p, texts: texts) { try seePattern(edit, text: $0, $1) }
      }
      attention.apply(p, texts: texts, to: z, patterns: seenPatterns)
    }
    try see(edit, .heads, block, z, width: sizes.queryWidth)
    block.weights.attentionOut.apply(z, rows: rows, to: buffer(.a))
  }

  /// Shows attention weights of a text, or their gradients: [n · H, n], row p · H + h for position p and head h.
  func seePattern(_ hook: Hook, text: Int, _ values: Pointer) throws {
    let count = texts[text].count
    try hook.see(
      ActivationRows(
        site: .pattern, values: values, rows: count * sizes.heads, width: count, stride: count, text: text))
  }

  func queryVectors(_ norm: NormPart<Element>) -> NormPart<Element>.Vectors {
    .init(rows: rows, stride: sizes.projectionWidth, perRow: sizes.queryWidth / norm.width)
  }

  func keyVectors(_ norm: NormPart<Element>) -> NormPart<Element>.Vectors {
    .init(rows: rows, stride: sizes.projectionWidth, perRow: sizes.kvHeads * sizes.headWidth / norm.width)
  }

  /// target ← stream and branch together; what the norm reads stays in `branch`, in a post-norm block their sum.
  private func join(
    _ stream: Pointer, _ branch: Pointer, _ site: Site, _ block: TapedBlock<Element>, _ edit: Hook?, to target: Pointer
  ) throws {
    let place: NormPlace = site == .ffnOut ? .ffnOut : .attentionOut
    let norm = block.weights.norm(place)
    var added = branch
    if let norm, block.plan.residual != .postNorm {
      added = buffer(.first)
      try apply(norm, at: place, branch, edit, to: added)
      try see(edit, .normOutput(place), block, added)
    }
    try see(edit, site, block, added)
    guard block.plan.residual == .postNorm else { return sum(stream, added, to: target) }
    RowLoop.add(stream, to: branch, count: elements)
    if let norm {
      try apply(norm, at: place, branch, edit, to: target)
      try see(edit, .normOutput(place), block, target)
    } else {
      target.update(from: branch, count: elements)
    }
  }

  private func sum(_ x: Pointer, _ y: Pointer, to target: Pointer) {
    Compute.parallelFor(count: elements, chunk: 1 << 14) { part in
      for index in part { target[index] = x[index] + y[index] }
    }
  }
}
