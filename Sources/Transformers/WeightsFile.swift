import Checkpoints

/// The weights of a checkpoint that is written: tensors taken over byte for byte beside tensors in `Float`.
struct WeightsFile {
  /// A tensor of the new file.
  struct Part {
    fileprivate enum Source {
      case copy(String, Checkpoint)
      case values(() throws -> [Float])
    }

    fileprivate var declaration: SafetensorsWriter.Tensor
    fileprivate var source: Source
    /// The dimensions, slowest first.
    var shape: [Int] { declaration.shape }

    /// A tensor as it stands in a checkpoint, under a name of its own where one is given.
    static func copy(
      _ name: String, of checkpoint: Checkpoint, named newName: String? = nil
    ) throws(CheckpointError) -> Part {
      let entry = try checkpoint.file(of: name).entry(name)
      return Part(declaration: .init(newName ?? name, entry.type, entry.shape), source: .copy(name, checkpoint))
    }

    /// A tensor in `Float`; its values are asked for when their turn comes, so that one tensor is held at a time.
    static func values(_ name: String, _ shape: [Int], _ values: @escaping () throws -> [Float]) -> Part {
      Part(declaration: .init(name, .f32, shape), source: .values(values))
    }
  }

  var parts: [Part]
  /// Texts for the header, beside the framework's mark that transformers asks for.
  var metadata: [(String, String)] = []

  /// Writes the file, which appears whole or not at all.
  ///
  /// - Parameter durable: Whether it waits for the disk.
  func write(to path: String, durable: Bool = true) throws {
    // Wide types first, so that all of them are aligned.
    let ordered = parts.enumerated().sorted {
      ($1.element.declaration.type.byteCount, $0.offset) < ($0.element.declaration.type.byteCount, $1.offset)
    }.map(\.element)
    let writer = try SafetensorsWriter(
      path: path, tensors: ordered.map(\.declaration), metadata: [("format", "pt")] + metadata, durable: durable)
    for part in ordered {
      switch part.source {
      case .values(let values): try writer.append(values())
      case .copy(let name, let checkpoint): try checkpoint.copy(name, to: writer)
      }
    }
    try writer.finish()
  }
}

extension Checkpoint {
  /// Copies a tensor's bytes into a file, and lets go of the pages they were read from.
  fileprivate func copy(_ name: String, to writer: SafetensorsWriter) throws {
    let file = try file(of: name)
    try file.withBytes(of: name) { bytes in Result { try writer.append(bytes) } }.get()
    file.release(name)
  }
}
