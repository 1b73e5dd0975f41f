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
      let edited = try edited()
      let parts = try model.checkpoint.names.map { name in
        let copy = try WeightsFile.Part.copy(name, of: model.checkpoint)
        return edited[name].map { values in .values(name, copy.shape) { values } } ?? copy
      }
      try WeightsFile(parts: parts, metadata: [("layerbook_edit", note)]).write(to: folder + "/model.safetensors")
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
