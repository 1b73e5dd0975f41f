import Tensors

/// The weights of a product y = x Wᵀ + b, or the place of their gradients.
package struct LinearPart<Element: KernelElement> {
  var weight: UnsafeMutablePointer<Element>
  var bias: UnsafeMutablePointer<Element>?
  var inputs: Int
  var outputs: Int
  /// Whether the matrix is [inputs, outputs] rather than [outputs, inputs].
  var rowsAreInputs: Bool

  /// Names the weights.
  package init(
    weight: UnsafeMutablePointer<Element>, bias: UnsafeMutablePointer<Element>?, inputs: Int, outputs: Int,
    rowsAreInputs: Bool
  ) {
    (self.weight, self.bias, self.inputs, self.outputs) = (weight, bias, inputs, outputs)
    self.rowsAreInputs = rowsAreInputs
  }

  /// y [rows, outputs] ← x Wᵀ + b for x [rows, inputs].
  package func apply(_ x: UnsafePointer<Element>, rows: Int, to y: UnsafeMutablePointer<Element>) {
    Products.gemm(
      transposeB: !rowsAreInputs, m: rows, n: outputs, k: inputs, a: x, lda: inputs, b: weight,
      ldb: rowsAreInputs ? outputs : inputs, c: y, ldc: outputs)
    guard let bias else { return }
    let width = outputs
    Compute.parallelFor(count: rows, chunk: 32) { part in
      for row in part {
        let line = y + row * width
        for index in 0..<width { line[index] += bias[index] }
      }
    }
  }

  /// dx [rows, inputs] ← dy W for the gradient dy [rows, outputs] of the output.
  package func inputGradient(_ dy: UnsafePointer<Element>, rows: Int, to dx: UnsafeMutablePointer<Element>) {
    Products.gemm(
      transposeB: rowsAreInputs, m: rows, n: inputs, k: outputs, a: dy, lda: outputs, b: weight,
      ldb: rowsAreInputs ? outputs : inputs, c: dx, ldc: inputs)
  }

  /// Adds to the gradients of W and b, which this is the place of, what dy [rows, outputs] asks of them at x.
  package func addGradient(of dy: UnsafePointer<Element>, at x: UnsafePointer<Element>, rows: Int) {
    if rowsAreInputs {
      Products.gemm(
        transposeA: true, m: inputs, n: outputs, k: rows, a: x, lda: inputs, b: dy, ldb: outputs, keep: 1, c: weight,
        ldc: outputs)
    } else {
      Products.gemm(
        transposeA: true, m: outputs, n: inputs, k: rows, a: dy, lda: outputs, b: x, ldb: inputs, keep: 1, c: weight,
        ldc: inputs)
    }
    if let bias { RowLoop.addColumnSums(dy, stride: outputs, rows: rows, width: outputs, to: bias) }
  }
}
