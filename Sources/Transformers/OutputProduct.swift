import Tensors

/// What one branch of a block writes into the stream with: W_O or W_out, read where it lies in memory.
///
/// Unchecked: nothing is written after `init`, and the pointers live as long as the owner.
public final class OutputProduct: @unchecked Sendable {
  private let linear: Linear
  private let owner: AnyObject
  /// b, [d]; nil where the checkpoint has none, which counts as 0.
  public let bias: [Float]?
  /// The norm of what the product gives; nil where there is none.
  public let norm: BlockParameters.Norm?

  fileprivate init(_ linear: Linear, _ norm: NormWeights?, owner: AnyObject) {
    (self.linear, self.owner) = (linear, owner)
    bias = linear.bias.map { bias in (0..<linear.outputs).map { bias[$0] } }
    self.norm = norm?.copied
  }

  /// How many activations it takes: H · d_h, or d_ff.
  public var inputs: Int { linear.inputs }
  /// d.
  public var outputs: Int { linear.outputs }

  /// What one unit of some activations gives, columns of the matrix as rows, [indices.count, d].
  public func columns(at indices: [Int]) -> Matrix {
    for index in indices { precondition(index >= 0 && index < inputs, "no activation \(index)") }
    return withExtendedLifetime(owner) {
      Matrix(rows: indices.count, columns: outputs) { target in
        for (row, index) in indices.enumerated() {
          for output in 0..<outputs {
            (target + row * outputs + output).initialize(to: linear.weight[output * inputs + index])
          }
        }
      }
    }
  }

  /// The product without its bias: rows of activations [n, inputs] to [n, d].
  public func applied(to activations: Matrix) -> Matrix {
    precondition(activations.columns == inputs, "\(activations.columns) activations for \(inputs)")
    return withExtendedLifetime(owner) {
      Matrix(rows: activations.rows, columns: outputs) { target in
        activations.withUnsafePointer {
          linear.apply($0, stride: activations.columns, rows: activations.rows, to: target)
        }
      }
    }
  }

  /// How much one unit of every activation gives along directions of the stream [n, d], [n, inputs].
  public func reach(along directions: Matrix) -> Matrix {
    precondition(directions.columns == outputs, "\(directions.columns) dimensions for \(outputs)")
    return withExtendedLifetime(owner) {
      Matrix(rows: directions.rows, columns: inputs) { target in
        directions.withUnsafePointer {
          Products.gemm(
            m: directions.rows, n: inputs, k: outputs, a: $0, lda: outputs, b: linear.weight, ldb: inputs, c: target,
            ldc: inputs)
        }
      }
    }
  }
}

extension Model {
  /// What attention (`place` is `.attentionOut`) or the feed-forward network (`.ffnOut`) of a block writes with; of a block
  /// that is not in memory nothing else is converted.
  ///
  /// - Throws: `ModelError` with code `notFinite`.
  public func outputProduct(_ place: NormPlace, block: Int) throws(ModelError) -> OutputProduct {
    precondition(place == .attentionOut || place == .ffnOut, "nothing is written at \(place)")
    if let known = cache.withLock({ $0.blocks[block] }) {
      return place == .attentionOut
        ? OutputProduct(known.attentionOut, known.attentionOutNorm, owner: known)
        : OutputProduct(known.ffnOut, known.ffnOutNorm, owner: known)
    }
    let names = tensors.blocks[block]
    var loader = WeightLoader(checkpoint: checkpoint, turnsInputs: true)
    let product = loader.plan([place == .attentionOut ? names.attentionOut : names.ffnOut])
    let plan = configuration.plans[block].norm(place)
    var norm: WeightLoader.Slot?
    if let plan, let names = place == .attentionOut ? names.attentionOutNorm : names.ffnOutNorm {
      norm = loader.plan(names, plan, configuration.width)
    }
    let memory = try loader.load(releases: false)
    let base = UnsafePointer(memory.pointer)
    return OutputProduct(product.linear(base), plan.flatMap { plan in norm?.norm(base, plan) }, owner: memory)
  }
}
