import Checkpoints
import Files
import Tensors
import TestSupport
import Testing

@Suite struct CapturedStatesTests {
  private let metadata = StatesMetadata(
    model: "atlas-llama", modelDigest: "ab", dataset: "atlas", datasetDigest: "cd", position: "last")

  private func states(_ level: Int) -> Matrix {
    Matrix(rows: 3, columns: 2, values: (0..<6).map { Float(10 * level + $0) })
  }

  @Test func rowsComeBackWhateverTheOrderOfWriting() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/s.safetensors"
    let writer = try CapturedStatesWriter(
      path: path, states: 3, samples: 3, width: 2, metadata: metadata, positions: [4, 0, 2], nextTokens: [7, nil, 1],
      tokenIDs: [[1, 2], [], [3]])
    for level in [2, 0, 1] {
      try writer.write(states(level).rows(2..<3), state: level, firstRow: 2)
      try writer.write(states(level).rows(0..<2), state: level, firstRow: 0)
    }
    try writer.finish()
    let read = try CapturedStates(path: path)
    #expect(read.count == 3 && read.samples == 3 && read.width == 2 && read.metadata == metadata)
    #expect(read.positions == [4, 0, 2] && read.nextTokens == [7, nil, 1])
    for level in 0..<3 { #expect(try read.states(level) == states(level)) }
    #expect(try read.states(1, rows: 1..<3) == states(1).rows(1..<3))
    #expect(try read.tokenIDs(0) == [1, 2] && read.tokenIDs(1) == [] && read.tokenIDs(3) == nil)
    try read.requirePreNorm(for: "convergence")
    #expect(try read.digests() == [sha256(ofFile: path)])
  }

  /// Writes a file with these tensors (zeros) and metadata.
  private func file(
    _ path: String, _ tensors: [(String, [Int])], _ metadata: [(String, String)], type: TensorType = .f32,
    fill: UInt8 = 0
  ) throws {
    let declared = tensors.map { SafetensorsWriter.Tensor($0.0, type, $0.1) }
    let writer = try SafetensorsWriter(path: path, tensors: declared, metadata: metadata, durable: false)
    for tensor in declared {
      let count = tensor.shape.reduce(1, *) * type.byteCount
      try [UInt8](repeating: fill, count: count).withUnsafeBytes { try writer.append($0) }
    }
    try writer.finish()
  }

  private static let ours = [("format", "layerbook.states/1"), ("final_state", "pre_norm")]

  @Test func readsShardsInHalfPrecision() throws {
    let folder = try TemporaryDirectory()
    try file(folder.path + "/a.safetensors", [("hidden.0", [2, 3]), ("hidden.2", [2, 3])], Self.ours, type: .bf16)
    try file(folder.path + "/b.safetensors", [("hidden.1", [2, 3])], [("format", "pt")], type: .f16)
    let index =
      #"{"weight_map":{"hidden.0":"a.safetensors","hidden.1":"b.safetensors","hidden.2":"a.safetensors"}}"#
    try AtomicFile.write(Array(index.utf8), to: folder.path + "/states.safetensors.index.json")
    let read = try CapturedStates(path: folder.path)
    #expect(read.count == 3 && read.width == 3)
    #expect(try read.states(1) == Matrix(rows: 2, columns: 3))
    #expect(try read.digests().count == 2)
  }

  static let broken: [(String, [(String, [Int])], [(String, String)])] = [
    ("metadata 'format' is missing, expected 'layerbook.states/1'", [("hidden.0", [1, 1])], []),
    ("metadata 'format' is 'pt', expected 'layerbook.states/1'", [("hidden.0", [1, 1])], [("format", "pt")]),
    (
      "metadata 'final_state' is missing\nhint: 'pre_norm' says that the last hidden state was taken before the final "
        + "norm, 'post_norm' after it", [("hidden.0", [1, 1])], [("format", "layerbook.states/1")]
    ),
    (
      "metadata 'final_state' is 'x', expected 'pre_norm' or 'post_norm'", [("hidden.0", [1, 1])],
      [("format", "layerbook.states/1"), ("final_state", "x")]
    ),
    ("'hidden.0' and 'hidden.1' are expected at least", [("hidden.0", [1, 1])], ours),
    (
      "tensor 'hidden.3' does not follow on 'hidden.1'",
      [("hidden.0", [1, 1]), ("hidden.1", [1, 1]), ("hidden.3", [1, 1])],
      ours
    ),
    (
      "tensor 'hidden.01' does not follow on 'hidden.1'",
      [("hidden.0", [1, 1]), ("hidden.1", [1, 1]), ("hidden.01", [1, 1])], ours
    ),
    (
      "tensor 'hidden.1' has shape [1, 2] in F32, expected [1, 1] in F32, F16 or BF16",
      [("hidden.0", [1, 1]), ("hidden.1", [1, 2])], ours
    ),
    (
      "tensor 'hidden.0' has shape [4], expected [samples, width]", [("hidden.0", [4]), ("hidden.1", [4])], ours
    ),
    (
      "tensor 'position' has shape [2], expected [1]",
      [("hidden.0", [1, 1]), ("hidden.1", [1, 1]), ("position", [2])],
      ours
    ),
    (
      "tensor 'next_token' has type F32, expected I64, I32, U8 or BOOL",
      [("hidden.0", [1, 1]), ("hidden.1", [1, 1]), ("next_token", [1])], ours
    ),
  ]

  @Test(arguments: broken.indices) func refusesBrokenFiles(index: Int) throws {
    let (reason, tensors, metadata) = Self.broken[index]
    let folder = try TemporaryDirectory()
    let path = folder.path + "/s.safetensors"
    try file(path, tensors, metadata)
    let error = try #require(throws: CheckpointError.self) { try CapturedStates(path: path) }
    #expect(error.description == "cannot load \(path): " + reason)
  }

  @Test func statesMustBeFinite() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/s.safetensors"
    try file(path, [("hidden.0", [2, 2]), ("hidden.1", [2, 2])], Self.ours, fill: 0xFF)
    let error = try #require(throws: CheckpointError.self) { try CapturedStates(path: path).states(1, rows: 1..<2) }
    #expect(error.description == "cannot load \(path): tensor 'hidden.1' has a value that is NaN at [1, 0]")
  }

  @Test func postNormIsRefusedByThoseThatNeedPreNorm() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/s.safetensors"
    try file(
      path, [("hidden.0", [1, 1]), ("hidden.1", [1, 1])],
      [("format", "layerbook.states/1"), ("final_state", "post_norm")])
    let read = try CapturedStates(path: path)
    #expect(read.metadata.finalState == .postNorm)
    let error = try #require(throws: CheckpointError.self) { try read.requirePreNorm(for: "convergence") }
    #expect(
      error.description == "cannot load \(path): the last hidden state was taken after the final norm (final_state is "
        + "'post_norm'), but convergence needs it before\nhint: capture the states again with layerbook capture")
  }
}
