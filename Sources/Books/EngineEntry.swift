import Diagnostics
import JSONText

/// A program of the author's own that answers a directive of its name.
public struct EngineEntry: Sendable {
  /// What it is handed besides its settings.
  public enum Needs: String, Sendable, CaseIterable {
    /// A file of the states of a sample.
    case states
    /// No model and no states.
    case nothing
  }

  /// What its answer is shown as.
  public enum Form: String, Sendable, CaseIterable { case figure, table }

  /// The directive's name.
  public var name: String
  /// The program and its arguments; no shell reads them.
  public var run: [String]
  public var needs: Needs
  public var shows: Form
  /// Files besides those among the arguments on which its answer rests, relative to the book.
  public var files: [String]
  /// Its settings with their defaults: truth values, numbers or texts.
  public var settings: JSONObject
  /// How long it may take, in seconds.
  public var seconds: Int
  /// What it shows, in one line.
  public var summary: String
  /// Where its name stands in the book's file; nil for one that a page's record tells of.
  public var place: Spanned<String>?

  public init(
    name: String, run: [String], needs: Needs = .states, shows: Form = .figure, files: [String] = [],
    settings: JSONObject = [:], seconds: Int = 600, summary: String = "", place: Spanned<String>? = nil
  ) {
    self.name = name
    self.run = run
    self.needs = needs
    self.shows = shows
    self.files = files
    self.settings = settings
    self.seconds = seconds
    self.summary = summary
    self.place = place
  }

  /// What of it decides an answer, and how its directive is read: part of the key of every result.
  public var json: JSONObject {
    [
      "run": .array(run.map { .string($0) }), "needs": .string(needs.rawValue), "shows": .string(shows.rawValue),
      "settings": .object(settings),
    ]
  }

  /// An entry as the key of a result tells it; nil where it is none.
  public init?(name: String, _ json: JSONValue) {
    guard let run = json["run"]?.arrayValue?.compactMap(\.stringValue), !run.isEmpty,
      let needs = json["needs"]?.stringValue.flatMap(Needs.init),
      let shows = json["shows"]?.stringValue.flatMap(Form.init), let settings = json["settings"]?.objectValue,
      settings.allSatisfy({ Self.isSetting($0.value) })
    else { return nil }
    self.init(name: name, run: run, needs: needs, shows: shows, settings: settings)
  }

  /// Whether a value can be the default of a setting.
  static func isSetting(_ value: JSONValue) -> Bool {
    switch value {
    case .bool, .string: true
    case .number(let number): number.asDouble != nil
    default: false
    }
  }
}
