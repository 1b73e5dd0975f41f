import Tensors

/// What stands between the two products of a feed-forward network, forwards and back.
package struct ActivationPart<Element: KernelElement> {
  let function: ActivationFunction
  let isGated: Bool
  /// d_ff.
  let width: Int

  /// An activation of `width` numbers; with a gate the input holds twice as many.
  package init(_ function: ActivationFunction, isGated: Bool, width: Int) {
    (self.function, self.isGated, self.width) = (function, isGated, width)
  }

  private var inputs: Int { isGated ? 2 * width : width }

  /// y [rows, width] ← f(x), or f(gate) · up where x [rows, 2 width] holds gates and then ups.
  package func apply(_ x: UnsafePointer<Element>, rows: Int, to y: UnsafeMutablePointer<Element>) {
    Compute.parallelFor(count: rows, chunk: 16) { part in
      for row in part {
        let (from, to) = (x + row * inputs, y + row * width)
        to.update(from: from, count: width)
        Element.activate(function, to, count: width)
        if isGated { RowLoop.multiply(to, by: from + width, count: width) }
      }
    }
  }

  /// x ← the gradient at x for the gradient dy [rows, width] of the output.
  package func backward(_ x: UnsafeMutablePointer<Element>, dy: UnsafePointer<Element>, rows: Int) {
    Compute.parallelFor(count: rows, chunk: 16) { part in
      let slopes = NumberBuffer<Element>(count: isGated ? width : 0)
      for row in part {
        let (gate, asked) = (x + row * inputs, dy + row * width)
        guard isGated else {
          Element.slope(of: function, at: gate, to: gate, count: width)
          RowLoop.multiply(gate, by: asked, count: width)
          continue
        }
        let (up, slope) = (gate + width, slopes.pointer)
        Element.slope(of: function, at: gate, to: slope, count: width)
        Element.activate(function, gate, count: width)
        for i in 0..<width {
          let value = gate[i]
          gate[i] = asked[i] * up[i] * slope[i]
          up[i] = asked[i] * value
        }
      }
    }
  }
}
