/// Working memory of an operator splitting for a block of targets: one slot a target.
package final class SplittingMemory<Element: SplittingElement> {
  /// Targets, states, averaged dual parts, right sides of the next step, products, coefficients: `[capacity, samples]`.
  package let y, state, average, next, product, beta: UnsafeMutablePointer<Element>
  /// Projections on the eigenbasis, their averages, and those of coefficients: `[capacity, rank]`.
  package let projection, mean, image: UnsafeMutablePointer<Element>
  /// Slots.
  package let capacity: Int
  private let samples: Int
  private let rank: Int

  /// Makes memory of zeros.
  package init(capacity: Int, samples: Int, rank: Int) {
    (self.capacity, self.samples, self.rank) = (capacity, samples, rank)
    func zeros(_ count: Int) -> UnsafeMutablePointer<Element> {
      let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
      memory.initialize(repeating: 0, count: count)
      return memory
    }
    let (tall, short) = (capacity * samples, capacity * rank)
    (y, state, average) = (zeros(tall), zeros(tall), zeros(tall))
    (next, product, beta) = (zeros(tall), zeros(tall), zeros(tall))
    (projection, mean, image) = (zeros(short), zeros(short), zeros(short))
  }

  deinit {
    for memory in [y, state, average, next, product, beta, projection, mean, image] { memory.deallocate() }
  }

  /// Moves what lasts from step to step from one slot to another.
  package func move(_ slot: Int, to other: Int) {
    if slot == other { return }
    for memory in [y, state, average, next] {
      (memory + other * samples).update(from: memory + slot * samples, count: samples)
    }
    (mean + other * rank).update(from: mean + slot * rank, count: rank)
  }

  /// Copies numbers to where a slot's begin.
  package func write(_ values: [Double], to place: UnsafeMutablePointer<Element>) {
    for (i, value) in values.enumerated() { place[i] = Element(value) }
  }

  /// Copies `count` numbers.
  package func read(_ place: UnsafeMutablePointer<Element>, _ count: Int) -> [Double] {
    (0..<count).map { Double(place[$0]) }
  }
}
