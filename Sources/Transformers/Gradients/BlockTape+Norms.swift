import Tensors

/// What a norm read and was divided by, where something looked at it or changed it.
struct SeenNorm<Element: KernelElement> {
  /// What it read, [rows, d].
  let input: NumberBuffer<Element>
  /// The scales that were written over, by row.
  let written: [Int: Element]
}

extension BlockTape {
  /// target ← norm(source), with what the norm reads and divides by shown; the two must not overlap.
  func apply(
    _ norm: NormPart<Element>, at place: NormPlace, _ source: Pointer, _ edit: Hook?, to target: Pointer
  ) throws {
    guard let edit, edit.looks(at: .normInput(place)) || edit.looks(at: .normScale(place)) else {
      return norm.apply(source, vectors, to: target)
    }
    let input = NumberBuffer<Element>(count: elements)
    input.pointer.update(from: source, count: elements)
    try see(edit, .normInput(place), input.pointer, width: sizes.width)
    let written = try showing(norm.scales(input.pointer, vectors), at: .normScale(place), edit)
    norm.apply(input.pointer, vectors, to: target)
    for (row, scale) in written {
      norm.apply(input.pointer + row * sizes.width, dividedBy: scale, to: target + row * sizes.width)
    }
    seenNorms[place] = SeenNorm(input: input, written: written)
  }

  /// dx ← dx + the gradient at what a norm reads for the gradient dy of what it gives, with that of the scale shown, too.
  ///
  /// - Parameter replaces: Whether dx is dy itself and is replaced.
  func back(
    through norm: NormPart<Element>, at place: NormPlace, _ source: Pointer, dy: Pointer, to dx: Pointer, _ way: Return,
    replaces: Bool = false
  ) throws {
    let (seen, parameters) = (seenNorms[place], way.parameters?.norm(place))
    let looks = [.normInput(place), .normScale(place)].contains { way.hook?.looks(at: $0) ?? false }
    let x = seen?.input.pointer ?? source
    guard looks || seen?.written.isEmpty == false else {
      return norm.backward(x, vectors, dy: dy, to: dx, gradient: parameters, replaces: replaces)
    }
    let own = NumberBuffer<Element>(count: elements)
    own.clear()
    let isChanged = try backSeen(norm, place, x, dy: dy, to: own.pointer, way)
    if !isChanged {
      // The way that nobody looks at, so that looking changes no bit.
      norm.backward(x, vectors, dy: dy, to: dx, gradient: nil, replaces: replaces)
    } else if replaces {
      dx.update(from: own.pointer, count: elements)
    } else {
      RowLoop.add(own.pointer, to: dx, count: elements)
    }
  }

  /// own ← the gradient at what the norm read; whether that is another than the norm alone would give.
  private func backSeen(
    _ norm: NormPart<Element>, _ place: NormPlace, _ x: Pointer, dy: Pointer, to own: Pointer, _ way: Return
  ) throws -> Bool {
    let (written, width) = (seenNorms[place]?.written ?? [:], sizes.width)
    let asked = (0..<rows).map { norm.scaleGradient(x + $0 * width, dy: dy + $0 * width, scale: written[$0]) }
    let changed = try showing(asked, at: .normScale(place), way.hook)
    norm.backward(x, vectors, dy: dy, to: own, gradient: way.parameters?.norm(place), scales: written)
    for row in Set(written.keys).union(changed.keys) {
      norm.backward(
        x + row * width, dy: dy + row * width, scale: written[row], scaleGradient: changed[row] ?? asked[row],
        to: own + row * width)
    }
    let before = NumberBuffer<Element>(count: elements)
    before.pointer.update(from: own, count: elements)
    try see(way.hook, .normInput(place), own, width: width)
    let isSame = (0..<elements).allSatisfy { own[$0] == before.pointer[$0] }
    return !(isSame && written.isEmpty && changed.isEmpty)
  }

  /// Shows one number to a row; those that were written over, by row.
  private func showing(_ numbers: [Element], at site: Site, _ hook: Hook?) throws -> [Int: Element] {
    var shown = numbers
    try shown.withUnsafeMutableBufferPointer { shown in
      guard let first = shown.baseAddress else { return }
      try see(hook, site, first, width: 1)
    }
    return Dictionary(uniqueKeysWithValues: shown.indices.filter { shown[$0] != numbers[$0] }.map { ($0, shown[$0]) })
  }
}
