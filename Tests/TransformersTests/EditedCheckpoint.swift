import Checkpoints
import Files
import JSONText
import TestSupport

/// A copy of a fixture in a folder of its own, with tensors and configuration changed.
final class EditedCheckpoint {
  struct Tensor {
    var name: String
    var type: TensorType
    var shape: [Int]
    var bytes: [UInt8]
  }

  let folder: TemporaryDirectory
  var tensors: [Tensor] = []
  var configuration: JSONObject

  init(_ fixture: String) throws {
    folder = try TemporaryDirectory()
    let source = ProjectRoot.fixture(fixture)
    let file = try SafetensorsFile(path: source + "/model.safetensors")
    for entry in file.entries {
      let bytes = try file.withBytes(of: entry.name) { Array($0) }
      tensors.append(Tensor(name: entry.name, type: entry.type, shape: entry.shape, bytes: bytes))
    }
    configuration = try JSON.parse(readFile(source + "/config.json")).objectValue ?? JSONObject()
  }

  var path: String { folder.path }

  /// Sets a member of config.json; nil removes it.
  func configure(_ key: String, _ value: JSONValue?) {
    var members = configuration.filter { $0.key != key }.map { ($0.key, $0.value) }
    if let value { members.append((key, value)) }
    configuration = JSONObject(members)
  }

  /// Renames every tensor.
  func rename(_ change: (String) -> String) {
    for index in tensors.indices { tensors[index].name = change(tensors[index].name) }
  }

  /// Adds a tensor of zeros.
  func add(_ name: String, _ shape: [Int]) {
    let bytes = [UInt8](repeating: 0, count: 4 * shape.reduce(1, *))
    tensors.append(Tensor(name: name, type: .f32, shape: shape, bytes: bytes))
  }

  /// Sets one value of an F32 tensor.
  func set(_ name: String, at index: Int, _ value: Float) {
    guard let place = tensors.firstIndex(where: { $0.name == name }) else { return }
    withUnsafeBytes(of: value) { tensors[place].bytes.replaceSubrange(4 * index..<4 * index + 4, with: $0) }
  }

  /// Writes both files.
  func write() throws {
    try AtomicFile.write(Array(JSON.write(.object(configuration)).utf8), to: path + "/config.json", durable: false)
    let writer = try SafetensorsWriter(
      path: path + "/model.safetensors", tensors: tensors.map { .init($0.name, $0.type, $0.shape) }, durable: false)
    for tensor in tensors { try tensor.bytes.withUnsafeBytes { try writer.append($0) } }
    try writer.finish()
  }
}
