import Checkpoints
import Tensors

/// Converts a set of tensors into one piece of memory, several at a time, checking that every value is finite.
struct WeightLoader {
  let checkpoint: Checkpoint
  /// What is planned: elements of tensors and where they will lie.
  private(set) var pieces: [(name: String, elements: Range<Int>, offset: Int)] = []
  /// Gains that are stored as differences from 1.
  private var gainsPlusOne: [Range<Int>] = []
  private var total = 0

  /// Where a product's or a norm's tensors will lie.
  struct Slot {
    var weight: Int
    var bias: Int?
    var inputs: Int
    var outputs: Int
    var rowsAreInputs: Bool

    func linear(_ base: UnsafePointer<Float>) -> Linear {
      Linear(
        weight: base + weight, bias: bias.map { base + $0 }, inputs: inputs, outputs: outputs,
        rowsAreInputs: rowsAreInputs)
    }

    func norm(_ base: UnsafePointer<Float>, _ plan: NormPlan) -> NormWeights {
      NormWeights(
        gain: base + weight, bias: bias.map { base + $0 }, width: outputs, kind: plan.kind, epsilon: plan.epsilon)
    }
  }

  init(checkpoint: Checkpoint) { self.checkpoint = checkpoint }

  /// Plans products that share their input as one product: rows [out, in] stack up to [sum of outs, in].
  mutating func plan(_ linears: [LinearTensors]) -> Slot {
    precondition(linears.count == 1 || linears.allSatisfy { !$0.rowsAreInputs }, "[in, out] matrices do not stack")
    let start = total
    for linear in linears { add(linear.weight, linear, elementsPerOutput: linear.inputs) }
    align()
    let biasStart = total
    let hasBias = linears.allSatisfy { $0.bias != nil }
    if hasBias { for linear in linears { if let bias = linear.bias { add(bias, linear, elementsPerOutput: 1) } } }
    align()
    return Slot(
      weight: start, bias: hasBias ? biasStart : nil, inputs: linears[0].inputs,
      outputs: linears.reduce(0) { $0 + $1.outputs }, rowsAreInputs: linears[0].rowsAreInputs)
  }

  /// Plans a norm of `width` elements.
  mutating func plan(_ norm: NormTensors, _ plan: NormPlan, _ width: Int) -> Slot {
    let start = total
    add(norm.gain, width)
    if plan.gain == .onePlusWeight { gainsPlusOne.append(start..<start + width) }
    align()
    let biasStart = total
    if let bias = norm.bias { add(bias, width) }
    align()
    return Slot(
      weight: start, bias: norm.bias == nil ? nil : biasStart, inputs: width, outputs: width, rowsAreInputs: false)
  }

  /// Converts everything planned.
  ///
  /// - Parameter releases: Whether to give the mapped pages back; not where they are soon read again.
  func load(releases: Bool = true) throws(ModelError) -> FloatBuffer {
    let memory = FloatBuffer(count: total)
    let chunk = 1 << 20
    var tasks: [(name: String, elements: Range<Int>, offset: Int)] = []
    for piece in pieces {
      for start in stride(from: 0, to: piece.elements.count, by: chunk) {
        let end = min(start + chunk, piece.elements.count)
        let first = piece.elements.lowerBound
        tasks.append((piece.name, first + start..<first + end, piece.offset + start))
      }
    }
    var failures = [CheckpointError?](repeating: nil, count: tasks.count)
    failures.withUnsafeMutableBufferPointer { failures in
      nonisolated(unsafe) let slots = failures
      Compute.parallelFor(count: tasks.count) { index in
        let task = tasks[index]
        let target = UnsafeMutableBufferPointer(start: memory.pointer + task.offset, count: task.elements.count)
        do throws(CheckpointError) {
          try checkpoint.readFiniteFloats(task.name, elements: task.elements, into: target)
        } catch { slots[index] = error }
      }
    }
    for piece in pieces where releases { (try? checkpoint.file(of: piece.name))?.release(piece.name) }
    if let failure = failures.lazy.compactMap({ $0 }).first { throw ModelError(failure) }
    for range in gainsPlusOne { for index in range { memory.pointer[index] += 1 } }
    return memory
  }

  /// Whether a tensor holds differences from 1.
  func isGainPlusOne(_ name: String) -> Bool {
    pieces.contains { piece in piece.name == name && gainsPlusOne.contains { $0.lowerBound == piece.offset } }
  }

  /// Plans a whole tensor; where it will lie.
  mutating func plan(_ name: String, count: Int) -> Int {
    defer { align() }
    add(name, count)
    return total - count
  }

  /// Plans a part of one tensor.
  mutating func planRows(_ name: String, _ elements: Range<Int>) {
    pieces.append((name, elements, total))
    total += elements.count
  }

  private mutating func add(_ name: String, _ count: Int) { planRows(name, 0..<count) }

  /// Plans a product's weights or bias, in the order in which its outputs are wanted.
  private mutating func add(_ name: String, _ linear: LinearTensors, elementsPerOutput size: Int) {
    precondition(linear.outputOrder == nil || !linear.rowsAreInputs, "outputs of [in, out] do not lie together")
    for part in linear.outputOrder ?? [0..<linear.outputs] {
      planRows(name, part.lowerBound * size..<part.upperBound * size)
    }
  }

  /// Moves on to a multiple of 16 elements, so that every matrix begins on a cache line.
  private mutating func align() { total = (total + 15) / 16 * 16 }
}

extension Checkpoint {
  /// Converts some values of a tensor and checks them.
  ///
  /// - Throws: `CheckpointError` with code `notFinite` that says where a NaN or infinity stands.
  func readFiniteFloats(
    _ name: String, elements: Range<Int>, into target: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    let file = try file(of: name)
    try file.readFloats(name, elements: elements, into: target)
    guard let bad = firstNonFinite(UnsafeBufferPointer(target)) else { return }
    let word = target[bad].isNaN ? "NaN" : "infinite"
    var place: [Int] = []
    var rest = elements.lowerBound + bad
    for size in try file.shape(of: name).reversed() {
      place.insert(rest % size, at: 0)
      rest /= size
    }
    throw CheckpointError(.notFinite, path: file.path, tensor: name, "has a value that is \(word) at \(place)")
  }
}
