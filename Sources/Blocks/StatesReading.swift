import Books
import Checkpoints
import Directives
import Files
import JSONText
import Results
import Tensors

extension Workbench {
  /// The states of a file the book names: its first rows, with the position mode they were captured at.
  func readStates(_ path: String, _ question: Question, _ request: StatesRequest) throws -> SampledStates {
    let file = try CapturedStates(path: path)
    try file.requirePreNorm(for: question.bound.name)
    let mode = file.metadata.position
    if question.bound.explicitKeys.contains("position"), question.bound.text("position") != mode {
      throw EngineError(
        "position=\(question.bound.text("position") ?? "") is asked for, and '\(path)' holds states of position \(mode)",
        hint: "leave position= out, or capture the states again")
    }
    let wanted = request.takesFewer ? min(request.selection.texts, file.samples) : request.selection.texts
    guard wanted <= file.samples else {
      throw EngineError(
        "'\(path)' holds \(file.samples) samples, and \(wanted) are asked for", hint: "lower n=, or train= and test=")
    }
    // For every position of a text the rows are positions, not texts: take them all.
    let rows = mode == PositionMode.all.rawValue && request.takesFewer ? file.samples : wanted
    let key = ResultKey(inputs: [
      "engine": "states", "engine_version": 1, "model": .string(try question.subject.identity().digest),
      "rows": .int(rows),
    ])
    if let known = statesMemory[key.hex] { return known }
    let states = SampledStates(
      states: try (0..<file.count).map { try file.states($0, rows: 0..<rows) },
      positions: Array((file.positions ?? Array(repeating: 0, count: file.samples)).prefix(rows)),
      texts: mode == PositionMode.all.rawValue ? nil : rows, mode: mode, key: key)
    statesMemory[key.hex] = states
    return states
  }
}

/// The digest of a states file, or of every file of a folder of shards.
func statesDigest(of path: String, using digestOfFile: (String) throws -> SHA256Digest) throws -> String {
  guard isDirectory(path) else { return try digestOfFile(path).hex }
  return try checkpointDigest(of: path, using: digestOfFile)
}
