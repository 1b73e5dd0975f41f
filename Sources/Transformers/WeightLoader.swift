import Checkpoints
import Tensors

/// Converts a set of tensors into one piece of memory, several at a time, checking that every value is finite.
struct WeightLoader {
  /// Some elements of a tensor and where they will lie.
  struct Piece {
    var name: String
    var elements: Range<Int>
    var offset: Int
    /// How many elements the tensor's rows have, where these become columns; nil where all lie as they are stored.
    var turnedRow: Int?
  }

  let checkpoint: Checkpoint
  /// Whether matrices that are stored as [in, out] become [out, in], which products of few rows read twice as fast.
  let turnsInputs: Bool
  private(set) var pieces: [Piece] = []
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
      precondition(!rowsAreInputs, "a product that is not [out, in]")
      return Linear(weight: base + weight, bias: bias.map { base + $0 }, inputs: inputs, outputs: outputs)
    }

    func norm(_ base: UnsafePointer<Float>, _ plan: NormPlan) -> NormWeights {
      NormWeights(
        gain: base + weight, bias: bias.map { base + $0 }, width: outputs, kind: plan.kind, epsilon: plan.epsilon)
    }
  }

  init(checkpoint: Checkpoint, turnsInputs: Bool = false) {
    (self.checkpoint, self.turnsInputs) = (checkpoint, turnsInputs)
  }

  /// Plans products that share their input as one product: rows [out, in] stack up to [sum of outs, in].
  mutating func plan(_ linears: [LinearTensors]) -> Slot {
    precondition(linears.count == 1 || linears.allSatisfy { !$0.rowsAreInputs }, "[in, out] matrices do not stack")
    let start = total
    let isTurned = turnsInputs && linears[0].rowsAreInputs
    for linear in linears { add(linear.weight, linear, elementsPerOutput: linear.inputs) }
    if isTurned { pieces[pieces.count - 1].turnedRow = linears[0].outputs }
    align()
    let biasStart = total
    let hasBias = linears.allSatisfy { $0.bias != nil }
    if hasBias { for linear in linears { if let bias = linear.bias { add(bias, linear, elementsPerOutput: 1) } } }
    align()
    return Slot(
      weight: start, bias: hasBias ? biasStart : nil, inputs: linears[0].inputs,
      outputs: linears.reduce(0) { $0 + $1.outputs }, rowsAreInputs: linears[0].rowsAreInputs && !isTurned)
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
    let tasks = pieces.flatMap { $0.parts(of: 1 << 20) }
    var failures = [CheckpointError?](repeating: nil, count: tasks.count)
    failures.withUnsafeMutableBufferPointer { failures in
      nonisolated(unsafe) let slots = failures
      Compute.parallelFor(count: tasks.count) { index in
        do throws(CheckpointError) { try read(tasks[index], into: memory) } catch { slots[index] = error }
      }
    }
    for piece in pieces where releases { (try? checkpoint.file(of: piece.name))?.release(piece.name) }
    if let failure = failures.lazy.compactMap({ $0 }).first { throw ModelError(failure) }
    for range in gainsPlusOne { for index in range { memory.pointer[index] += 1 } }
    return memory
  }

  private func read(_ part: Piece.Part, into memory: FloatBuffer) throws(CheckpointError) {
    let piece = part.piece
    guard let row = piece.turnedRow else {
      let target = UnsafeMutableBufferPointer(
        start: memory.pointer + piece.offset + part.first, count: part.elements.count)
      return try checkpoint.readFiniteFloats(piece.name, elements: part.elements, into: target)
    }
    let rows = FloatBuffer(count: part.elements.count)
    try checkpoint.readFiniteFloats(
      piece.name, elements: part.elements,
      into: UnsafeMutableBufferPointer(start: rows.pointer, count: rows.count))
    let height = piece.elements.count / row
    rows.pointer.turn(
      rows: rows.count / row, columns: row, to: memory.pointer + piece.offset + part.first / row, stride: height)
  }

  /// Plans a whole tensor; where it will lie.
  mutating func plan(_ name: String, count: Int) -> Int {
    defer { align() }
    add(name, count)
    return total - count
  }

  /// Plans a part of one tensor.
  mutating func planRows(_ name: String, _ elements: Range<Int>) {
    pieces.append(Piece(name: name, elements: elements, offset: total))
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

extension WeightLoader.Piece {
  /// What one thread reads of it at a time.
  fileprivate struct Part {
    var piece: WeightLoader.Piece
    /// The first of its elements, counted from the piece's first.
    var first: Int
    var elements: Range<Int>
  }

  /// Cuts it into parts of about `size` elements: whole rows where it is turned.
  fileprivate func parts(of size: Int) -> [Part] {
    let step = turnedRow.map { max(1, size / $0) * $0 } ?? size
    return stride(from: 0, to: elements.count, by: step).map { first in
      let start = elements.lowerBound + first
      return Part(piece: self, first: first, elements: start..<min(start + step, elements.upperBound))
    }
  }
}

extension UnsafeMutablePointer<Float> {
  /// Writes rows as columns: `target` is [columns, rows], its rows `stride` elements apart.
  fileprivate func turn(rows: Int, columns: Int, to target: UnsafeMutablePointer<Float>, stride step: Int) {
    // Squares that fit in a few cache lines both ways.
    let side = 16
    for column in stride(from: 0, to: columns, by: side) {
      for row in stride(from: 0, to: rows, by: side) {
        for c in column..<Swift.min(column + side, columns) {
          for r in row..<Swift.min(row + side, rows) { target[c * step + r] = self[r * columns + c] }
        }
      }
    }
  }
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
