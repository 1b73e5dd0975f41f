import Checkpoints
import Files
import TestSupport
import Testing

@Suite struct CheckpointTests {
  private func write(_ path: String, _ names: [String]) throws {
    let writer = try SafetensorsWriter(path: path, tensors: names.map { .init($0, .f32, [1]) }, durable: false)
    for (position, _) in names.enumerated() { try writer.append([Float(position)]) }
    try writer.finish()
  }

  @Test func readsShards() throws {
    let checkpoint = try Checkpoint(path: ProjectRoot.fixture("qwen2"))
    #expect(checkpoint.files.count == 4)
    #expect(try checkpoint.shape(of: "model.embed_tokens.weight") == [600, 48])
    #expect(checkpoint.names.count == 62 && checkpoint.names.allSatisfy(checkpoint.contains))
  }

  @Test func readsASingleFileOfAnyName() throws {
    let folder = try TemporaryDirectory()
    try write(folder.path + "/weights.safetensors", ["a", "b"])
    #expect(try Checkpoint(path: folder.path).floats("b") == [1])
    #expect(try Checkpoint(path: folder.path + "/weights.safetensors").floats("b") == [1])
    try write(folder.path + "/other.safetensors", ["a"])
    let error = try #require(throws: CheckpointError.self) { try Checkpoint(path: folder.path) }
    #expect(
      error.description == "cannot load \(folder.path): the folder has 2 .safetensors files, none named "
        + "model.safetensors, and no index")
    try write(folder.path + "/model.safetensors", ["c"])
    #expect(try Checkpoint(path: folder.path).names == ["c"])
  }

  @Test func pickledWeightsGetAHint() throws {
    let folder = try TemporaryDirectory()
    try AtomicFile.write([], to: folder.path + "/pytorch_model.bin")
    let error = try #require(throws: CheckpointError.self) { try Checkpoint(path: folder.path) }
    #expect(
      error.description == "cannot load \(folder.path): the folder has no .safetensors file, only pickled weights "
        + "('pytorch_model.bin')\nhint: convert them, in the folder, with: python3 -c \"import glob, torch, "
        + "safetensors.torch as s; s.save_file({k: v.clone().contiguous() for f in sorted(glob.glob('pytorch_model*.bin')) "
        + "for k, v in torch.load(f, map_location='cpu', weights_only=True).items()}, 'model.safetensors', "
        + "metadata={'format': 'pt'})\"")
  }

  @Test(arguments: [
    (
      #"{"weight_map":{"a":"../x.safetensors"}}"#,
      "tensor 'a' is said to be in '../x.safetensors', which is no file name"
    ),
    (#"{"weight_map":{"a":1}}"#, "tensor 'a' has no file name in 'weight_map'"),
    (#"{"weight_map":{}}"#, "it has no 'weight_map' of tensors to files"),
    (#"{"weight_map":"#, "not valid JSON: 1:15: "),
    (#"[]"#, "it has no 'weight_map' of tensors to files"),
  ])
  func refusesBrokenIndexes(index: String, reason: String) throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/model.safetensors.index.json"
    try AtomicFile.write(Array(index.utf8), to: path)
    let error = try #require(throws: CheckpointError.self) { try Checkpoint(path: folder.path) }
    #expect(error.description.hasPrefix("cannot load \(path): " + reason))
  }

  @Test func indexAndShardsMustAgree() throws {
    let folder = try TemporaryDirectory()
    try write(folder.path + "/s1.safetensors", ["a"])
    let index = #"{"metadata":{"total_size":4},"weight_map":{"a":"s1.safetensors","b":"s1.safetensors"}}"#
    try AtomicFile.write(Array(index.utf8), to: folder.path + "/model.safetensors.index.json")
    let error = try #require(throws: CheckpointError.self) { try Checkpoint(path: folder.path) }
    #expect(
      error.description == "cannot load \(folder.path)/s1.safetensors: tensor 'b' is missing, but "
        + "model.safetensors.index.json says it is in this file")
    try AtomicFile.write(
      Array(#"{"weight_map":{"a":"s2.safetensors"}}"#.utf8), to: folder.path + "/model.safetensors.index.json")
    let absent = try #require(throws: CheckpointError.self) { try Checkpoint(path: folder.path) }
    #expect(absent.description == "cannot load \(folder.path)/s2.safetensors: no such file or directory")
  }
}
