import Tensors

/// What an objective of the logits comes to and asks of the states.
public struct HeadGradient: Sendable {
  /// The objective at each position.
  public var values: [Double]
  /// dL/d(state), [positions, d].
  public var states: Matrix
}

extension ParameterList {
  /// The logits of states by these weights: final norm recomputed, unembedding, bias, soft cap.
  ///
  /// - Parameter states: [n, d], before the final norm.
  /// - Returns: [n, V].
  /// - Throws: `ModelError` with code `noHead`.
  public func logits(of states: Matrix) throws(ModelError) -> Matrix {
    let head = try head()
    return Matrix(
      rows: states.rows, columns: head.unembedding.outputs,
      values: states.withUnsafePointer { HeadTape(head, states: $0, rows: states.rows).logits })
  }

  /// Goes back from L = Σ weight · objective through the head, final norm recomputed, to states of any level.
  ///
  /// - Parameters:
  ///   - objective: What the logits of each state make.
  ///   - states: [n, d], before the final norm, one row to each position of the objective.
  ///   - weights: The weight of each position; nil for 1.
  ///   - gradients: Where the gradients of the head's weights are added; nil where they are not wanted.
  ///   - skipsNorm: Whether states go to the unembedding as they are, past the final norm.
  ///   - tileBytes: About how large a tile of positions × vocabulary may be; at least one position.
  /// - Throws: `ModelError`: code `noHead`; `input` for tokens outside the vocabulary; `notFinite` where an objective or a
  ///   gradient is not finite.
  public func gradient(
    of objective: LogitObjective, at states: Matrix, weights: [Double]? = nil, addingTo gradients: ParameterList? = nil,
    skipsNorm: Bool = false, tileBytes: Int = 128 << 20
  ) throws(ModelError) -> HeadGradient {
    var head = try head()
    if skipsNorm { head.norm = nil }
    let (d, v) = (head.unembedding.inputs, head.unembedding.outputs)
    precondition(states.columns == d, "states \(states.columns) wide, expected \(d)")
    precondition(objective.count == states.rows, "\(objective.count) objectives for \(states.rows) states")
    let weights = weights ?? [Double](repeating: 1, count: states.rows)
    precondition(weights.count == states.rows, "\(weights.count) weights for \(states.rows) states")
    if let token = objective.tokens.first(where: { $0 < 0 || $0 >= v }) {
      throw .run(.input, model.directory, "token id \(token) is outside the vocabulary of \(v)")
    }
    let parameters = gradients.flatMap { $0.layout.head(in: $0.base) }
    var values: [Double] = []
    let step = max(1, tileBytes / (v * MemoryLayout<Float>.stride))
    var result = Matrix(rows: states.rows, columns: d)
    result.withUnsafeMutablePointer { target in
      states.withUnsafePointer { source in
        for start in stride(from: 0, to: states.rows, by: step) {
          let tape = HeadTape(head, states: source + start * d, rows: min(step, states.rows - start))
          values += tape.backward(
            objective, first: start, weights: weights, to: target + start * d, parameters: parameters)
        }
      }
    }
    guard values.allSatisfy(\.isFinite), result.values.allSatisfy(\.isFinite) else {
      throw .run(.notFinite, model.directory, "the objective or its gradient at the states is not finite")
    }
    return HeadGradient(values: values, states: result)
  }

  private func head() throws(ModelError) -> HeadParts<Float> {
    if let head = layout.head(in: base) { return head }
    throw model.missingHead
  }
}
