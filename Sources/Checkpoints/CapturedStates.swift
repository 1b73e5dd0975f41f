public import Files
public import Tensors

/// Hidden states of many samples read from `layerbook.states/1` files: a file, or a folder of shards with an index.
///
/// Layout: `hidden.0 … hidden.L`, each [samples, d] in F32, F16 or BF16; optionally `position` and `next_token`
/// [samples] and `token_ids.K` in I64.
public final class CapturedStates: Sendable {
  /// The file or folder.
  public let path: String
  /// L + 1.
  public let count: Int
  /// Rows of every state.
  public let samples: Int
  /// d.
  public let width: Int
  /// Where the states come from.
  public let metadata: StatesMetadata
  /// The position of each sample in its text; nil where the file does not say.
  public let positions: [Int]?
  /// The token that follows each sample in its text, nil for none; nil as a whole where the file does not say.
  public let nextTokens: [Int?]?

  private let checkpoint: Checkpoint

  /// Opens captured states and checks their layout; the states themselves are read when asked for.
  ///
  /// - Throws: `CheckpointError`, with code `states` where the layout is broken.
  public init(path: String) throws(CheckpointError) {
    let checkpoint = try Checkpoint(path: path)
    self.path = path
    self.checkpoint = checkpoint
    metadata = try StatesMetadata(checkpoint.indexMetadata + checkpoint.files.flatMap(\.metadata), path: path)
    var count = 0
    while checkpoint.contains("hidden.\(count)") { count += 1 }
    self.count = count
    (samples, width) = try CapturedStates.shape(checkpoint, count)
    let positions = try CapturedStates.column("position", checkpoint, samples)
    let next = try CapturedStates.column("next_token", checkpoint, samples)
    if let bad = positions?.firstIndex(where: { $0 < 0 }) {
      throw CheckpointError(.states, path: path, tensor: "position", "is negative for sample \(bad)")
    }
    self.positions = positions
    nextTokens = next.map { $0.map { $0 < 0 ? nil : $0 } }
  }

  /// One state of all samples.
  ///
  /// - Parameter index: l of h_l, from 0 to `count` - 1.
  /// - Returns: [samples, d].
  /// - Throws: `CheckpointError` with code `notFinite` where a value is NaN or infinite.
  public func states(_ index: Int) throws(CheckpointError) -> Matrix {
    try states(index, rows: 0..<samples)
  }

  /// One state of some samples, so that a large file needs little memory.
  public func states(_ index: Int, rows: Range<Int>) throws(CheckpointError) -> Matrix {
    precondition(index >= 0 && index < count, "no state \(index)")
    precondition(rows.lowerBound >= 0 && rows.upperBound <= samples, "no samples \(rows)")
    let name = "hidden.\(index)"
    let file = try checkpoint.file(of: name)
    let values = try file.floats(name, elements: rows.lowerBound * width..<rows.upperBound * width)
    file.release(name)
    if let bad = values.withUnsafeBufferPointer(firstNonFinite) {
      throw CheckpointError(
        .notFinite, path: file.path, tensor: name,
        "has a value that is \(values[bad].isNaN ? "NaN" : "infinite") at "
          + "[\(rows.lowerBound + bad / width), \(bad % width)]")
    }
    return Matrix(rows: rows.count, columns: width, values: values)
  }

  /// The token ids of one sample's text; nil where the file does not hold them.
  public func tokenIDs(_ sample: Int) throws(CheckpointError) -> [Int]? {
    let name = "token_ids.\(sample)"
    guard checkpoint.contains(name) else { return nil }
    return try checkpoint.file(of: name).int64s(name).map(Int.init)
  }

  /// Refuses states whose last entry was taken after the final norm.
  ///
  /// - Parameter engine: What needs them, such as "convergence".
  /// - Throws: `CheckpointError` with code `states`.
  public func requirePreNorm(for engine: String) throws(CheckpointError) {
    guard metadata.finalState == .preNorm else {
      throw CheckpointError(
        .states, path: path,
        "the last hidden state was taken after the final norm (final_state is 'post_norm'), but \(engine) needs it before",
        hint: "capture the states again with layerbook capture")
    }
  }

  /// The SHA-256 of every file, in the order of their names.
  public func digests() throws(CheckpointError) -> [SHA256Digest] {
    var digests: [SHA256Digest] = []
    for file in checkpoint.files { digests.append(try file.digest()) }
    return digests
  }

  private static func shape(_ checkpoint: Checkpoint, _ count: Int) throws(CheckpointError) -> (Int, Int) {
    guard count > 1 else {
      throw CheckpointError(.states, path: checkpoint.path, "'hidden.0' and 'hidden.1' are expected at least")
    }
    // A gap in the numbers would shift every later layer.
    for name in checkpoint.names where name.hasPrefix("hidden.") {
      guard let index = Int(name.dropFirst(7)), index >= 0, index < count, name == "hidden.\(index)" else {
        throw CheckpointError(.states, path: checkpoint.path, tensor: name, "does not follow on 'hidden.\(count - 1)'")
      }
    }
    let first = try checkpoint.shape(of: "hidden.0")
    guard first.count == 2, first[0] > 0, first[1] > 0 else {
      throw CheckpointError(
        .states, path: checkpoint.path, tensor: "hidden.0", "has shape \(first), expected [samples, width]")
    }
    for index in 0..<count {
      let name = "hidden.\(index)"
      let file = try checkpoint.file(of: name)
      let entry = try file.entry(name)
      guard entry.shape == first, entry.type.isFloatingPoint else {
        throw CheckpointError(
          .states, path: file.path, tensor: name,
          "has shape \(entry.shape) in \(entry.type.rawValue), expected \(first) in F32, F16 or BF16")
      }
    }
    return (first[0], first[1])
  }

  private static func column(
    _ name: String, _ checkpoint: Checkpoint, _ samples: Int
  ) throws(CheckpointError) -> [Int]? {
    guard checkpoint.contains(name) else { return nil }
    let file = try checkpoint.file(of: name)
    guard try file.shape(of: name) == [samples] else {
      throw CheckpointError(
        .states, path: file.path, tensor: name, "has shape \(try file.shape(of: name)), expected [\(samples)]")
    }
    return try file.int64s(name).map(Int.init)
  }
}
