import Tensors

/// The weights between a state and its logits, or the places of their gradients: final norm or a masked model's transform
/// (dense, activation, norm), then unembedding.
package struct HeadParts<Element: KernelElement> {
  /// The final norm; nil where there is none.
  package var norm: NormPart<Element>?
  /// The dense product before the unembedding of a masked model.
  package var transform: LinearPart<Element>?
  /// The function after it.
  package var activation: ActivationFunction = .geluErf
  /// The norm after that.
  package var transformNorm: NormPart<Element>?
  /// U [V, d] with the bias of the logits.
  package var unembedding: LinearPart<Element>
  /// c of the soft cap c · tanh(logit / c).
  package var softCap: Element?

  /// A head that is nothing but an unembedding; the rest is named afterwards.
  package init(unembedding: LinearPart<Element>) { self.unembedding = unembedding }
}

/// Some states on their way to logits and back.
///
/// Legend: h states, x what the unembedding reads, t and v the transform before and after its activation, all [rows, d]; z
/// logits [rows, V].
package struct HeadTape<Element: KernelElement> {
  private let head: HeadParts<Element>
  private let rows: Int
  private let h: UnsafePointer<Element>
  private let t: NumberBuffer<Element>
  private let v: NumberBuffer<Element>
  private let x: NumberBuffer<Element>
  private let z: NumberBuffer<Element>

  private var width: Int { head.unembedding.inputs }
  private var vocabulary: Int { head.unembedding.outputs }
  private var vectors: NormPart<Element>.Vectors { .init(rows: rows, stride: width) }
  private var activation: ActivationPart<Element> {
    ActivationPart(head.activation, isGated: false, width: width)
  }

  /// Computes the logits of states [rows, d], which must outlive the tape.
  package init(_ head: HeadParts<Element>, states h: UnsafePointer<Element>, rows: Int) {
    (self.head, self.rows, self.h) = (head, rows, h)
    let (width, hasTransform) = (head.unembedding.inputs, head.transform != nil)
    t = NumberBuffer(count: hasTransform ? rows * width : 0)
    v = NumberBuffer(count: hasTransform ? rows * width : 0)
    x = NumberBuffer(count: rows * width)
    z = NumberBuffer(count: rows * head.unembedding.outputs)
    var read = h
    if let transform = head.transform {
      transform.apply(h, rows: rows, to: t.pointer)
      activation.apply(t.pointer, rows: rows, to: v.pointer)
      read = UnsafePointer(v.pointer)
    }
    if let norm = head.transform == nil ? head.norm : head.transformNorm {
      norm.apply(read, vectors, to: x.pointer)
    } else {
      x.pointer.update(from: read, count: rows * width)
    }
    head.unembedding.apply(x.pointer, rows: rows, to: z.pointer)
    cap()
  }

  /// The logits, [rows, V].
  package var logits: [Element] { z.values }

  private func cap() {
    guard let cap = head.softCap else { return }
    let count = vocabulary
    Compute.parallelFor(count: rows) { row in
      let line = z.pointer + row * count
      for index in 0..<count { line[index] /= cap }
      Element.activate(.tanh, line, count: count)
      for index in 0..<count { line[index] *= cap }
    }
  }

  /// Goes back from an objective to the states; once only, since the logits become their gradient.
  ///
  /// - Parameters:
  ///   - objective: What the logits make; its positions are the rows from `first` on.
  ///   - weights: dL/d(value) of each of the objective's positions.
  ///   - dh: Where dL/dh is added, [rows, d].
  ///   - parameters: Where the gradients of the weights are added; nil where they are not wanted.
  /// - Returns: The value of each row.
  package func backward(
    _ objective: LogitObjective, first: Int, weights: [Double], to dh: UnsafeMutablePointer<Element>,
    parameters: HeadParts<Element>?
  ) -> [Double] {
    let values = beginWith(objective, first: first, weights: weights)
    let dx = NumberBuffer<Element>(count: rows * width)
    parameters?.unembedding.addGradient(of: z.pointer, at: x.pointer, rows: rows)
    head.unembedding.inputGradient(z.pointer, rows: rows, to: dx.pointer)
    guard let transform = head.transform else {
      if let norm = head.norm {
        norm.backward(h, vectors, dy: dx.pointer, to: dh, gradient: parameters?.norm)
      } else {
        RowLoop.add(dx.pointer, to: dh, count: rows * width)
      }
      return values
    }
    head.transformNorm?.backward(
      v.pointer, vectors, dy: dx.pointer, to: dx.pointer, gradient: parameters?.transformNorm, replaces: true)
    activation.backward(t.pointer, dy: dx.pointer, rows: rows)
    parameters?.transform?.addGradient(of: t.pointer, at: h, rows: rows)
    transform.inputGradient(t.pointer, rows: rows, to: dx.pointer)
    RowLoop.add(dx.pointer, to: dh, count: rows * width)
    return values
  }

  /// z ← dL/d(logits before the soft cap).
  private func beginWith(_ objective: LogitObjective, first: Int, weights: [Double]) -> [Double] {
    let count = vocabulary
    return Compute.parallelMap(count: rows) { row in
      let line = z.pointer + row * count
      let capped = NumberBuffer<Element>(count: head.softCap == nil ? 0 : count)
      if head.softCap != nil { capped.pointer.update(from: line, count: count) }
      let value = objective.replace(line, count: count, position: first + row, weight: weights[first + row])
      if let cap = head.softCap {
        for index in 0..<count {
          let share = capped.pointer[index] / cap
          line[index] *= 1 - share * share
        }
      }
      return value
    }
  }
}
