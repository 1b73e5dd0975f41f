import Transformers

/// How the columns of a fact's neurons are changed so that another answer comes.
///
/// Of each column v with coefficient m
///
///     v ← v + sign(m) (− λ₁ |v| / |e_t| · e_t + λ₂ |v| / |e_t'| · e_t')
///
/// e_t and e_t' the unembedding rows of the old and the new answer (Dai et al. 2022; the sign is what a negative
/// coefficient asks for, without it the new answer is pushed down).
public struct FactUpdate: Sendable {
  /// The old answer, t.
  public var old: Int
  /// The new one, t'.
  public var new: Int
  /// λ₁, in lengths of the column.
  public var removed = 1.0
  /// λ₂, in lengths of the column.
  public var added = 8.0

  /// An update from one token to another.
  public init(from old: Int, to new: Int) { (self.old, self.new) = (old, new) }

  /// The changed columns.
  ///
  /// - Parameters:
  ///   - units: The neurons.
  ///   - coefficients: Their activations where the answer is predicted, as many.
  /// - Throws: `ModelError` for a model without a head or tokens outside its vocabulary.
  public func columns(
    of units: [StreamUnit], coefficients: [Float], in parameters: ParameterList
  ) throws -> [NeuronColumn] {
    let (before, after) = (try parameters.unembedding(of: old), try parameters.unembedding(of: new))
    return parameters.columns(of: units).enumerated().map { place, column in
      var column = column
      let sign = coefficients[place] < 0 ? -1.0 : 1.0
      let length = Self.length(column.values)
      let (less, more) = (sign * removed * length / Self.length(before), sign * added * length / Self.length(after))
      column.values = column.values.indices.map {
        Float(Double(column.values[$0]) - less * Double(before[$0]) + more * Double(after[$0]))
      }
      return column
    }
  }

  private static func length(_ vector: [Float]) -> Double {
    vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}

extension ParameterList {
  /// What neurons write.
  public func columns(of units: [StreamUnit]) -> [NeuronColumn] {
    units.map { unit in
      guard case .neuron(let block, let index) = unit else { preconditionFailure("\(unit) is no neuron") }
      return column(block: block, neuron: index)
    }
  }

  /// The same columns with nothing in them.
  public func emptied(_ units: [StreamUnit]) -> [NeuronColumn] {
    columns(of: units).map {
      NeuronColumn(block: $0.block, neuron: $0.neuron, values: $0.values.map { _ in 0 })
    }
  }
}
