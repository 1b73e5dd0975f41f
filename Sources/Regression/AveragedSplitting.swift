internal import Tensors

/// Support vectors of all targets of a block at once where there are fewer dimensions than samples.
///
/// The alternating direction method of multipliers on the primal, in the eigenbasis of the sources: r is a copy of the
/// residuals y − Xw − b that carries the loss, u its scaled multiplier. One step is
/// ```
/// v = y − r + u,  μ = mean v,  T = Λ/(Λ + ρ)·Uᵀv,  s = y − UT − μ
/// a = 1.9s − 0.9r + u,  u = clip(a − clip(a, ε), ρC),  r = a − u
/// ```
/// for every target with its own ρ, so two products serve the whole block. Averages over a growing window of steps, of T
/// and μ for the primal and of u/ρ for the dual, are far nearer to the optimum than the last step, and are what is
/// checked: each has its own value, and the two enclose the optimum. Sources: Boyd and others, "Distributed optimization
/// and statistical learning via the alternating direction method of multipliers" (2011), sections 3.4.1 and 3.4.3; the
/// averaging, its window and the constants were chosen by measurement.
struct AveragedSplitting<Factor: SplittingFactor> {
  /// Single precision, or double.
  typealias Element = Factor.Element

  let basis: EigenBasis
  /// U, `[n, r]`.
  let left: Factor
  let c: Double
  let epsilon: Double
  let limits: Limits
  private let spectrum: [Element]
  private let memory: SplittingMemory<Element>
  private var slots: [Slot] = []

  /// When a target is given up.
  struct Limits {
    /// Steps at most.
    var steps: Int
    /// Within so many steps the gap must fall.
    var patience: Int
    /// The share to which it must fall.
    var progress: Double
  }

  /// A target in flight.
  private struct Slot {
    var start: SplittingStart
    var sum = 0.0
    var gap = Double.infinity
    var support = 0
    /// The gap `patience` steps ago, and when that was.
    var markedGap = Double.infinity
    var markedSteps: Int
    var entered: Int
  }

  init(
    _ basis: EigenBasis, left: Factor, c: Double, epsilon: Double, limits: Limits, capacity: Int
  ) {
    (self.basis, self.left, self.c, self.epsilon, self.limits) = (basis, left, c, epsilon, limits)
    spectrum = basis.spectrum.map { Element($0) }
    memory = SplittingMemory(capacity: capacity, samples: basis.count, rank: basis.rank)
  }

  private var n: Int { basis.count }
  private var rank: Int { basis.rank }

  /// Runs `count` targets; as some end, others take their slots.
  ///
  /// - Parameters:
  ///   - targets: all targets of the block, `[targets, n]`.
  ///   - next: makes the given number of further starts.
  ///   - finish: takes targets that left.
  mutating func run(
    _ count: Int, of targets: DoubleMatrix, next: (Range<Int>) -> [SplittingStart],
    finish: ([SplittingCandidate]) -> Void
  ) {
    var (loaded, clock) = (0, 0)
    while loaded < count || !slots.isEmpty {
      let free = memory.capacity - slots.count
      // A quarter at a time, so that products stay wide and starts come in batches.
      if loaded < count && (slots.isEmpty || 4 * free >= memory.capacity) {
        let part = loaded..<min(loaded + free, count)
        for start in next(part) { load(start, targets.row(start.row)) }
        loaded = part.upperBound
      }
      step()
      if clock % 8 == 4 {
        let ended = check()
        if !ended.isEmpty { finish(ended) }
      }
      clock += 1
    }
  }

  private mutating func load(_ start: SplittingStart, _ y: [Double]) {
    let slot = slots.count
    memory.write(y, to: memory.y + slot * n)
    memory.write(start.state, to: memory.state + slot * n)
    let zeros = [Double](repeating: 0, count: max(n, rank))
    memory.write(start.average.isEmpty ? Array(zeros[..<n]) : start.average, to: memory.average + slot * n)
    memory.write(start.mean.isEmpty ? Array(zeros[..<rank]) : start.mean, to: memory.mean + slot * rank)
    var fresh = Slot(start: start, markedSteps: start.steps, entered: start.steps)
    // A step of length zero leaves the state and forms v.
    memory.write(zeros, to: memory.product + slot * n)
    fresh.sum = Element.splitStep(
      memory.product + slot * n, memory.y + slot * n, memory.state + slot * n, memory.average + slot * n,
      memory.next + slot * n, n, row(fresh, shift: 0, relaxation: 0, keep: 1))
    slots.append(fresh)
  }

  private func row(_ slot: Slot, shift: Double, relaxation: Element, keep: Element) -> SplittingRow<Element> {
    SplittingRow(
      shift: Element(shift), epsilon: Element(slot.start.epsilon), bound: Element(slot.start.rho * c),
      relaxation: relaxation, keep: keep)
  }

  /// One step of every target.
  private mutating func step() {
    let (n, rank, count) = (n, rank, slots.count)
    left.project(memory.next, count: count, to: memory.projection)
    for (place, slot) in slots.enumerated() {
      Element.splitShrink(
        memory.projection + place * rank, memory.mean + place * rank, spectrum, rank, Element(slot.start.rho),
        Element(Self.keep(slot.start)))
    }
    left.expand(memory.projection, count: count, to: memory.product)
    for place in 0..<count {
      let shift = slots[place].sum / Double(n)
      let keep = Self.keep(slots[place].start)
      slots[place].start.bias = keep * slots[place].start.bias + (1 - keep) * shift
      adapt(place, shift)
      slots[place].sum = Element.splitStep(
        memory.product + place * n, memory.y + place * n, memory.state + place * n, memory.average + place * n,
        memory.next + place * n, n, row(slots[place], shift: shift, relaxation: 1.9, keep: Element(keep)))
      slots[place].start.steps += 1
    }
  }

  /// Share of the old averages in the new ones.
  private static func keep(_ start: SplittingStart) -> Double { max(0, 1 - start.window / Double(start.steps + 1)) }

  /// At certain steps, balances the changes of r and of u by another ρ, and sees whether the margin is hard.
  private mutating func adapt(_ place: Int, _ shift: Double) {
    let steps = slots[place].start.steps
    guard [12, 24, 48, 192, 384, 768, 1536, 3072].contains(steps) else { return }
    let row = row(slots[place], shift: shift, relaxation: 1.9, keep: 0)
    if steps == 48 {
      let codes = Element.splitCodes(memory.state + place * n, n, row.epsilon, row.bound)
      if 20 * codes.limit < n {
        // With hardly any sample at ±C steps converge linearly: a long window holds the averages back, and a gap that
        // is a share of ½‖w‖² alone bounds the distance from the optimum well.
        slots[place].start.window = 10
      }
    }
    let sums = Element.splitMeasure(
      memory.product + place * n, memory.y + place * n, memory.state + place * n, n, row)
    let ratio = 0.4 * (sums[0] / sums[1]).squareRoot() / (sums[2] / sums[3]).squareRoot()
    guard ratio.isFinite, ratio > 0 else { return }
    let factor = min(max(ratio.squareRoot(), 0.25), 4)
    if steps > 12 && factor > 0.6 && factor < 1.7 { return }
    Element.splitRescale(
      memory.state + place * n, memory.average + place * n, n, row.epsilon, row.bound, Element(factor))
    slots[place].start.rho *= factor
  }

  /// Forms candidates of the targets that are far enough, and lets go of those that are done or get nowhere.
  private mutating func check() -> [SplittingCandidate] {
    // Slots are in the order in which targets came.
    let count = slots.prefix { $0.start.steps > 36 }.count
    if count == 0 { return [] }
    for place in 0..<count { formCoefficients(place) }
    left.expand(memory.mean, count: count, to: memory.product)
    left.project(memory.beta, count: count, to: memory.image)
    var ended: [Int] = []
    for place in 0..<count {
      slots[place].gap = gap(place)
      if isDone(slots[place]) || isStuck(place) { ended.append(place) }
    }
    let candidates = ended.map { candidate($0) }
    remove(ended)
    return candidates
  }

  private func isDone(_ slot: Slot) -> Bool { slot.gap < 0.95 * slot.start.aim }

  private mutating func isStuck(_ place: Int) -> Bool {
    let slot = slots[place]
    if slot.start.steps - slot.entered >= limits.steps { return true }
    if slot.start.steps - slot.markedSteps < limits.patience { return false }
    if slot.markedGap.isFinite && slot.gap > limits.progress * slot.markedGap { return true }
    slots[place].markedGap = slot.gap
    slots[place].markedSteps = slot.start.steps
    return false
  }

  /// β = averaged u/ρ, clipped to the box, with the sum moved to zero by the entries inside the box.
  private func formCoefficients(_ place: Int) {
    let beta = memory.beta + place * n
    Element.splitCandidate(
      memory.average + place * n, beta, n, Element(1 / slots[place].start.rho), Element(c))
    var (sum, open) = Element.splitShift(beta, n, 0, Element(c))
    for _ in 0..<6 where open > 0 && abs(sum) > 1e-6 * c {
      (sum, open) = Element.splitShift(beta, n, Element(-sum / Double(open)), Element(c))
    }
  }

  /// (P − D)/P of the candidates.
  private func gap(_ place: Int) -> Double {
    let (mean, image) = (memory.mean + place * rank, memory.image + place * rank)
    var (primal, dual) = (0.0, 0.0)
    for i in 0..<rank {
      let (t, q) = (Double(mean[i]), Double(image[i]))
      primal += t * t / basis.spectrum[i]
      dual += q * q * basis.spectrum[i]
    }
    let values = Element.splitValues(
      memory.y + place * n, memory.product + place * n, memory.beta + place * n, n,
      Element(slots[place].start.bias), Element(epsilon))
    let value = 0.5 * primal + c * values.loss
    return (value - (values.linear - 0.5 * dual - epsilon * values.size)) / value
  }

  private func candidate(_ place: Int) -> SplittingCandidate {
    let slot = slots[place]
    var start = slot.start
    start.state = memory.read(memory.state + place * n, n)
    start.average = memory.read(memory.average + place * n, n)
    start.mean = memory.read(memory.mean + place * rank, rank)
    let row = row(slot, shift: 0, relaxation: 1, keep: 0)
    return SplittingCandidate(
      start: start, coefficients: memory.read(memory.beta + place * n, n),
      support: Element.splitCodes(memory.state + place * n, n, row.epsilon, row.bound).support,
      steps: slot.start.steps - slot.entered)
  }

  /// Closes up the slots behind those given, which are in ascending order.
  private mutating func remove(_ ended: [Int]) {
    guard let first = ended.first else { return }
    let gone = Set(ended)
    var place = first
    for slot in first..<slots.count where !gone.contains(slot) {
      memory.move(slot, to: place)
      slots[place] = slots[slot]
      place += 1
    }
    slots.removeLast(ended.count)
  }
}
