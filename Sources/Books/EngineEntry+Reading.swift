import Diagnostics
import JSONText
import YAML

extension EngineEntry {
  /// Reads the `engines:` of a book.
  ///
  /// - Returns: the entries that can be understood, and what is wrong with the others, each fault at its place.
  static func read(_ value: YAMLValue) -> ([EngineEntry], [Diagnostic]) {
    var map = YAMLMapReader(value, of: "engines")
    var entries: [EngineEntry] = []
    var faults: [Diagnostic] = []
    for entry in map.allEntries() {
      let (engine, problems) = read(entry)
      if let engine { entries.append(engine) }
      faults += problems
    }
    return (entries, faults + map.finish())
  }

  private static func read(_ entry: YAMLEntry) -> (EngineEntry?, [Diagnostic]) {
    var reader = YAMLMapReader(entry.value, of: "engine '\(entry.key)'")
    reader.require("run")
    let place = Spanned(entry.key, span: entry.keySpan, file: entry.value.file)
    let run = reader.strings("run")?.value ?? []
    var engine = EngineEntry(name: entry.key, run: run, place: place)
    if let needs = reader.choice("needs", of: Needs.allCases.map(\.rawValue)) {
      engine.needs = Needs(rawValue: needs.value) ?? .states
    }
    if let shows = reader.choice("shows", of: Form.allCases.map(\.rawValue)) {
      engine.shows = Form(rawValue: shows.value) ?? .figure
    }
    engine.files = reader.strings("files")?.value ?? []
    engine.seconds = reader.int("seconds", in: 1...86_400)?.value ?? engine.seconds
    engine.summary = reader.string("summary")?.value ?? ""
    if let settings = reader.map("settings") { readSettings(settings, into: &engine, &reader) }
    checkName(entry, &reader)
    if run.isEmpty || run[0].isEmpty, reader.diagnostics.isEmpty {
      reader.report(entry.value.error("engine '\(entry.key)' needs a program: run: [python3, \(entry.key).py]"))
    }
    let faults = reader.finish()
    return (faults.hasErrors ? nil : engine, faults)
  }

  /// Keys that every directive has, or that a result's key has under this name.
  private static let reserved = [
    "n", "seed", "position", "max-tokens", "dataset", "vs", "models", "caption", "id", "as", "tol", "width", "height",
    "program", "view",
  ]

  private static func readSettings(_ value: YAMLValue, into engine: inout EngineEntry, _ reader: inout YAMLMapReader) {
    for setting in value.entries ?? [] {
      func fault(_ message: String) {
        reader.report(Diagnostic(file: setting.value.file, span: setting.keySpan, message: message))
      }
      if reserved.contains(setting.key) {
        fault("'\(setting.key)' cannot be a setting of an engine: every directive has a key of that name")
      } else if !isWord(setting.key) {
        fault("'\(setting.key)' cannot be a setting: use a letter, then letters, digits, '-' and '_'")
      } else if let text = setting.value.text, !setting.value.isNull {
        engine.settings[setting.key] = standard(text)
      } else {
        fault("the default of '\(setting.key)' must be true, false, a number or text, found \(setting.value.wording)")
      }
    }
  }

  /// A default as its type: `true`, `3`, `0.5`, anything else as text.
  private static func standard(_ text: String) -> JSONValue {
    if text == "true" || text == "false" { return .bool(text == "true") }
    if let number = NumberReading.int(text) { return .int(number) }
    return NumberReading.double(text).map { .double($0) } ?? .string(text)
  }

  private static func checkName(_ entry: YAMLEntry, _ reader: inout YAMLMapReader) {
    guard !isWord(entry.key) else { return }
    reader.report(
      Diagnostic(
        file: entry.value.file, span: entry.keySpan,
        message: "'\(entry.key)' cannot name a directive: use a letter, then letters, digits, '-' and '_'"))
  }

  private static func isWord(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    guard let first = bytes.first, isLetter(first) else { return false }
    return bytes.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F }
  }
}
