import Diagnostics

/// Reads the keys of one YAML map by name and type, and collects what is wrong with them.
///
/// ```swift
/// var reader = YAMLMapReader(value, of: "model 'llama-1b'")
/// let path = reader.string("path")
/// let take = reader.int("take", in: 1...Int.max)
/// diagnostics += reader.finish()     // reports unknown keys with the nearest valid names
/// ```
/// A typed accessor returns nil both where the key is absent and where it is wrong; the second is reported.
public struct YAMLMapReader {
  /// What is wrong so far.
  public private(set) var diagnostics: [Diagnostic] = []
  private let value: YAMLValue
  private let noun: String
  private let entries: [YAMLEntry]
  private var known: [String] = []

  /// Starts on a value, which must be a map; nothing written counts as an empty map.
  ///
  /// - Parameter noun: what the map describes, for messages such as `unknown key 'x' of model 'a'`.
  public init(_ value: YAMLValue, of noun: String) {
    self.value = value
    self.noun = noun
    self.entries = value.entries ?? []
    if value.entries == nil, !value.isNull {
      diagnostics.append(value.error("\(noun) must be a map of keys and values, found \(value.wording)"))
    }
  }

  /// The entry of a key, as it was written; marks the key as known.
  public mutating func entry(_ key: String) -> YAMLEntry? {
    if !known.contains(key) { known.append(key) }
    return entries.first { $0.key == key }
  }

  /// All entries in order, for maps whose keys are free names.
  public mutating func allEntries() -> [YAMLEntry] {
    known += entries.map(\.key)
    return entries
  }

  /// Text; an empty or missing value is an error where the key stands.
  public mutating func string(_ key: String) -> Spanned<String>? {
    guard let found = value(key) else { return nil }
    guard let text = found.text, !found.isNull else { return wrong(key, "text", found) }
    return Spanned(text, span: found.span, file: found.file)
  }

  /// A whole number within limits.
  public mutating func int(_ key: String, in limits: ClosedRange<Int> = Int.min...Int.max) -> Spanned<Int>? {
    guard let found = value(key) else { return nil }
    guard let text = found.text, let number = NumberReading.int(text), limits.contains(number) else {
      return wrong(key, "a whole number\(NumberReading.wording(limits))", found)
    }
    return Spanned(number, span: found.span, file: found.file)
  }

  public mutating func double(_ key: String) -> Spanned<Double>? {
    guard let found = value(key) else { return nil }
    guard let text = found.text, let number = NumberReading.double(text) else { return wrong(key, "a number", found) }
    return Spanned(number, span: found.span, file: found.file)
  }

  /// `true` or `false`, and nothing else.
  public mutating func bool(_ key: String) -> Spanned<Bool>? {
    guard let found = value(key) else { return nil }
    guard let text = found.text, text == "true" || text == "false" else { return wrong(key, "true or false", found) }
    return Spanned(text == "true", span: found.span, file: found.file)
  }

  /// One of some words.
  public mutating func choice(_ key: String, of words: [String]) -> Spanned<String>? {
    guard let found = value(key) else { return nil }
    guard let text = found.text, words.contains(text) else {
      let hints = found.text.flatMap { Spelling.hint(for: $0, in: words) }.map { [$0] } ?? []
      return wrong(key, Spelling.alternatives(words), found, hints: hints)
    }
    return Spanned(text, span: found.span, file: found.file)
  }

  /// A list of texts; a single text counts as a list of one.
  public mutating func strings(_ key: String) -> Spanned<[String]>? {
    guard let found = value(key) else { return nil }
    let items = found.items ?? [found]
    let texts = items.compactMap { $0.isNull ? nil : $0.text }
    guard texts.count == items.count else { return wrong(key, "text or a list of texts", found) }
    return Spanned(texts, span: found.span, file: found.file)
  }

  /// A map nested under a key.
  public mutating func map(_ key: String) -> YAMLValue? {
    guard let found = value(key) else { return nil }
    guard found.entries != nil || found.isNull else { return wrong(key, "a map", found) }
    return found
  }

  /// Reports that a key must be there, at the map itself; call it where an accessor returned nil without a fault.
  public mutating func require(_ key: String) {
    guard entry(key) == nil, value.entries != nil || value.isNull else { return }
    diagnostics.append(value.error("\(noun) needs the key '\(key)'"))
  }

  /// Adds a diagnostic about this map.
  public mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  /// Reports every key that was not asked for, and returns all that is wrong.
  public mutating func finish() -> [Diagnostic] {
    for entry in entries where !known.contains(entry.key) {
      diagnostics.append(
        Diagnostic(
          file: value.file, span: entry.keySpan, message: "unknown key '\(entry.key)' of \(noun)",
          hints: Spelling.hints(for: entry.key, in: known, noun: "keys")))
    }
    return diagnostics
  }

  private mutating func value(_ key: String) -> YAMLValue? { entry(key)?.value }

  private mutating func wrong<T>(_ key: String, _ expected: String, _ found: YAMLValue, hints: [String] = []) -> T? {
    diagnostics.append(found.error("'\(key)' must be \(expected), found \(found.wording)", hints: hints))
    return nil
  }
}
