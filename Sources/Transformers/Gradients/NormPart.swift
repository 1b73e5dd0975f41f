import Tensors

/// The weights of a norm as the checkpoint stores them, or the place of their gradients.
package struct NormPart<Element: KernelElement> {
  var gain: UnsafeMutablePointer<Element>
  var bias: UnsafeMutablePointer<Element>?
  var width: Int
  var plan: NormPlan

  /// Names the weights.
  package init(
    gain: UnsafeMutablePointer<Element>, bias: UnsafeMutablePointer<Element>?, width: Int, plan: NormPlan
  ) { (self.gain, self.bias, self.width, self.plan) = (gain, bias, width, plan) }

  /// Vectors of the norm's width in a matrix: `perRow` of them side by side from the start of every row.
  package struct Vectors {
    var rows: Int
    var stride: Int
    var perRow: Int

    /// `perRow` vectors in each of `rows` rows, which are `stride` apart.
    package init(rows: Int, stride: Int, perRow: Int = 1) {
      (self.rows, self.stride, self.perRow) = (rows, stride, perRow)
    }
  }

  /// Rows one thread takes; the partial sums of the gains' gradients follow it, not the number of threads.
  private static var part: Int { 64 }

  var offset: Element { plan.gain == .onePlusWeight ? 1 : 0 }

  /// What is subtracted from a vector and what it is multiplied by, which is 1 / `scale` where one is given.
  func statistics(_ x: UnsafePointer<Element>, scale: Element? = nil) -> NormStatistics {
    var result = Element.normStatistics(x, centres: plan.kind == .layerNorm, epsilon: plan.epsilon, count: width)
    if let scale { result.inverse = 1 / Double(scale) }
    return result
  }

  /// y ← norm of x, vector by vector; `y` may be `x`.
  package func apply(_ x: UnsafePointer<Element>, _ vectors: Vectors, to y: UnsafeMutablePointer<Element>) {
    let offset = offset
    forEach(vectors) { place in
      let (from, to) = (x + place, y + place)
      let statistics = statistics(from)
      let (mean, inverse) = (Element(statistics.mean), Element(statistics.inverse))
      if let bias {
        for i in 0..<width { to[i] = (gain[i] + offset) * ((from[i] - mean) * inverse) + bias[i] }
      } else {
        for i in 0..<width { to[i] = (gain[i] + offset) * ((from[i] - mean) * inverse) }
      }
    }
  }

  /// dx ← dx + the gradient at x for the gradient dy of the norm; `gradient` is where those of gain and bias are added.
  ///
  /// - Parameters:
  ///   - replaces: Whether dx is dy itself and is replaced.
  ///   - scales: What some rows were divided by instead of their own scale, which counts for gain and bias.
  package func backward(
    _ x: UnsafePointer<Element>, _ vectors: Vectors, dy: UnsafePointer<Element>, to dx: UnsafeMutablePointer<Element>,
    gradient: NormPart?, replaces: Bool = false, scales: [Int: Element] = [:]
  ) {
    let parts = (vectors.rows + Self.part - 1) / Self.part
    let room = gradient == nil ? 0 : width * (bias == nil ? 1 : 2)
    let sums = NumberBuffer<Element>(count: parts * room)
    sums.clear()
    Compute.parallelFor(count: parts) { index in
      let own = sums.pointer + index * room
      let line = NumberBuffer<Element>(count: replaces ? width : 0)
      let end = min((index + 1) * Self.part, vectors.rows)
      for row in index * Self.part..<end {
        for vector in 0..<vectors.perRow {
          let place = row * vectors.stride + vector * width
          let statistics = statistics(x + place, scale: scales.isEmpty ? nil : scales[row])
          if gradient != nil {
            Element.normParameterGradient(
              x + place, statistics, gradient: dy + place, gain: own, bias: bias == nil ? nil : own + width,
              count: width)
          }
          var asked = dy + place
          if replaces {
            line.pointer.update(from: asked, count: width)
            (dx + place).update(repeating: 0, count: width)
            asked = UnsafePointer(line.pointer)
          }
          Element.normGradient(
            x + place, statistics, gain: gain, offset: offset, gradient: asked, to: dx + place, count: width)
        }
      }
    }
    guard let gradient else { return }
    RowLoop.addColumnSums(sums.pointer, stride: room, rows: parts, width: width, to: gradient.gain)
    guard let bias = gradient.bias else { return }
    RowLoop.addColumnSums(sums.pointer + width, stride: room, rows: parts, width: width, to: bias)
  }

  private func forEach(_ vectors: Vectors, _ body: (Int) -> Void) {
    Compute.parallelFor(count: vectors.rows, chunk: 32) { part in
      for row in part {
        for vector in 0..<vectors.perRow { body(row * vectors.stride + vector * width) }
      }
    }
  }
}
