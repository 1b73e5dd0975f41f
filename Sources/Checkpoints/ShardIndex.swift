internal import Diagnostics
internal import Files
internal import JSONText

/// A `*.safetensors.index.json`: which shard holds which tensor.
struct ShardIndex {
  /// The shards' file names in the order of their bytes.
  var fileNames: [String]
  /// Each tensor with its position in `fileNames`, in the index's order.
  var tensors: [(String, Int)]
  /// The texts of `metadata`; its numbers, such as `total_size`, are left out.
  var metadata: [(String, String)]

  init(path: String) throws(CheckpointError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path) } catch { throw CheckpointError(error, path: path) }
    try self.init(bytes, path: path)
  }

  init(_ bytes: [UInt8], path: String) throws(CheckpointError) {
    let json: JSONValue
    do throws(JSONError) { json = try JSON.parse(bytes) } catch {
      throw CheckpointError(.index, path: path, "not valid JSON: \(quotable("\(error)", limit: 300))")
    }
    guard let map = json["weight_map"]?.objectValue, !map.isEmpty else {
      throw CheckpointError(.index, path: path, "it has no 'weight_map' of tensors to files")
    }
    var names: Set<[UInt8]> = []
    var places: [(String, [UInt8])] = []
    for (tensor, value) in map {
      guard let name = value.stringValue, !name.isEmpty else {
        throw CheckpointError(.index, path: path, tensor: tensor, "has no file name in 'weight_map'")
      }
      // A shard lies beside its index: a path here could read any file.
      guard !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0), name != "..", name != "." else {
        throw CheckpointError(
          .index, path: path, tensor: tensor,
          "is said to be in '\(quotable(name))', which is no file name")
      }
      names.insert(Array(name.utf8))
      places.append((tensor, Array(name.utf8)))
    }
    let sorted = names.sorted { $0.lexicographicallyPrecedes($1) }
    let positions = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, $0) })
    fileNames = sorted.map { String(decoding: $0, as: UTF8.self) }
    tensors = places.compactMap { tensor, name in positions[name].map { (tensor, $0) } }
    metadata =
      (json["metadata"]?.objectValue).map { object in
        object.compactMap { key, value in value.stringValue.map { (key, $0) } }
      } ?? []
  }
}
