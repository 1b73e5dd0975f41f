/// The vector that a feed-forward neuron writes: a column of its block's output product, [d].
public struct NeuronColumn: Hashable, Sendable {
  /// The block.
  public var block: Int
  /// The neuron.
  public var neuron: Int
  /// The column.
  public var values: [Float]

  /// A column of a block.
  public init(block: Int, neuron: Int, values: [Float]) {
    (self.block, self.neuron, self.values) = (block, neuron, values)
  }
}

extension ParameterList {
  /// What a neuron writes.
  public func column(block: Int, neuron: Int) -> NeuronColumn {
    let (product, step, first) = place(block, neuron)
    return NeuronColumn(
      block: block, neuron: neuron, values: (0..<product.outputs).map { product.weight[first + $0 * step] })
  }

  /// Changes what neurons write; of two that name one neuron the later counts.
  public func set(_ columns: [NeuronColumn]) {
    for column in columns {
      let (product, step, first) = place(column.block, column.neuron)
      precondition(column.values.count == product.outputs, "a column of \(column.values.count) in [\(product.outputs)]")
      for (index, value) in column.values.enumerated() { product.weight[first + index * step] = value }
    }
  }

  /// Does something with changed columns and puts back what was there, bit for bit, whatever happens.
  public func with<Result>(_ columns: [NeuronColumn], _ body: () throws -> Result) rethrows -> Result {
    let kept = columns.map { column(block: $0.block, neuron: $0.neuron) }
    set(columns)
    defer { set(kept) }
    return try body()
  }

  /// The row of the unembedding that belongs to a token, [d]; that of the embedding where the two are tied.
  ///
  /// - Throws: `ModelError`: `noHead`, or `input` for a token outside the vocabulary.
  public func unembedding(of token: Int) throws(ModelError) -> [Float] {
    guard let head = layout.head(in: base) else { throw model.missingHead }
    guard token >= 0, token < head.unembedding.outputs else {
      throw .run(.input, model.directory, "token id \(token) is outside the vocabulary of \(head.unembedding.outputs)")
    }
    let d = head.unembedding.inputs
    return (0..<d).map { head.unembedding.weight[token * d + $0] }
  }

  /// The product of a block's network, the distance of the numbers of a column and where they begin.
  private func place(_ block: Int, _ neuron: Int) -> (product: LinearPart<Float>, step: Int, first: Int) {
    precondition(layout.blocks.indices.contains(block), "no block \(block)")
    let product = layout.block(block, in: base).ffnOut
    precondition(neuron >= 0 && neuron < product.inputs, "no neuron \(neuron) in a network of \(product.inputs)")
    return product.rowsAreInputs ? (product, 1, neuron * product.outputs) : (product, product.inputs, neuron)
  }
}
