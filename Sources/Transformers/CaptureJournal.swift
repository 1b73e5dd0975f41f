import Checkpoints
import Files
import Tensors

/// Side files that let an interrupted capture go on from the last block it finished.
///
/// Files are named after a digest of the model and the requests, so a journal never feeds another capture; their own
/// digests are checked on reading, and a damaged one counts as absent.
public struct CaptureJournal: Sendable {
  /// The folder; made when needed.
  public var directory: String
  /// The model's combined digest.
  public var modelDigest: String
  /// Least time between two writes, in seconds; blocks done since are written together.
  public var interval: Double

  /// A journal in a folder.
  public init(directory: String, modelDigest: String, interval: Double = 15) {
    (self.directory, self.modelDigest, self.interval) = (directory, modelDigest, interval)
  }

  /// What names the files of one group of requests.
  func key(_ requests: [CaptureRequest]) -> String {
    var hasher = SHA256Hasher()
    hasher.update("layerbook.capture/1\n\(modelDigest)\n")
    for request in requests {
      for list in [request.ids, request.positions] {
        hasher.update([list.count] + list)
      }
    }
    return hasher.finish().hex
  }

  /// The states a capture had reached, and the rows of every level up to there.
  struct Restored {
    var level: Int
    var states: Matrix
    var rows: [Matrix]
  }

  /// Reads what an interrupted capture left; nil where there is nothing that is whole.
  func restore(key: String) -> Restored? {
    guard let (states, text) = read(path(key, "states")), let level = Int(text) else { return nil }
    var rows: [Matrix] = []
    for index in 0...level {
      guard let (part, _) = read(path(key, "rows-\(index)")) else { return nil }
      rows.append(part)
    }
    return Restored(level: level, states: states, rows: rows)
  }

  /// Leaves the rows of some levels and then the states, which make them count.
  func save(key: String, level: Int, states: Matrix, rows: [(level: Int, rows: Matrix)]) throws(ModelError) {
    do throws(FileError) { try createDirectory(directory) } catch { throw .run(.journal, directory, error.description) }
    for part in rows { try write(part.rows, to: path(key, "rows-\(part.level)"), note: "\(part.level)") }
    try write(states, to: path(key, "states"), note: "\(level)")
  }

  /// Removes the files of one group.
  func remove(key: String, levels: Int) {
    for index in 0...levels { try? removeFile(path(key, "rows-\(index)")) }
    try? removeFile(path(key, "states"))
  }

  private func path(_ key: String, _ part: String) -> String {
    "\(directory)/capture-\(key.prefix(32))-\(part).safetensors"
  }

  private func write(_ matrix: Matrix, to path: String, note: String) throws(ModelError) {
    do throws(CheckpointError) {
      let writer = try SafetensorsWriter(
        path: path, tensors: [.init("m", .f32, [matrix.rows, matrix.columns])],
        metadata: [("note", note), ("digest", digest(matrix))], durable: false)
      try writer.append(matrix.values)
      try writer.finish()
    } catch { throw .run(.journal, path, error.description) }
  }

  private func read(_ path: String) -> (Matrix, note: String)? {
    guard let file = try? SafetensorsFile(path: path), let shape = try? file.shape(of: "m"), shape.count == 2,
      let values = try? file.floats("m"), let note = file.metadataValue("note")
    else { return nil }
    let matrix = Matrix(rows: shape[0], columns: shape[1], values: values)
    return digest(matrix) == file.metadataValue("digest") ? (matrix, note) : nil
  }

  private func digest(_ matrix: Matrix) -> String {
    var hasher = SHA256Hasher()
    matrix.values.withUnsafeBytes { hasher.update($0) }
    return hasher.finish().hex
  }
}

extension SHA256Hasher {
  /// Adds whole numbers, 8 bytes each, little-endian.
  mutating func update(_ numbers: [Int]) {
    numbers.map { Int64($0).littleEndian }.withUnsafeBytes { update($0) }
  }
}
