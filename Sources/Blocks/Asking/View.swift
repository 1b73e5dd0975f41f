import Books
import Charts
import Diagnostics
import Directives
import JSONText
import Results
import Transformers

/// One view of a directive: what it takes, what its result holds, how it is answered, how the answer is shown.
///
/// The result is a `Codable` type. Its JSON, the shape that `value` and `expect` are checked against, the documentation
/// of its fields and what the exhibit reads all come of that one declaration. A fresh answer goes through JSON as a
/// stored one does, so the two are the same thing.
public protocol View: Sendable {
  /// What was found.
  associatedtype Result: Codable & Sendable

  /// The words that choose the view in the directive; none where the directive has but one view.
  var keywords: [ViewKeyword] { get }

  /// Settings that choose the view, where words do not; none for the view that is meant otherwise.
  var selectors: [String: SettingValue] { get }

  /// The keys it takes, beside those that every directive takes.
  var keys: [any KeyDeclaration] { get }

  /// The engine that answers.
  var engine: EngineIdentity { get }

  /// What the result of a bound directive holds, as far as it is known before it is there; that of the example.
  func shape(of bound: BoundDirective) -> ResultShape

  /// A result of the shape that these settings give: no list empty, nothing nil but numbers.
  func example(_ bound: BoundDirective) -> Result

  /// Computes the result.
  ///
  /// - Throws: `EngineError`, or the error of a file, a model or a dataset.
  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Result>

  /// Shows the result.
  func exhibit(_ shown: Shown<Result>, in language: Language) -> Exhibit

  /// The word under which several keywords share one result; the keyword itself where they do not.
  func resultWord(_ keyword: String) -> String

  /// Settings that are not the author's to choose and that a result rests on.
  var constants: JSONObject { get }

  /// Whether the directive reads texts of a dataset; false where it brings its own text.
  func readsDataset(_ bound: BoundDirective) -> Bool

  /// Whether the texts of its dataset have to be prompts with answers.
  var readsPrompts: Bool { get }

  /// Keys that decide nothing beside what else is written, such as those that choose texts where the directive brings one.
  func idleKeys(of bound: BoundDirective) -> [String]

  /// What else a result depends on beside settings, model and dataset, such as every model of the book.
  func inputs(of question: Question, on bench: Workbench) throws -> JSONObject

  /// What it needs of a model beyond states.
  func needs(_ bound: BoundDirective) -> ModelNeeds

  /// Stops where a model can never give what the settings name, such as a depth beyond it; asked of views with `needs`.
  ///
  /// Unless a view says otherwise, the units that its settings name must be there.
  func requireFit(_ bound: BoundDirective, named model: String, in configuration: ModelConfiguration) throws(Misfit)

  /// Faults that no single key shows, such as a sample that is smaller than its split.
  func faults(of bound: BoundDirective) -> [Diagnostic]

  /// Stops where a dataset can never be asked for what the directive wants of it; runs nothing.
  ///
  /// Unless a view says otherwise, a dataset of prompts is read where the view reads prompts.
  ///
  /// - Throws: `Misfit`.
  func requireDataset(
    _ entry: DatasetEntry, of bound: BoundDirective, asking subject: Subject, on bench: Workbench) throws

  /// Reads the files that settings name, as far as that tells what rendering would stumble over; `check` asks.
  ///
  /// - Throws: `Misfit` at the setting; or `EngineError` where a file is not there.
  func requireFiles(of bound: BoundDirective, on bench: Workbench) throws

  /// Whether it is a table whatever `as=` says.
  var isTable: Bool { get }

  /// Whether its exhibit shows several models together; where it does not, each has one of its own.
  func overlays(_ bound: BoundDirective) -> Bool

  /// Whether a height suits its figure.
  var takesHeight: Bool { get }

  /// What the computation did with the states, for the line of facts under a caption.
  func remarks(in language: Language) -> [ProvenanceItem]

  /// The directive as it is meant for a masked model, where a default depends on the kind of model.
  func askedOfMasked(_ bound: BoundDirective, _ schema: DirectiveSchema) -> BoundDirective

  /// Work under the result that is kept by itself, so that several machines may share in it.
  ///
  /// What is not named here is done all the same where the result is; naming it lets others do it first.
  func parts(of question: Question, on bench: Workbench) throws -> [WorkPart]

  /// The result with the names that the directive gives to what it names: they are no part of what is kept.
  func named(_ result: Result, by bound: BoundDirective) -> Result
}

extension View {
  public var keywords: [ViewKeyword] { [] }
  public var selectors: [String: SettingValue] { [:] }
  public func resultWord(_ keyword: String) -> String { keyword }
  public var constants: JSONObject { JSONObject() }
  public func readsDataset(_ bound: BoundDirective) -> Bool { true }
  public var readsPrompts: Bool { false }
  public func idleKeys(of bound: BoundDirective) -> [String] { [] }
  public func inputs(of question: Question, on bench: Workbench) throws -> JSONObject { JSONObject() }
  public func needs(_ bound: BoundDirective) -> ModelNeeds { [] }
  public func requireFit(
    _ bound: BoundDirective, named model: String, in configuration: ModelConfiguration
  ) throws(Misfit) { try bound.requireUnits(in: configuration) }
  public func faults(of bound: BoundDirective) -> [Diagnostic] { [] }
  public func requireDataset(
    _ entry: DatasetEntry, of bound: BoundDirective, asking subject: Subject, on bench: Workbench
  ) throws { if readsPrompts { try bench.requirePrompts(in: entry) } }
  public func requireFiles(of bound: BoundDirective, on bench: Workbench) throws {}
  public var isTable: Bool { false }
  public func overlays(_ bound: BoundDirective) -> Bool { false }
  public var takesHeight: Bool { true }
  public func remarks(in language: Language) -> [ProvenanceItem] { [] }
  public func askedOfMasked(_ bound: BoundDirective, _ schema: DirectiveSchema) -> BoundDirective { bound }
  public func parts(of question: Question, on bench: Workbench) throws -> [WorkPart] { [] }
  public func named(_ result: Result, by bound: BoundDirective) -> Result { result }
}

/// Which code computed a result; the version rises whenever the same inputs may give other numbers.
public struct EngineIdentity: Sendable, Hashable {
  public var name: String
  public var version: Int

  public init(_ name: String, version: Int) {
    self.name = name
    self.version = version
  }
}

// MARK: - What all views do alike

extension View {
  /// Whether a bound directive asks for this view: by one of its words, or by settings.
  func isMeant(by bound: BoundDirective) -> Bool {
    keywords.contains { $0.word == bound.view.last }
      || (!selectors.isEmpty && selectors.allSatisfy { bound.values[$0.key] == $0.value })
  }

  /// The directive as it is meant for a model.
  func asked(_ bound: BoundDirective, of subject: Subject, _ schema: DirectiveSchema) -> BoundDirective {
    let masked = askedOfMasked(bound, schema)
    return masked.values != bound.values && subject.statesFile == nil && subject.isMasked ? masked : bound
  }

  public func shape(of bound: BoundDirective) -> ResultShape {
    do { return ResultShape(try JSON.encode(example(bound))) } catch {
      preconditionFailure("the example of <<\(bound.name)>> is no JSON: \(error)")
    }
  }

  /// The example as if it had been answered.
  func evaluation(of bound: BoundDirective, _ schema: DirectiveSchema) throws -> Evaluation {
    let kept = try stored(Answer(result: example(bound), facts: .example))
    let settings = settings(for: bound, schema, withInputs: true)
    guard let answer = decode(kept, bound) else { throw EngineError.unreadable("the example of <<\(bound.name)>>") }
    return Evaluation(
      bound: bound, view: self, model: NamedDigest(name: "model", digest: ""), dataset: nil, settings: settings,
      result: answer.result, value: answer.value, facts: answer.facts,
      key: ResultKey(inputs: ["settings": .object(settings)]),
      stored: StoredResult(value: kept), wasHit: false)
  }

  /// What the fields of the result hold, by their paths.
  func documentation(_ bound: BoundDirective) -> [(path: String, text: String)] {
    (try? JSON.documentation(of: example(bound))) ?? []
  }

  /// The settings the result depends on, defaults filled in: all that are not presentation.
  ///
  /// - Parameter withInputs: whether those that name models, datasets or files stand among them.
  func settings(for bound: BoundDirective, _ schema: DirectiveSchema, withInputs: Bool) -> JSONObject {
    var settings = JSONObject()
    if !bound.view.isEmpty {
      settings["view"] = .array((bound.view.dropLast() + [resultWord(bound.view.last ?? "")]).map { .string($0) })
    }
    let idle = idleKeys(of: bound)
    for key in schema.allKeys
    where !key.isPresentation && (withInputs || !key.type.namesInput) && !idle.contains(key.name) {
      if let value = bound.values[key.name] { settings[key.name] = value.json }
    }
    for (name, value) in constants { settings[name] = value }
    return settings
  }

  /// The answer as it is kept.
  func stored(_ answer: Answer<Result>) throws -> JSONValue {
    let result: JSONValue
    do { result = try JSON.encode(answer.result) } catch let EncodingError.invalidValue(_, context) {
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw EngineError("\(engine.name) gave no number at '\(place)': \(context.debugDescription)")
    }
    return try JSON.encode(KeptAnswer(result: result, facts: answer.facts))
  }

  /// The answer out of what is kept; nil where it is not one of this view.
  func decode(_ stored: JSONValue, _ bound: BoundDirective) -> DecodedAnswer? {
    guard let kept = try? JSON.decode(KeptAnswer.self, from: stored),
      let value = (try? JSON.decode(Result.self, from: kept.result)).map({ named($0, by: bound) }),
      case .object(let result)? = namesInputs(bound) ? try? JSON.encode(value) : kept.result
    else { return nil }
    return DecodedAnswer(result: result, value: value, facts: kept.facts)
  }

  /// Whether names of models, datasets or files stand in the settings, and so may be wanted in the result.
  private func namesInputs(_ bound: BoundDirective) -> Bool {
    keys.contains { $0.setting.type.namesInput && bound.values[$0.setting.name, default: .none] != .none }
  }

  /// The exhibit of an evaluation that this view answered: of several models together, where the view overlays them.
  func exhibit(of evaluation: Evaluation, in language: Language) -> Exhibit {
    var exhibit = exhibit(shown(evaluation), in: language)
    exhibit.isTable = isTable || exhibit.chart == nil || evaluation.bound.form == .table
    return exhibit
  }

  private func shown(_ evaluation: Evaluation) -> Shown<Result> {
    guard let result = evaluation.value as? Result else {
      preconditionFailure("<<\(evaluation.bound.name)>> was answered by another view")
    }
    return Shown(result: result, evaluation: evaluation, others: evaluation.comparison.map { shown($0) })
  }
}

/// An answer out of what is kept of it.
struct DecodedAnswer {
  var result: JSONObject
  /// The result as its type.
  var value: any Sendable
  var facts: Facts
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
