import Diagnostics
import Foundation
import JSONText

/// A piece of work that is asked for, by a key or by the line of a plan.
struct PlanLine {
  /// The key, or its beginning.
  var key: String
  /// The templates that may ask for it.
  var requests: [WorkPlan.Request]
  /// Its number among the lines of standard input, from 1; nil where a key was named.
  var line: Int?

  /// Whether a text may be a key or the beginning of one.
  static func isKey(_ text: String) -> Bool {
    (8...64).contains(text.utf8.count) && text.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
  }

  /// The lines of a plan; empty ones are passed over.
  ///
  /// - Throws: `CommandFailure` with the number of a line that is none.
  static func all(from data: Data) throws -> [PlanLine] {
    try data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().compactMap {
      index, text in
      guard text.contains(where: { $0 > 0x20 }) else { return nil }
      return try PlanLine(Array(text), number: index + 1)
    }
  }

  init(key: String, requests: [WorkPlan.Request], line: Int?) {
    (self.key, self.requests, self.line) = (key, requests, line)
  }

  private init(_ text: [UInt8], number: Int) throws {
    func failure(_ reason: String) -> CommandFailure {
      CommandFailure(
        code: .usage,
        message: "error: line \(number) of standard input: \(reason)\n  hint: lines are those of `layerbook plan`")
    }
    let json: JSONValue
    do { json = try JSON.parse(text) } catch { throw failure("\(error)") }
    guard let key = json["key"]?.stringValue, key.utf8.count == 64, Self.isKey(key) else {
      throw failure("it has no \"key\" of 64 hexadecimal digits")
    }
    guard let template = json["template"]?.stringValue else { throw failure("it names no \"template\"") }
    let shards = json["shards"].map { $0.intValue ?? 0 } ?? 1
    guard (1...ShardCount.most).contains(shards) else { throw failure("\"shards\" is no number of shards") }
    let settings = json["set"]?.arrayValue ?? []
    guard settings.allSatisfy({ $0.stringValue != nil }) else { throw failure("\"set\" is no list of key=value") }
    self.init(
      key: key.lowercased(),
      requests: [.init(template: template, settings: settings.compactMap(\.stringValue), shards: shards)], line: number)
  }

  /// Its place in a plan.
  ///
  /// - Throws: `CommandFailure` where nothing, or more than one thing, has the key.
  func entry(in plan: WorkPlan) throws -> Int {
    let places = plan.entries.indices.filter { plan.entries[$0].item.key.hex.hasPrefix(key) }
    if places.count == 1 { return places[0] }
    if places.count > 1 {
      let some = places.prefix(3).map { plan.entries[$0].item.key.hex.prefix(key.utf8.count + 4) }
      throw CommandFailure(
        code: .usage,
        message:
          "error: \(places.count) keys begin with '\(key)': \(some.joined(separator: ", "))\n  hint: write more digits")
    }
    // What is wrong with a template may be why its keys are not known.
    for fault in plan.faults { Terminal.error(fault.rendered()) }
    let hint: String
    if line != nil {
      hint = "the template, or what it is made of, has changed since the plan was made: plan again"
    } else {
      hint =
        Spelling.hint(for: key, in: plan.entries.map { String($0.item.key.hex.prefix(max(12, key.utf8.count))) })
        ?? "`layerbook plan` lists what is missing, --template, --set and --shards say where to look"
    }
    let templates = requests.map(\.template)
    let place = line.map { "line \($0) of standard input: " } ?? ""
    throw CommandFailure(
      code: .usage,
      message:
        "error: \(place)nothing in \(templates.count > 3 ? counted(templates.count, "template") : templates.joined(separator: ", ")) has the key '\(key)'\n  hint: \(hint)"
    )
  }
}
