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
    try writeTensors(to: directory + "/model.safetensors", metadata: [("format", "pt")] + metadata)
  }

  private func writeTensors(to path: String, metadata: [(String, String)]) throws {
    let own = Set(names)
    let others = model.checkpoint.names.filter { !own.contains($0) && $0 != model.tensors.tiedCopy }
    // Wide types first, so that all of them are aligned.
    let copied = try others.map { (name: $0, entry: try model.checkpoint.file(of: $0).entry($0)) }
    let isWide = { (type: TensorType) in type.byteCount >= TensorType.f32.byteCount }
    let (wide, narrow) = (copied.filter { isWide($0.entry.type) }, copied.filter { !isWide($0.entry.type) })
    let declared = try names.map { SafetensorsWriter.Tensor($0, .f32, try shape(of: $0)) }
    let writer = try SafetensorsWriter(
      path: path,
      tensors: wide.map { .init($0.name, $0.entry.type, $0.entry.shape) } + declared
        + narrow.map { .init($0.name, $0.entry.type, $0.entry.shape) }, metadata: metadata)
    try wide.forEach { try copy($0.name, to: writer) }
    for name in names { try writer.append(stored(name)) }
    try narrow.forEach { try copy($0.name, to: writer) }
    try writer.finish()
  }

  private func copy(_ name: String, to writer: SafetensorsWriter) throws {
    let file = try model.checkpoint.file(of: name)
    try file.withBytes(of: name) { bytes in Result { try writer.append(bytes) } }.get()
    file.release(name)
  }

  /// The numbers as the checkpoint stores them: gains that it stores as differences from 1 are held as gains here.
  private func stored(_ name: String) -> [Float] {
    let values = values(of: name) ?? []
    return layout.loader.isGainPlusOne(name) ? values.map { $0 - 1 } : values
  }

  /// Whether a gain is stored as its difference from 1, which decays towards another number than the gain itself.
  public var hasShiftedGains: Bool { names.contains { layout.loader.isGainPlusOne($0) } }
}
