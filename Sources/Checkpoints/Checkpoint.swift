internal import Files
internal import Glibc
internal import JSONText

/// A folder of tensors in Hugging Face's layout: one safetensors file, or several behind an index.
public final class Checkpoint: Sendable {
  /// The folder, or the file where a single file was opened.
  public let path: String
  /// The files, in the order of their names.
  public let files: [SafetensorsFile]
  /// The index's own `metadata` texts; empty without an index.
  public let indexMetadata: [(String, String)]

  private let owner: [[UInt8]: Int]

  /// Opens a folder, or a single `.safetensors` file.
  ///
  /// In a folder an index (`*.safetensors.index.json`) goes before `model.safetensors`, and that before a file that is
  /// the only one of its kind.
  ///
  /// - Throws: `CheckpointError`; a folder that has only PyTorch's pickled weights is refused with a hint.
  public init(path: String) throws(CheckpointError) {
    self.path = path
    guard isDirectory(path) else {
      let file = try SafetensorsFile(path: path)
      (files, indexMetadata) = ([file], [])
      owner = Dictionary(uniqueKeysWithValues: file.names.map { (Array($0.utf8), 0) })
      return
    }
    let layout = try CheckpointLayout(directory: path)
    guard let index = layout.index else {
      let file = try SafetensorsFile(path: path + "/" + layout.single)
      (files, indexMetadata) = ([file], [])
      owner = Dictionary(uniqueKeysWithValues: file.names.map { (Array($0.utf8), 0) })
      return
    }
    let shards = try ShardIndex(path: path + "/" + index)
    var files: [SafetensorsFile] = []
    for name in shards.fileNames { files.append(try SafetensorsFile(path: path + "/" + name)) }
    var owner: [[UInt8]: Int] = [:]
    for (tensor, position) in shards.tensors {
      guard files[position].contains(tensor) else {
        throw CheckpointError(
          .index, path: files[position].path, tensor: tensor, "is missing, but \(index) says it is in this file")
      }
      owner[Array(tensor.utf8)] = position
    }
    (self.files, self.owner, indexMetadata) = (files, owner, shards.metadata)
  }

  /// The names of all tensors, file by file.
  public var names: [String] {
    files.enumerated().flatMap { position, file in
      file.names.filter { owner[Array($0.utf8)] == position }
    }
  }

  /// Whether there is a tensor of this name.
  public func contains(_ name: String) -> Bool { owner[Array(name.utf8)] != nil }

  /// The file that holds a tensor.
  ///
  /// - Throws: `CheckpointError` with code `missing`.
  public func file(of name: String) throws(CheckpointError) -> SafetensorsFile {
    guard let position = owner[Array(name.utf8)] else {
      throw CheckpointError(.missing, path: path, tensor: name, "is missing")
    }
    return files[position]
  }

  /// The dimensions of a tensor, slowest first.
  public func shape(of name: String) throws(CheckpointError) -> [Int] { try file(of: name).shape(of: name) }

  /// Whether two tensors hold the same bytes of the same type.
  public func isSame(_ first: String, _ second: String) throws(CheckpointError) -> Bool {
    let (a, b) = (try file(of: first), try file(of: second))
    guard try a.type(of: first) == b.type(of: second), try a.shape(of: first) == b.shape(of: second) else {
      return false
    }
    let isSame = try a.withBytes(of: first) { left in
      Result { () throws(CheckpointError) in
        try b.withBytes(of: second) { right in
          guard let left = left.baseAddress, let other = right.baseAddress else { return true }
          return memcmp(left, other, right.count) == 0
        }
      }
    }.get()
    a.release(first)
    b.release(second)
    return isSame
  }

  /// All values of a floating-point tensor as `Float`s in row-major order.
  public func floats(_ name: String) throws(CheckpointError) -> [Float] { try file(of: name).floats(name) }
}

/// Which of a folder's files hold the tensors.
private struct CheckpointLayout {
  var index: String?
  var single = "model.safetensors"

  init(directory: String) throws(CheckpointError) {
    let names: [String]
    do throws(FileError) { names = try listing(directory) } catch { throw CheckpointError(error, path: directory) }
    let indexes = names.filter { $0.hasSuffix(".safetensors.index.json") }
    if indexes.count > 1, !indexes.contains("model.safetensors.index.json") {
      throw CheckpointError(
        .index, path: directory, "the folder has several indexes: \(indexes.joined(separator: ", "))")
    }
    index = indexes.first { $0 == "model.safetensors.index.json" } ?? indexes.first
    let files = names.filter { $0.hasSuffix(".safetensors") }
    if index != nil || files.contains(single) { return }
    guard let only = files.first else { throw Self.missingWeights(directory, names) }
    guard files.count == 1 else {
      throw CheckpointError(
        .index, path: directory,
        "the folder has \(files.count) .safetensors files, none named model.safetensors, and no index")
    }
    single = only
  }

  private static func missingWeights(_ directory: String, _ names: [String]) -> CheckpointError {
    let endings = [".bin", ".pt", ".pth"]
    let pickled = names.first { name in name != "training_args.bin" && endings.contains { name.hasSuffix($0) } }
    if let pickled {
      return CheckpointError(
        .missing, path: directory, "the folder has no .safetensors file, only pickled weights ('\(pickled)')",
        hint: "convert them, in the folder, with: " + conversion)
    }
    let found = ModelFolder(path: directory).explanation(missing: "model.safetensors")
    return CheckpointError(.missing, path: directory, found ?? "the folder has no .safetensors file")
  }

  /// Writes `model.safetensors` of all tensors of `pytorch_model*.bin`, tied ones as often as they are named.
  ///
  /// Pickles can run programs: `weights_only` keeps them from it.
  private static let conversion =
    "python3 -c \"import glob, torch, safetensors.torch as s; s.save_file({k: v.clone().contiguous() for f in "
    + "sorted(glob.glob('pytorch_model*.bin')) for k, v in torch.load(f, map_location='cpu', weights_only=True)"
    + ".items()}, 'model.safetensors', metadata={'format': 'pt'})\""
}
