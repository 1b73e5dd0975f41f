public import Tensors

/// Writes a `layerbook.states/1` file, rows of any state in any order, in little memory.
public final class CapturedStatesWriter {
  private let writer: SafetensorsWriter
  private let firstState: Int
  private let width: Int

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: The target; it appears when `finish()` returns.
  ///   - states: L + 1.
  ///   - samples: Rows of every state.
  ///   - width: d.
  ///   - metadata: Where the states come from.
  ///   - positions: The position of each sample in its text.
  ///   - nextTokens: The token after each sample, nil for none.
  ///   - tokenIDs: The tokens of each sample's text.
  /// - Throws: `CheckpointError` with code `file`.
  public init(
    path: String, states: Int, samples: Int, width: Int, metadata: StatesMetadata, positions: [Int]? = nil,
    nextTokens: [Int?]? = nil, tokenIDs: [[Int]] = []
  ) throws(CheckpointError) {
    var tensors: [SafetensorsWriter.Tensor] = []
    var columns: [[Int64]] = []
    func declare(_ name: String, _ values: [Int64]) {
      tensors.append(.init(name, .i64, [values.count]))
      columns.append(values)
    }
    if let positions {
      precondition(positions.count == samples, "\(positions.count) positions for \(samples) samples")
      declare("position", positions.map(Int64.init))
    }
    if let nextTokens {
      precondition(nextTokens.count == samples, "\(nextTokens.count) next tokens for \(samples) samples")
      declare("next_token", nextTokens.map { Int64($0 ?? -1) })
    }
    for (index, ids) in tokenIDs.enumerated() { declare("token_ids.\(index)", ids.map(Int64.init)) }
    firstState = tensors.count
    self.width = width
    tensors += (0..<states).map { .init("hidden.\($0)", .f32, [samples, width]) }
    writer = try SafetensorsWriter(path: path, tensors: tensors, metadata: metadata.pairs)
    for values in columns { try writer.append(values) }
  }

  /// Puts some rows of one state in their place; every row of every state must be written once.
  ///
  /// - Parameters:
  ///   - rows: [n, d].
  ///   - state: l of h_l.
  ///   - firstRow: The sample of the first row.
  public func write(_ rows: Matrix, state: Int, firstRow: Int) throws(CheckpointError) {
    precondition(rows.columns == width, "states \(rows.columns) wide, expected \(width)")
    let rowBytes = width * MemoryLayout<Float>.stride
    try rows.withUnsafePointer { (pointer) throws(CheckpointError) in
      try writer.write(
        UnsafeRawBufferPointer(start: pointer, count: rows.rows * rowBytes), tensor: firstState + state,
        at: firstRow * rowBytes)
    }
  }

  /// Puts the complete file in place.
  public func finish() throws(CheckpointError) { try writer.finish() }
}
