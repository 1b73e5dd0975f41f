import Foundation
import JSONText
import Testing

/// A line of a plan, or of what became of it.
struct WorkLine {
  let json: JSONValue

  var key: String { json["key"]?.stringValue ?? "" }
  var part: String? { json["part"]?.stringValue }
  var directive: String { json["directive"]?.stringValue ?? "" }
  var waits: [String] { json["waits_for"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
  var seconds: Double { json["seconds"]?.doubleValue ?? .nan }
  var outcome: String { json["outcome"]?.stringValue ?? "" }
  var entries: Int { json["entries"]?.intValue ?? -1 }

  static func all(_ text: String) throws -> [WorkLine] {
    try text.split(separator: "\n").map { WorkLine(json: try JSON.parse(Array($0.utf8))) }
  }
}

extension BookFolder {
  /// Plans the template that is there, and leaves the plan in a file.
  func plan(_ more: String..., to file: String = "plan.jsonl") throws -> [WorkLine] {
    let outcome = try Program.run(["plan", "book/t.md"] + more, in: path)
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    try write(outcome.output, to: file)
    return try WorkLine.all(outcome.output)
  }

  /// Starts a worker on a plan.
  func startWorker(_ more: String..., plan: String = "plan.jsonl") throws -> (process: Process, streams: [String]) {
    try Program.start(["compute", "-", "--threads", "1"] + more, in: path, input: path + "/" + plan)
  }

  /// A worker's outcomes, all of which should be well.
  func outcomes(_ worker: (process: Process, streams: [String])) throws -> [WorkLine] {
    let outcome = try Program.finish(worker)
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    return try WorkLine.all(outcome.output)
  }

  /// The entries of a store.
  func entries(_ store: String = "book/.layerbook") -> [String] {
    files(below: store).filter { $0.hasSuffix(".entry") }
  }

  /// The page that results of a store make, nothing being computed.
  func frozenPage(_ store: String = "book/.layerbook") throws -> Data? {
    let outcome = try renderAgain("--frozen", "--store", store, "--out", "frozen")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return bytes("frozen/t.html")
  }
}
