import Diagnostics
import Directives
import JSONText

/// Which code computed a result; the version rises whenever the same inputs may give other numbers.
public struct EngineIdentity: Sendable, Hashable {
  /// The engine's name.
  public var name: String
  /// Its version.
  public var version: Int

  /// An engine.
  public init(_ name: String, version: Int) {
    self.name = name
    self.version = version
  }
}

/// One directive that shows something computed: what it takes, how it is answered, how the answer is shown.
///
/// An answer is JSON, and an exhibit is made of that JSON alone: a stored result and a fresh one are the same thing.
public protocol Block: Sendable {
  /// What the directive takes; also its documentation.
  var schema: DirectiveSchema { get }

  /// The engine that answers a directive.
  func engine(for bound: BoundDirective) -> EngineIdentity

  /// The settings the result depends on, defaults filled in; by default all that are not presentation.
  func settings(for bound: BoundDirective) -> JSONObject

  /// Whether the exhibit counts as a figure or a table, known before anything is computed.
  func kind(of bound: BoundDirective) -> Exhibit.Kind

  /// Faults that no single key shows, such as a sample that is smaller than its split.
  func faults(of bound: BoundDirective) -> [Diagnostic]

  /// What the result holds.
  func shape(of bound: BoundDirective) -> ResultShape

  /// Computes the result.
  ///
  /// - Throws: `EngineError`, or the error of a file, a model or a dataset.
  func answer(_ question: Question, on bench: Workbench) throws -> Answer

  /// Shows the result; `evaluation.comparison` holds the answer of a second model where `vs=` names one.
  func exhibit(of evaluation: Evaluation, in language: Language) -> Exhibit
}

extension Block {
  /// Every setting that is not presentation.
  public func settings(for bound: BoundDirective) -> JSONObject { settings(for: bound, leavingOut: []) }

  /// Every setting that is not presentation, without some of them.
  func settings(for bound: BoundDirective, leavingOut hidden: Set<String>) -> JSONObject {
    var settings = JSONObject()
    if !bound.view.isEmpty { settings["view"] = .array(bound.view.map { .string($0) }) }
    for key in schema.allKeys where !key.isPresentation && !hidden.contains(key.name) {
      guard bound.values[key.name] != nil else { continue }
      settings[key.name] = bound[key.name].json
    }
    return settings
  }

  /// A figure, unless the author asks for a table.
  public func kind(of bound: BoundDirective) -> Exhibit.Kind { bound.form == .table ? .table : .figure }

  /// No faults.
  public func faults(of bound: BoundDirective) -> [Diagnostic] { [] }
}

extension SettingValue {
  /// The value as it stands in a result's settings.
  var json: JSONValue {
    switch self {
    case .none: .null
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .double(let value): .double(value)
    case .percent(let value): .double(value)
    case .ints(let values): .ints(values)
    case .doubles(let values): .doubles(values)
    case .words(let values): .array(values.map { .string($0) })
    case .word(let value), .text(let value): .string(value)
    case .range, .pair, .unit: .string(canonicalText)
    }
  }
}

/// An engine that cannot answer, and what the author of the template can do about it.
public struct EngineError: HintedError, Sendable, CustomStringConvertible {
  /// What stands in the way.
  public let message: String
  /// What to do.
  public let hint: String?

  /// An error with an optional way out.
  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  /// The message alone.
  public var description: String { message }
}
