import Files
import JSONText
import Tensors

/// A checkpoint with some of its blocks taken out, and with a linear layer in their place unless they are left out or
/// the layer can be folded into the weights before it.
///
/// A map of h_0 is folded into the embedding and the learned positions, which are then no longer tied to the unembedding:
/// (E + P) W = E W + P W. Behind a block there is nothing to fold it into: the stream is a sum, and a norm follows.
public struct ShortenedCheckpoint {
  let model: Model
  /// The blocks that are taken out.
  let left: Range<Int>
  let map: StreamMap?

  /// Whether the map becomes part of the embedding.
  var isFolded: Bool { map != nil && left.lowerBound == 0 }
  /// The linear layer of the checkpoint; nil where there is none.
  public var layer: StreamMapPlan? {
    guard let map, !isFolded else { return nil }
    return StreamMapPlan(level: left.lowerBound, hasBias: map.bias != nil)
  }

  /// Prepares a checkpoint.
  ///
  /// - Parameters:
  ///   - model: The whole model.
  ///   - left: The blocks to take out; not all of them.
  ///   - map: What takes h at `left.lowerBound` to h at `left.upperBound`; nil for nothing.
  /// - Throws: `ModelError` with code `unsupported` for a model that is shortened already, sees later positions or has no
  ///   head, and where no block would be left.
  public init(_ model: Model, without left: Range<Int>, map: StreamMap?) throws(ModelError) {
    let c = model.configuration
    precondition(left.lowerBound >= 0 && left.upperBound <= c.blocks && !left.isEmpty, "no blocks \(left)")
    try model.requireWhole()
    func refused(_ why: String) -> ModelError { .run(.unsupported, model.directory, "it cannot be shortened: \(why)") }
    if left.count == c.blocks { throw refused("at least one of its blocks must stay") }
    if c.isBidirectional { throw refused("\(c.family.name) is no decoder") }
    if !c.hasHead { throw refused("the checkpoint has no head") }
    (self.model, self.left, self.map) = (model, left, map)
  }

  /// Writes config.json, model.safetensors, the tokenizer's files and, where there is a linear layer, the file from which
  /// transformers learns of it.
  ///
  /// - Parameter directory: A folder that is not there yet or empty; it appears whole or not at all.
  /// - Throws: `ModelError` where what was written does not read back as this model without the blocks; `FileError` or
  ///   `CheckpointError`.
  public func write(to directory: String) throws {
    try AtomicFolder.write(to: directory) { folder in
      try CheckpointCompanions.copy(from: model.directory, to: folder)
      if layer != nil {
        try AtomicFile.write(
          Array(ModelingFile(model.configuration.family).text.utf8), to: folder + "/" + ModelingFile.name)
      }
      let configuration = try ShortenedConfiguration(self).json()
      try AtomicFile.write(Array((JSON.write(configuration, pretty: true) + "\n").utf8), to: folder + "/config.json")
      try WeightsFile(parts: try parts()).write(to: folder + "/model.safetensors")
      try check(folder)
    }
  }

  /// The folder must read back as the model without the blocks.
  private func check(_ folder: String) throws(ModelError) {
    let found = try Model.open(folder).configuration
    var expected = model.configuration
    expected.plans.removeSubrange(left)
    expected.blocks = expected.plans.count
    expected.streamMap = layer
    if isFolded { expected.isTied = false }
    guard found == expected else {
      throw .run(
        .unsupported, model.directory,
        "it cannot be shortened: this config.json says things of blocks by their number that are not understood")
    }
  }
}

// MARK: - Tensors

extension ShortenedCheckpoint {
  private func parts() throws -> [WeightsFile.Part] {
    let (tensors, checkpoint) = (model.tensors, model.checkpoint)
    let tables = Set(isFolded ? [tensors.embedding] + [tensors.positions].compactMap { $0 } : [])
    var parts: [WeightsFile.Part] = []
    for name in checkpoint.names {
      guard let renamed = renamed(name) else { continue }
      if tables.contains(name) {
        let shape = try checkpoint.file(of: name).entry(name).shape
        parts.append(.values(name, shape) { try folded(name, shape).values })
      } else {
        parts.append(try .copy(name, of: checkpoint, named: renamed))
      }
    }
    if isFolded, model.configuration.isTied, tensors.tiedCopy == nil {
      let head = model.configuration.family.reader.headName
      parts.append(try .copy(tensors.embedding, of: checkpoint, named: head))
    }
    guard layer != nil, let map else { return parts }
    let d = map.weights.rows
    parts.append(.values(BypassDeclaration.weightName, [d, d]) { map.weights.transposed().values })
    if let bias = map.bias { parts.append(.values(BypassDeclaration.biasName, [d]) { bias }) }
    return parts
  }

  /// The name of a tensor in the new file; nil for one of a block that is taken out.
  private func renamed(_ name: String) -> String? {
    let prefix = model.tensors.blockPrefix
    guard name.hasPrefix(prefix) else { return name }
    let rest = name.dropFirst(prefix.count)
    let number = rest.prefix { $0 != "." }
    guard let block = Int(number), block >= left.lowerBound else { return name }
    return left.contains(block) ? nil : prefix + String(block - left.count) + rest.dropFirst(number.count)
  }

  /// A table of embeddings or positions with the map applied to each row.
  private func folded(_ name: String, _ shape: [Int]) throws -> Matrix {
    guard let map else { preconditionFailure("there is no map to fold") }
    let d = map.weights.rows
    let table = Matrix(rows: shape[0], columns: d, values: try model.checkpoint.floats(name))
    // In double precision: the sum of two rounded products should not round a third time.
    var mapped = multiply(table.double, map.weights.double).single
    // A state is the sum of one row of each table: the bias is part of one of them.
    let carriesBias = name == (model.tensors.positions ?? model.tensors.embedding)
    if let bias = map.bias, carriesBias {
      let scale = model.tensors.positions == nil ? model.configuration.embedding.scale ?? 1 : 1
      for row in 0..<mapped.rows { mapped.setRow(row, zip(mapped.row(row), bias).map { $0 + $1 / scale }) }
    }
    return mapped
  }
}
