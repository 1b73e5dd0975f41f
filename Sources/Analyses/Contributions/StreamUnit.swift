/// A part of a block that writes into the residual stream; all numbers count from 0.
///
/// Units are in the order of blocks, then heads or neurons, then dimensions, then positions.
public enum StreamUnit: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Neuron k of a block's feed-forward network: m_k times column k of its output matrix.
  case neuron(block: Int, Int)
  /// A head: its weighted values times its columns of the output matrix, without the bias.
  case head(block: Int, Int)
  /// One dimension of a head's values as one source position brings it (an attention neuron).
  case headDimension(block: Int, head: Int, dimension: Int, position: Int)

  /// The block.
  public var block: Int {
    switch self {
    case .neuron(let block, _), .head(let block, _), .headDimension(let block, _, _, _): block
    }
  }

  /// `L28.N29`, `L21.H19`, `L4.H2.D8@4`.
  public var description: String {
    switch self {
    case .neuron(let block, let index): "L\(block).N\(index)"
    case .head(let block, let index): "L\(block).H\(index)"
    case .headDimension(let block, let head, let dimension, let position):
      "L\(block).H\(head).D\(dimension)@\(position)"
    }
  }

  private var places: [Int] {
    switch self {
    case .neuron(let block, let index), .head(let block, let index): [block, index, 0, 0]
    case .headDimension(let block, let head, let dimension, let position): [block, head, dimension, position]
    }
  }

  public static func < (a: StreamUnit, b: StreamUnit) -> Bool { a.places.lexicographicallyPrecedes(b.places) }
}
