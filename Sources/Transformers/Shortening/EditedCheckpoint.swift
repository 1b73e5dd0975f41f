import Checkpoints
import Files

/// A checkpoint that is another one but for what some feed-forward neurons write.
///
/// Files and tensors are copied byte for byte; a tensor with a changed column stands in `Float`, so that it says exactly
/// what was measured. config.json stays as it is: it is the same architecture.
public struct EditedCheckpoint {
  private let model: Model
  private let columns: [NeuronColumn]
  private let note: String

  /// Prepares a checkpoint.
  ///
  /// - Parameters:
  ///   - columns: What neurons write instead.
  ///   - note: What was done, for the metadata of the file.
  /// - Throws: `ModelError` with code `unsupported` for a shortened model.
  public init(_ model: Model, columns: [NeuronColumn], note: String) throws(ModelError) {
    try model.requireWhole()
    (self.model, self.columns, self.note) = (model, columns, note)
  }

  /// Writes the folder: it appears whole or not at all.
  ///
  /// - Parameter directory: A folder that is not there yet or empty.
  /// - Throws: `ModelError`, `FileError` or `CheckpointError`; nothing is left then.
  public func write(to directory: String) throws {
    try AtomicFolder.write(to: directory) { folder in
      try CheckpointCompanions.copy(from: model.directory, to: folder)
      try AtomicFile.write(try readFile(model.directory + "/config.json"), to: folder + "/config.json")
      try writeTensors(to: folder + "/model.safetensors")
      try check(folder)
    }
  }

  /// The changed tensors with all their numbers, row after row as the checkpoint has them.
  private func edited() throws(ModelError) -> [String: [Float]] {
    var values: [String: [Float]] = [:]
    for column in columns {
      let tensor = model.tensors.blocks[column.block].ffnOut
      if values[tensor.weight] == nil {
        do throws(CheckpointError) { values[tensor.weight] = try model.checkpoint.floats(tensor.weight) } catch {
          throw ModelError(error)
        }
      }
      for (index, value) in column.values.enumerated() {
        let place =
          tensor.rowsAreInputs ? column.neuron * tensor.outputs + index : index * tensor.inputs + column.neuron
        values[tensor.weight]?[place] = value
      }
    }
    return values
  }

  private func writeTensors(to path: String) throws {
    let edited = try edited()
    let checkpoint = model.checkpoint
    // Wide types first, so that all of them are aligned.
    let parts = try checkpoint.names.map { name in
      let entry = try checkpoint.file(of: name).entry(name)
      return SafetensorsWriter.Tensor(name, edited[name] == nil ? entry.type : .f32, entry.shape)
    }.enumerated().sorted {
      ($1.element.type.byteCount, $0.offset) < ($0.element.type.byteCount, $1.offset)
    }.map(\.element)
    let writer = try SafetensorsWriter(
      path: path, tensors: parts, metadata: [("format", "pt"), ("layerbook_edit", note)])
    for part in parts {
      if let values = edited[part.name] {
        try writer.append(values)
      } else {
        try checkpoint.copy(part.name, to: writer)
      }
    }
    try writer.finish()
  }

  /// The folder must read back as the same architecture with the columns as they were asked for.
  private func check(_ folder: String) throws(ModelError) {
    let found = try Model.open(folder)
    let parameters = try ParameterList(found)
    let last = Dictionary(columns.map { ([$0.block, $0.neuron], $0) }) { $1 }
    guard found.configuration == model.configuration,
      last.values.allSatisfy({ parameters.column(block: $0.block, neuron: $0.neuron) == $0 })
    else {
      throw .run(.unsupported, model.directory, "it cannot be edited: what was written does not read back as it")
    }
  }
}

extension Checkpoint {
  /// Copies a tensor's bytes into a file, and lets go of the pages they were read from.
  func copy(_ name: String, to writer: SafetensorsWriter) throws {
    let file = try file(of: name)
    try file.withBytes(of: name) { bytes in Result { try writer.append(bytes) } }.get()
    file.release(name)
  }
}
