import Books
import Checkpoints
import Directives
import Files
import Results

extension Workbench {
  /// The states of a file the book names: its first rows, with the position mode they were captured at.
  func readStates(_ path: String, _ question: Question, _ request: StatesRequest) throws -> SampledStates {
    let file = try statesFile(path)
    let (rows, texts) = try selection(of: file, question, request)
    return try read(file, rows: rows, texts: texts, question)
  }

  /// Digest and rows of what would be read of a file.
  func shape(ofFile path: String, _ question: Question, _ request: StatesRequest) throws -> StatesShape {
    let rows = try selection(of: statesFile(path), question, request).rows
    return StatesShape(digest: try fileKey(rows: rows, question).hex, rows: rows)
  }

  /// How many rows of a file a question reads, and how many texts they are of where the file tells.
  private func selection(
    of file: CapturedStates, _ question: Question, _ request: StatesRequest
  ) throws -> (rows: Int, texts: Int?) {
    try file.requirePreNorm(for: question.bound.name)
    let (path, mode) = (file.path, file.metadata.position)
    try check(file, question.bound)
    if request.selection.position == .all, mode == PositionMode.all.rawValue, let starts = Self.starts(file) {
      return try textRows(file, starts, request)
    }
    let wanted = request.takesFewer ? min(request.selection.texts, file.samples) : request.selection.texts
    guard wanted <= file.samples else {
      throw EngineError(
        "'\(path)' holds \(file.samples) samples, and \(wanted) are asked for", hint: "lower n=, or train= and test=")
    }
    // For every position of a text the rows are positions, not texts: take them all.
    let rows = mode == PositionMode.all.rawValue && request.takesFewer ? file.samples : wanted
    return (rows, mode == PositionMode.all.rawValue ? nil : rows)
  }

  /// The first texts of a file that holds every position of each.
  private func textRows(
    _ file: CapturedStates, _ starts: [Int], _ request: StatesRequest
  ) throws -> (rows: Int, texts: Int?) {
    let wanted = request.takesFewer ? min(request.selection.texts, starts.count) : request.selection.texts
    guard wanted <= starts.count else {
      throw EngineError("'\(file.path)' holds \(starts.count) texts, and \(wanted) are asked for", hint: "lower n=")
    }
    return (wanted < starts.count ? starts[wanted] : file.samples, wanted)
  }

  /// A file of captured states, opened.
  func statesFile(_ path: String) throws -> CapturedStates { try CapturedStates(path: path) }

  /// The rows where a text begins; nil where the file does not say which position each row is.
  private static func starts(_ file: CapturedStates) -> [Int]? {
    guard let positions = file.positions, let first = positions.first else { return nil }
    return positions.indices.filter { positions[$0] == first }
  }

  private func fileKey(rows: Int, _ question: Question) throws -> ResultKey {
    ResultKey(inputs: [
      "engine": "states", "engine_version": 1, "model": .string(try question.subject.identity().digest),
      "rows": .int(rows),
    ])
  }

  private func read(_ file: CapturedStates, rows: Int, texts: Int?, _ question: Question) throws -> SampledStates {
    let key = try fileKey(rows: rows, question)
    if let known = statesMemory[key.hex] { return known }
    let states = SampledStates(
      states: try (0..<file.count).map { try file.states($0, rows: 0..<rows) },
      positions: Array((file.positions ?? Array(repeating: 0, count: file.samples)).prefix(rows)),
      texts: texts, mode: file.metadata.position, digest: key.hex)
    statesMemory[key.hex] = states
    return states
  }

  /// Stops where a directive asks for another position than a file of states holds, whether or not the store has an
  /// answer: the position of the file, not of the directive, is what the answer is about.
  func checkPosition(of question: Question) throws {
    guard let path = question.subject.statesFile, question.bound.explicitKeys.contains(SampleKeys.positionName) else {
      return
    }
    try check(statesFile(path), question.bound)
  }

  private func check(_ file: CapturedStates, _ bound: BoundDirective) throws {
    guard bound.explicitKeys.contains(SampleKeys.positionName),
      case .word(let asked)? = bound.values[SampleKeys.positionName],
      asked != file.metadata.position
    else { return }
    throw EngineError(
      "position=\(asked) is asked for, and '\(file.path)' holds states of position \(file.metadata.position)",
      hint: "leave position= out, or capture the states again")
  }
}

/// The digest of a states file, or of every file of a folder of shards.
func statesDigest(of path: String, using digestOfFile: (String) throws -> SHA256Digest) throws -> String {
  guard isDirectory(path) else { return try digestOfFile(path).hex }
  return try checkpointDigest(of: path, using: digestOfFile)
}
