import Tensors

/// The weights of a block laid out for products with rows of forks, on the way up or back.
struct ForkPanels {
  /// The way that rows take through a block.
  enum Way: CaseIterable { case forward, backward }

  let queries, others, attentionOut, ffnIn, ffnOut: PanelMatrix

  /// What the weights of a block take, one way.
  static func bytes(_ sizes: BlockSizes) -> Int {
    sizes.width * (sizes.projectionWidth + sizes.queryWidth + 2 * sizes.ffnWidth) * MemoryLayout<Float>.stride
  }

  /// Lays out the weights of a block with plain norms and a plain network.
  init(_ way: Way, _ weights: BlockParts<Float>, _ sizes: BlockSizes) {
    let (input, width) = (weights.attentionIn, sizes.queryWidth)
    let parts: [(product: LinearPart<Float>, outputs: Range<Int>)] = [
      (weights.ffnIn, 0..<weights.ffnIn.outputs), (weights.ffnOut, 0..<weights.ffnOut.outputs),
      (input, width..<sizes.projectionWidth), (input, 0..<width),
      (weights.attentionOut, 0..<weights.attentionOut.outputs),
    ]
    let panels = Compute.parallelMap(count: parts.count, multiplies: false) { place in
      parts[place].product.panels(way, outputs: parts[place].outputs)
    }
    (ffnIn, ffnOut, others, queries, attentionOut) = (panels[0], panels[1], panels[2], panels[3], panels[4])
  }
}

extension LinearPart<Float> {
  /// The weights laid out for y = x Wᵀ, or for dx = dy W, of some outputs.
  fileprivate func panels(_ way: ForkPanels.Way, outputs range: Range<Int>) -> PanelMatrix {
    let (inner, columns) = way == .forward ? (inputs, range.count) : (range.count, inputs)
    return PanelMatrix(
      weight + range.lowerBound * (rowsAreInputs ? 1 : inputs), inner: inner, columns: columns,
      stride: rowsAreInputs ? outputs : inputs, transposed: rowsAreInputs == (way == .backward))
  }
}
