import Checkpoints
import Files
import JSONText

extension ParameterList {
  /// Writes the weights as a checkpoint of the same architecture, in F32, with all that stands in the model's folder
  /// beside its weights; tensors that no prediction reads (a pooler, say) are copied as they are.
  ///
  /// Every file is replaced whole, the weights last: who stops in between leaves the checkpoint that was there, or none.
  ///
  /// - Parameters:
  ///   - directory: The folder, made where it is missing.
  ///   - metadata: Texts for the header of `model.safetensors`.
  /// - Throws: `FileError`, `CheckpointError`, `ModelError`.
  public func write(to directory: String, metadata: [(String, String)] = []) throws {
    try createDirectory(directory)
    try CheckpointCompanions.copy(from: model.directory, to: directory)
    // The model was opened with it, so that it is an object.
    var configuration = try JSON.parse(try readFile(model.directory + "/config.json")).objectValue ?? [:]
    let type = configuration["dtype"] == nil ? "torch_dtype" : "dtype"
    configuration[type] = "float32"
    try AtomicFile.write(
      Array((JSON.write(.object(configuration), pretty: true) + "\n").utf8), to: directory + "/config.json")
    let own = Set(names)
    let others = model.checkpoint.names.filter { !own.contains($0) && $0 != model.tensors.tiedCopy }
    let parts =
      try others.map { try WeightsFile.Part.copy($0, of: model.checkpoint) }
      + names.map { name in .values(name, try shape(of: name)) { self.values(of: name) ?? [] } }
    try WeightsFile(parts: parts, metadata: metadata).write(to: directory + "/model.safetensors")
  }
}
