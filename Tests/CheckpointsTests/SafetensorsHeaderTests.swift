import Checkpoints
import TestSupport
import Testing

/// The bytes of a file with this header and this many data bytes.
func image(_ header: String, data: Int = 0, claimed: UInt64? = nil) -> [UInt8] {
  let text = Array(header.utf8)
  return withUnsafeBytes(of: (claimed ?? UInt64(text.count)).littleEndian) { Array($0) } + text
    + [UInt8](repeating: 0, count: data)
}

/// The header's reading of these bytes, under the name f.safetensors.
func header(_ bytes: [UInt8]) throws -> SafetensorsHeader {
  try bytes.withUnsafeBytes { try SafetensorsHeader($0, path: "f.safetensors") }
}

@Suite struct SafetensorsHeaderTests {
  @Test func readsTensorsInTheOrderOfTheirBytes() throws {
    let text = """
      {"__metadata__":{"format":"pt","a":"b"},"y":{"dtype":"F16","shape":[2,3],"data_offsets":[8,20]},\
      "x":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"none":{"dtype":"F32","shape":[0,7],"data_offsets":[20,20]}}
      """
    let result = try header(image(text, data: 20))
    #expect(result.entries.map(\.name) == ["x", "y", "none"])
    #expect(result.entries.map(\.count) == [1, 6, 0])
    #expect(result.entries[1].shape == [2, 3] && result.entries[1].type == .f16)
    #expect(result.metadata.map(\.0) == ["format", "a"])
  }

  @Test func emptyFileOfTensors() throws { #expect(try header(image("{}")).entries.isEmpty) }

  @Test(arguments: [
    ([], "the file has 0 bytes, too few for a safetensors header"),
    ([1, 0, 0, 0, 0, 0, 0], "the file has 7 bytes, too few for a safetensors header"),
    (image("{}", claimed: 1 << 60), "the header claims 1152921504606846976 bytes, at most 16000000 are allowed"),
    (image("{}", claimed: .max), "the header claims 18446744073709551615 bytes, at most 16000000 are allowed"),
    (image("{}", claimed: 3), "the header claims 3 bytes but only 2 follow; the file may be cut off"),
    (image(""), "the header does not begin with '{'"),
    (image(" {}"), "the header does not begin with '{'"),
    (image("{}", data: 1), "the tensors end at byte 10 of 11; what follows belongs to none"),
    (image("{\"__metadata__\":{\"a\":1}}"), "'__metadata__' has a value that is no text: 'a'"),
    (image("{\"__metadata__\":[]}"), "'__metadata__' is not an object of texts"),
  ])
  func refusesBrokenFiles(bytes: [UInt8], reason: String) throws {
    let error = try #require(throws: CheckpointError.self) { try header(bytes) }
    #expect(error.description == "cannot load f.safetensors: " + reason)
    #expect(error.code == .header)
  }

  @Test(arguments: [
    (
      #"{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#, 4,
      "ends at byte 8 of the data, which has 4; the file may be cut off"
    ),
    (
      #"{"dtype":"F32","shape":[2],"data_offsets":[4,12]}"#, 12,
      "begins at byte 4 of the data, but the bytes before it end at 0"
    ),
    (#"{"dtype":"F32","shape":[2],"data_offsets":[8,0]}"#, 8, "has data offsets [8, 0]"),
    (#"{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}"#, 8, "has data offsets [-8, 0]"),
    (#"{"dtype":"F32","shape":[2],"data_offsets":[0]}"#, 8, "has no 'data_offsets' of two whole numbers"),
    (#"{"dtype":"F32","shape":[2],"data_offsets":[0,8e0]}"#, 8, "has no 'data_offsets' of two whole numbers"),
    (#"{"dtype":"F32","shape":[3],"data_offsets":[0,8]}"#, 8, "has shape [3] in F32, 12 bytes, but offsets for 8"),
    (#"{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}"#, 8, "has a dimension that is no whole number from 0 up"),
    (#"{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}"#, 8, "has a dimension that is no whole number from 0 up"),
    (
      #"{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}"#, 8,
      "has shape [4294967296, 4294967296], too large to exist"
    ),
    (#"{"dtype":"F32","shape":2,"data_offsets":[0,8]}"#, 8, "has no 'shape'"),
    (#"{"shape":[2],"data_offsets":[0,8]}"#, 8, "has no 'dtype'"),
    (#"[]"#, 0, "is not described by an object"),
  ])
  func refusesBrokenTensors(entry: String, data: Int, reason: String) throws {
    let error = try #require(throws: CheckpointError.self) { try header(image("{\"w\":\(entry)}", data: data)) }
    #expect(error.description == "cannot load f.safetensors: tensor 'w' " + reason)
    #expect(error.tensor == "w")
  }

  @Test func unknownTypeListsTheKnownOnes() throws {
    let text = #"{"w":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}"#
    let error = try #require(throws: CheckpointError.self) { try header(image(text, data: 1)) }
    #expect(error.reason == "has unknown dtype 'F4'")
    #expect(error.hint?.hasPrefix("known are BOOL, U8, I8") == true)
  }

  @Test func overlapNamesBothTensors() throws {
    let text = """
      {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}
      """
    let error = try #require(throws: CheckpointError.self) { try header(image(text, data: 6)) }
    #expect(error.description == "cannot load f.safetensors: tensor 'b' overlaps tensor 'a'")
  }

  @Test func duplicateNamesAreRefused() throws {
    let entry = #"{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#
    let error = try #require(throws: CheckpointError.self) { try header(image("{\"a\":\(entry),\"a\":\(entry)}")) }
    #expect(error.reason.contains("not valid JSON at byte") && error.reason.contains("duplicate"))
  }

  /// Random damage to a small valid header: a typed error or a valid reading, never a crash.
  @Test(arguments: 0..<8) func survivesDamage(seed: Int) throws {
    let text = """
      {"__metadata__":{"format":"pt"},"y":{"dtype":"F16","shape":[2,3],"data_offsets":[8,20]},\
      "x":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}
      """
    var generator = DamageGenerator(seed: UInt64(seed))
    var readable = 0
    for _ in 0..<2000 {
      let bytes = generator.damage(image(text, data: 20))
      do {
        let result = try header(bytes)
        #expect(result.entries.allSatisfy { $0.bytes.upperBound <= bytes.count })
        readable += 1
      } catch {
        #expect(error is CheckpointError)
      }
    }
    #expect(readable > 0, "damage to the data alone must stay readable")
  }
}
