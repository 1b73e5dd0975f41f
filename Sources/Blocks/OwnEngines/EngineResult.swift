import Books
import Diagnostics
import JSONText

/// What a program of the author's own answered: values of any shape, and how they are to be shown.
struct EngineResult: Codable, Sendable {
  /// What `value` and `expect` reach into.
  var values: JSONObject
  /// The chart, and words about it.
  var shown: JSONObject

  /// The member of a result that is no value.
  private static let member = "shown"

  init(values: JSONObject, shown: JSONObject) { (self.values, self.shown) = (values, shown) }

  /// Reads a program's answer.
  ///
  /// - Throws: `EngineError` where it is no JSON, lacks something or describes a chart that cannot be drawn.
  init(answer bytes: [UInt8], of entry: EngineEntry) throws {
    func fault(_ message: String, hint: String? = nil) -> EngineError {
      EngineError("engine '\(entry.name)' answered no result: \(message)", hint: hint)
    }
    let json: JSONValue
    do { json = try JSON.parse(bytes) } catch {
      throw fault("\(error)", hint: "the answer is one JSON object; Python's NaN is none: write None, which is null")
    }
    guard let answer = json.objectValue, let values = answer["values"]?.objectValue else {
      throw fault("an object with the member 'values' was expected, found \(json.typeName)")
    }
    let known = ["values", "chart", "caption", "notes"]
    for (name, _) in answer where !known.contains(name) {
      throw fault(
        "it has a member '\(quotable(name))'",
        hint: Spelling.hints(for: name, in: known, noun: "members").first)
    }
    if values[Self.member] != nil { throw fault("'\(Self.member)' cannot be the name of a value") }
    self.values = values
    shown = JSONObject()
    for name in known.dropFirst() { shown[name] = answer[name] }
    do {
      let chart = try EngineChart(shown["chart"], values)
      if chart.isTable != (entry.shows == .table) {
        throw EngineError(
          entry.shows == .table ? "the book says shows: table, and it is a chart" : "it has no chart but a table",
          hint: "say shows: \(entry.shows == .table ? "figure" : "table") in its entry of the book")
      }
      for name in ["caption", "notes"] { _ = try EngineWords(shown[name], name) }
    } catch let error as EngineError {
      throw EngineError("engine '\(entry.name)': \(error.message)", hint: error.hint)
    }
  }

  init(from decoder: any Decoder) throws {
    guard case .object(var object) = try JSONValue(from: decoder), let shown = object[Self.member]?.objectValue else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not the result of an engine"))
    }
    object[Self.member] = nil
    self.init(values: object, shown: shown)
  }

  func encode(to encoder: any Encoder) throws {
    var object = values
    object[Self.member] = .object(shown)
    try JSONValue.object(object).encode(to: encoder)
  }
}

/// Words of a program, the same in both languages, or one wording of each: `{"en": "layer", "ja": "層"}`.
struct EngineWords {
  private let english: String
  private let japanese: String

  /// - Throws: `EngineError` where it is neither text nor texts by language; nothing is no words.
  init(_ json: JSONValue?, _ place: String) throws(EngineError) {
    if let text = json?.stringValue {
      (english, japanese) = (text, text)
    } else if let english = json?["en"]?.stringValue {
      (self.english, japanese) = (english, json?["ja"]?.stringValue ?? english)
    } else if json == nil || json == .null {
      (english, japanese) = ("", "")
    } else {
      throw EngineError("\(place) must be text, or an object of texts with the members en and ja")
    }
  }

  func callAsFunction(_ say: Language) -> String { say(english, japanese) }
}
