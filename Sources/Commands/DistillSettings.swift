import Diagnostics
import Files
import JSONText

/// The settings of a self-distillation in a JSON file, which the processes of `assets/cluster` read, too.
///
/// The names are those of the record of a run (`settings` in its training.json), so that a run can be done again from it.
struct DistillSettings {
  /// What stands in the record and cannot be chosen.
  private static let fixed = ["objective": "self-distillation", "optimizer": "AdamW", "schedule": "cosine"]
  private static let numbers = [
    "train", "steps", "batch", "length", "rate", "warmup", "decay", "clip", "lambda", "gamma", "seed",
  ]
  private static let words = ["kl", "norm", "detach"]

  private var values: [String: String] = [:]

  /// No settings: every one has its default.
  init() {}

  /// Reads a file.
  ///
  /// Whether a value lies in the range of its setting is for the directive to say.
  ///
  /// - Throws: `CommandFailure` with code `usage`, also for a name that is no setting.
  init(path: String) throws {
    let json: JSONValue
    do { json = try JSON.parse(try readFile(path)) } catch {
      throw Self.failure("cannot read the settings in '\(path)': \(error)")
    }
    guard let object = json.objectValue else { throw Self.failure("'\(path)' holds no JSON object of settings") }
    for (name, value) in object {
      if let known = Self.fixed[name] {
        guard value.stringValue == known else {
          throw Self.failure("'\(path)': \(name) is \(JSON.write(value)), and only '\(known)' is known")
        }
      } else {
        values[name] = try Self.text(of: value, name, path)
      }
    }
  }

  /// A value as a directive writes it; nil where the file says nothing.
  subscript(name: String) -> String? { values[name] }

  private static func text(of value: JSONValue, _ name: String, _ path: String) throws -> String {
    if numbers.contains(name) {
      guard case .number(let number) = value else {
        throw failure("'\(path)': \(name) is \(JSON.write(value)), expected a number")
      }
      return number.text
    }
    guard words.contains(name) else {
      let known = numbers + words + fixed.keys.sorted()
      throw failure(
        "'\(path)': '\(quotable(name))' is no setting", Spelling.hints(for: name, in: known, noun: "settings"))
    }
    guard let word = value.stringValue else {
      throw failure("'\(path)': \(name) is \(JSON.write(value)), expected a word")
    }
    return word
  }

  private static func failure(_ message: String, _ hints: [String] = []) -> CommandFailure {
    CommandFailure(
      code: .usage, message: (["error: " + message] + hints.map { "  hint: " + $0 }).joined(separator: "\n"))
  }
}
