import Books
import Charts
import Directives
import JSONText

extension Block {
  /// The directive that a program of the author's own answers.
  init(engine entry: EngineEntry) {
    self.init(
      entry.name, entry.summary.isEmpty ? "what \(entry.run.joined(separator: " ")) answers" : entry.summary,
      views: [EngineView(entry)], takesModel: entry.needs == .states, examples: ["<<\(entry.name)>>"])
  }
}

/// The view of an author's own engine: what it takes is what the book says, what it shows is what the program answers.
struct EngineView: View {
  let entry: EngineEntry
  let keys: [any KeyDeclaration]
  let engine: EngineIdentity

  static let texts = SampleKeys.texts(200)
  static let position = SampleKeys.position(.last)

  init(_ entry: EngineEntry) {
    self.entry = entry
    let own = entry.settings.map { name, value in OwnSetting(name, value) as any KeyDeclaration }
    keys = own + (entry.needs == .states ? [Self.texts, Self.position, SampleKeys.maxTokens] : [])
    engine = EngineIdentity(entry.name, version: 1)
  }

  var isTable: Bool { entry.shows == .table }

  func shape(of bound: BoundDirective) -> ResultShape { .open }

  func example(_: BoundDirective) -> EngineResult { EngineResult(values: [:], shown: [:]) }

  /// The program: its arguments, its settings' defaults and the digests of its files.
  func inputs(of question: Question, on bench: Workbench) throws -> JSONObject {
    var program = entry.json
    var files = JSONObject()
    for file in try EngineProgram(entry, on: bench).files { files[file.name] = .string(file.digest) }
    program["files"] = .object(files)
    return ["program": .object(program)]
  }

  func requireFiles(of bound: BoundDirective, on bench: Workbench) throws {
    try EngineProgram(entry, on: bench).requirePresent()
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<EngineResult> {
    let program = try EngineProgram(entry, on: bench)
    try program.requireAllowed()
    var request = EngineRequest(question.bound, entry)
    var facts = Facts.none
    if entry.needs == .states {
      let states = try bench.states(
        of: question,
        StatesRequest(
          selection: question.bound.selection(texts: question[Self.texts], position: Self.position),
          takesFewer: !question.bound.isGiven(Self.texts)))
      facts = states.facts(family: question.subject.family)
      request.states = (states, facts, try question.subject.identity().digest)
    }
    let result = try EngineResult(answer: try program.answer(request), of: entry)
    return Answer(result: result, facts: facts)
  }

  func remarks(in say: Language) -> [ProvenanceItem] {
    entry.needs == .states ? [.statesBeforeFinalNorm(say)] : []
  }

  func exhibit(_ shown: Shown<EngineResult>, in say: Language) -> Exhibit {
    EngineExhibit(shown.result, name: entry.name, of: shown.name, say).exhibit
  }
}

/// A setting of an author's own engine, of the type of its default.
private struct OwnSetting: KeyDeclaration {
  let setting: SettingKey

  init(_ name: String, _ value: JSONValue) {
    let (type, standard): (SettingType, SettingValue) =
      switch value {
      case .bool(let flag): (.bool, .bool(flag))
      case .number(let number) where number.asInt != nil: (.int(Int.min...Int.max), .int(number.asInt ?? 0))
      case .number(let number):
        (.double(-Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude), .double(number.asDouble ?? 0))
      default: (.text, .text(value.stringValue ?? ""))
      }
    setting = SettingKey(
      name, type, standard: standard, "a setting of the program; \(standard.canonicalText) by default")
  }
}
