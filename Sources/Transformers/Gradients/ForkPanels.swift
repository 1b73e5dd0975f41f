import Tensors

/// The weights of a block laid out for products with rows of forks, on the way up or back.
struct ForkPanels {
  /// The way that rows take through a block.
  enum Way { case forward, backward }

  let queries, others, attentionOut, ffnIn, ffnOut: PanelMatrix

  /// Lays out the weights of a block with plain norms and a plain network.
  init(_ way: Way, _ weights: BlockParts<Float>, _ sizes: BlockSizes) {
    let (input, width) = (weights.attentionIn, sizes.queryWidth)
    queries = input.panels(way, outputs: 0..<width)
    others = input.panels(way, outputs: width..<sizes.projectionWidth)
    attentionOut = weights.attentionOut.panels(way)
    (ffnIn, ffnOut) = (weights.ffnIn.panels(way), weights.ffnOut.panels(way))
  }
}

extension LinearPart<Float> {
  /// The weights laid out for y = x Wᵀ, or for dx = dy W, of some outputs.
  fileprivate func panels(_ way: ForkPanels.Way, outputs range: Range<Int>? = nil) -> PanelMatrix {
    let range = range ?? 0..<outputs
    let (inner, columns) = way == .forward ? (inputs, range.count) : (range.count, inputs)
    return PanelMatrix(
      weight + range.lowerBound * (rowsAreInputs ? 1 : inputs), inner: inner, columns: columns,
      stride: rowsAreInputs ? outputs : inputs, transposed: rowsAreInputs == (way == .backward))
  }
}
