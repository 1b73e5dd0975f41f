import Tensors

/// A norm whose scale is looked at, or is another than what it read gives; vectors lie one to a row.
extension NormPart {
  /// What each vector is divided by: √(var + ε), or √(mean square + ε) where the norm does not centre.
  func scales(_ x: UnsafePointer<Element>, _ vectors: Vectors) -> [Element] {
    (0..<vectors.rows).map { Element(1 / statistics(x + $0 * vectors.stride).inverse) }
  }

  /// y ← norm of one vector, divided by `scale`.
  func apply(_ x: UnsafePointer<Element>, dividedBy scale: Element, to y: UnsafeMutablePointer<Element>) {
    let mean = Element(statistics(x).mean)
    for i in 0..<width { y[i] = (gain[i] + offset) * ((x[i] - mean) / scale) + (bias?[i] ?? 0) }
  }

  /// The gradient at the scale s of one vector: with e = dy · gain it is −Σ e (x − mean) / s².
  func scaleGradient(_ x: UnsafePointer<Element>, dy: UnsafePointer<Element>, scale: Element?) -> Element {
    let statistics = statistics(x, scale: scale)
    var sum = 0.0
    for i in 0..<width { sum += Double(dy[i] * (gain[i] + offset)) * (Double(x[i]) - statistics.mean) }
    return Element(-sum * statistics.inverse * statistics.inverse)
  }

  /// dx ← the gradient at one vector where that at its scale is `asked`.
  ///
  /// The scale moves with x as if nothing had changed it: ds/dx = (x − mean) / (d s).
  func backward(
    _ x: UnsafePointer<Element>, dy: UnsafePointer<Element>, scale: Element?, scaleGradient asked: Element,
    to dx: UnsafeMutablePointer<Element>
  ) {
    let (own, used) = (statistics(x), statistics(x, scale: scale))
    var shift = 0.0
    if own.centres {
      for i in 0..<width { shift += Double(dy[i] * (gain[i] + offset)) }
      shift /= Double(width)
    }
    let slope = Double(asked) * own.inverse / Double(width)
    for i in 0..<width {
      let direct = (Double(dy[i] * (gain[i] + offset)) - shift) * used.inverse
      dx[i] = Element(direct + slope * (Double(x[i]) - own.mean))
    }
  }
}
