import Checkpoints
import Files
import TestSupport
import Testing

@Suite struct SafetensorsFileTests {
  @Test func writesAndReadsBack() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/f.safetensors"
    let writer = try SafetensorsWriter(
      path: path, tensors: [.init("n", .i64, [2]), .init("w", .f32, [2, 2])], metadata: [("k", "v\n"), ("a", "é")])
    try writer.append([Int64.min, 7])
    try writer.append([Float(1.5), -0.0])
    #expect(!isFile(path), "nothing is in place before finish()")
    try writer.append([Float.infinity, 0x1p-149])
    try writer.finish()
    let file = try SafetensorsFile(path: path)
    #expect(file.names == ["n", "w"])
    #expect(try file.int64s("n") == [.min, 7])
    #expect(try file.floats("w") == [1.5, 0, .infinity, 0x1p-149])
    #expect(try file.floats("w", elements: 2..<3) == [.infinity])
    #expect(file.metadataValue("k") == "v\n" && file.metadataValue("a") == "é" && file.metadataValue("x") == nil)
    #expect(try listing(folder.path) == ["f.safetensors"])
    file.release("w")
    #expect(try file.floats("w")[0] == 1.5)
  }

  /// Every one of the 65,536 half-precision patterns against the compiler's own conversion.
  @Test func halfPrecisionIsExact() throws {
    let folder = try TemporaryDirectory()
    let patterns = (0...UInt16.max).map { $0 }
    let path = folder.path + "/f.safetensors"
    let writer = try SafetensorsWriter(path: path, tensors: [.init("h", .f16, [65536]), .init("b", .bf16, [65536])])
    try patterns.withUnsafeBytes { try writer.append($0) }
    try patterns.withUnsafeBytes { try writer.append($0) }
    try writer.finish()
    let file = try SafetensorsFile(path: path)
    let halves = try file.floats("h")
    let brains = try file.floats("b")
    for pattern in patterns {
      let expected = Float(Float16(bitPattern: pattern))
      let found = halves[Int(pattern)]
      #expect(expected.isNaN ? found.isNaN : found.bitPattern == expected.bitPattern)
      #expect(brains[Int(pattern)].bitPattern == UInt32(pattern) << 16)
    }
  }

  @Test func readsUnalignedDataOfEveryType() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/f.safetensors"
    let writer = try SafetensorsWriter(
      path: path,
      tensors: [
        .init("u", .u8, [1]), .init("d", .f64, [2]), .init("f", .f32, [1]), .init("l", .i64, [1]),
        .init("i", .i32, [1]),
        .init("b", .bool, [2]),
      ])
    try [UInt8(200)].withUnsafeBytes { try writer.append($0) }
    try [1e300, -0.1].withUnsafeBytes { try writer.append($0) }
    try writer.append([Float(0.25)])
    try writer.append([Int64(-5)])
    try [Int32(-6)].withUnsafeBytes { try writer.append($0) }
    try [UInt8(0), 1].withUnsafeBytes { try writer.append($0) }
    try writer.finish()
    let file = try SafetensorsFile(path: path)
    #expect(try file.floats("d") == [.infinity, -0.1])
    #expect(try file.floats("f") == [0.25])
    #expect(try file.int64s("u") == [200] && file.int64s("l") == [-5] && file.int64s("i") == [-6])
    #expect(try file.int64s("b") == [0, 1])
    #expect(try file.withBytes(of: "u") { Array($0) } == [200])
    let wrong = try #require(throws: CheckpointError.self) { try file.floats("u") }
    #expect(wrong.description == "cannot load \(path): tensor 'u' has type U8, expected F32, F16, BF16 or F64")
    let other = try #require(throws: CheckpointError.self) { try file.int64s("f") }
    #expect(other.description == "cannot load \(path): tensor 'f' has type F32, expected I64, I32, U8 or BOOL")
    let missing = try #require(throws: CheckpointError.self) { try file.floats("x") }
    #expect(missing.description == "cannot load \(path): tensor 'x' is missing")
  }

  @Test func readsWhatTheReferenceImplementationWrote() throws {
    let file = try SafetensorsFile(path: ProjectRoot.fixture("llama/model.safetensors"))
    #expect(try file.type(of: "lm_head.weight") == .bf16)
    #expect(try file.shape(of: "lm_head.weight") == [600, 48])
    #expect(file.metadataValue("format") == "pt")
    let expected = try SafetensorsFile(path: ProjectRoot.fixture("gpt2/expected.safetensors"))
    #expect(try expected.int64s("ids.0").count == 23)
  }

  @Test func fileErrorsNameThePath() throws {
    let error = try #require(throws: CheckpointError.self) { try SafetensorsFile(path: "no/such.safetensors") }
    #expect(error.description == "cannot load no/such.safetensors: no such file or directory")
    #expect(error.code == .file)
    let write = try #require(throws: CheckpointError.self) {
      try SafetensorsWriter(path: "no/such.safetensors", tensors: [])
    }
    #expect(write.description == "cannot write no/such.safetensors: no such file or directory")
  }

  @Test func nonFiniteValuesAreFound() {
    let values: [Float] = [0, -1, .greatestFiniteMagnitude, 0x1p-149]
    #expect(values.withUnsafeBufferPointer(firstNonFinite) == nil)
    #expect((values + [.nan]).withUnsafeBufferPointer(firstNonFinite) == 4)
    #expect(([-.infinity] + values).withUnsafeBufferPointer(firstNonFinite) == 0)
    #expect([Float]().withUnsafeBufferPointer(firstNonFinite) == nil)
  }
}
