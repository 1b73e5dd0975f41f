import Diagnostics

/// The kind of value a key of a directive takes.
public enum SettingType: Sendable, Hashable {
  /// `on` or `off` (`true` and `false` are read too).
  case bool
  /// A whole number within limits.
  case int(ClosedRange<Int>)
  /// A finite number within limits.
  case double(ClosedRange<Double>)
  /// A percentage within limits, in percent: `95%`.
  case percent(ClosedRange<Double>)
  /// One of some words.
  case choice([String])
  /// Some of some words, separated by commas, each at most once.
  case choices([String])
  /// A name without spaces, such as an anchor.
  case name
  /// Free text; a bare argument must be quoted.
  case text
  /// Whole numbers within limits, separated by commas.
  case ints(ClosedRange<Int>)
  /// Finite numbers, separated by commas.
  case doubles
  /// `0..11`, both ends included and counted from 0.
  case range
  /// `3->8`, counted from 0.
  case pair
  /// `L28`, `L28.N29`, `L21.H19`.
  case unit
  /// One model of the book.
  case model
  /// Models of the book, separated by commas.
  case models
  /// One dataset of the book.
  case dataset
  /// Datasets of the book, separated by commas.
  case datasets
  /// Files, separated by commas, relative to the book.
  case files
  /// One file, beside the template or relative to the book.
  case file

  /// Whether the value names something whose content decides a result, not its name.
  public var namesInput: Bool {
    switch self {
    case .model, .models, .dataset, .datasets, .files, .file: true
    default: false
    }
  }

  /// What the type expects, in words for a message.
  public var wording: String {
    switch self {
    case .bool: "on or off"
    case .int(let limits): "a whole number" + NumberReading.wording(limits)
    case .double(let limits): "a number" + SettingType.wording(limits)
    case .percent(let limits): "a percentage" + SettingType.wording(limits, unit: "%") + ", such as 95%"
    case .choice(let words): words.count > 1 ? "one of \(words.joined(separator: ", "))" : words.first ?? ""
    case .choices(let words): "some of \(words.joined(separator: ", ")), separated by commas"
    case .name: "a name of letters, digits, '-', '_', '.' and ':'"
    case .text: "text in quotes"
    case .ints(let limits): "whole numbers\(NumberReading.wording(limits)), separated by commas"
    case .doubles: "numbers separated by commas"
    case .range: "a range such as 0..11"
    case .pair: "a pair such as 3->8"
    case .unit: "a unit such as L28, L28.N29, L21.H19 or L21.H19.D7@1"
    case .model: "a model"
    case .models: "models separated by commas"
    case .dataset: "a dataset"
    case .datasets: "datasets separated by commas"
    case .files: "paths of files separated by commas"
    case .file: "the path of a file, without commas"
    }
  }

  private static func wording(_ limits: ClosedRange<Double>, unit: String = "") -> String {
    let lower = limits.lowerBound > -Double.greatestFiniteMagnitude
    let upper = limits.upperBound < Double.greatestFiniteMagnitude
    return (lower ? " from \(NumberReading.text(limits.lowerBound))\(unit)" : "")
      + (upper ? "\(lower ? "" : " up") to \(NumberReading.text(limits.upperBound))\(unit)" : "")
  }
}

/// A reading of a text as a setting failed.
struct SettingFault: Error {
  /// What was expected, in words.
  var expected: String
  /// What to do about it.
  var hints: [String] = []
  /// The whole message, where "must be … found …" would say less.
  var message: String?
}

extension SettingType {
  /// Reads a value of this type.
  ///
  /// - Parameter scope: the models and datasets of the book.
  /// - Throws: `SettingFault` with what was expected.
  func read(_ text: String, scope: BindingScope) throws(SettingFault) -> SettingValue {
    switch self {
    case .bool:
      guard let value = ["on": true, "true": true, "off": false, "false": false][text] else { break }
      return .bool(value)
    case .int(let limits):
      guard let value = NumberReading.int(text), limits.contains(value) else { break }
      return .int(value)
    case .double(let limits):
      guard let value = NumberReading.double(text), limits.contains(value) else { break }
      return .double(value)
    case .percent(let limits):
      guard text.hasSuffix("%"), let value = NumberReading.double(String(text.dropLast())), limits.contains(value)
      else {
        break
      }
      return .percent(value)
    case .name:
      guard SettingType.isName(text) else { break }
      return .word(text)
    case .text:
      return .text(text)
    case .range:
      guard let (lower, upper) = SettingType.twoNumbers(text, separator: ".."), lower <= upper else { break }
      return .range(lower...upper)
    case .pair:
      guard let (from, to) = SettingType.twoNumbers(text, separator: "->") else { break }
      return .pair(from: from, to: to)
    case .unit:
      guard let unit = ModelUnit(text) else { break }
      return .unit(unit)
    default:
      return try readWords(text, scope: scope)
    }
    throw SettingFault(expected: wording)
  }

  /// Reads the types that are lists, or words of a known list.
  private func readWords(_ text: String, scope: BindingScope) throws(SettingFault) -> SettingValue {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    switch self {
    case .choice(let words):
      return .word(try known(text, words, wording))
    case .choices(let words):
      var values: [String] = []
      for part in parts {
        let word = try known(part, words, wording)
        if !values.contains(word) { values.append(word) }
      }
      return .words(values)
    case .ints(let limits):
      let values = parts.compactMap(NumberReading.int).filter(limits.contains)
      if values.count == parts.count { return .ints(values) }
    case .doubles:
      let values = parts.compactMap(NumberReading.double)
      if values.count == parts.count { return .doubles(values) }
    case .model:
      return .word(try knownModel(text, scope))
    case .models:
      var values: [String] = []
      for part in parts { values.append(try knownModel(part, scope)) }
      return .words(values)
    case .dataset:
      return .word(try knownDataset(text, scope))
    case .datasets:
      var values: [String] = []
      for part in parts { values.append(try knownDataset(part, scope)) }
      return .words(values)
    case .files:
      if parts.allSatisfy({ !$0.isEmpty }) { return .words(parts) }
    case .file:
      if parts.count == 1, !text.isEmpty, !text.contains(">>") { return .words([text]) }
    default:
      break
    }
    throw SettingFault(expected: wording)
  }

  private func known(_ text: String, _ words: [String], _ expected: String) throws(SettingFault) -> String {
    if words.contains(text) { return text }
    throw SettingFault(expected: expected, hints: Spelling.hint(for: text, in: words).map { [$0] } ?? [])
  }

  private func knownModel(_ text: String, _ scope: BindingScope) throws(SettingFault) -> String {
    if scope.isModel(text) { return text }
    throw SettingFault(
      expected: wording, hints: Spelling.hints(for: text, in: scope.models, noun: "models"),
      message: "unknown model '\(text)'")
  }

  private func knownDataset(_ text: String, _ scope: BindingScope) throws(SettingFault) -> String {
    if scope.isDataset(text) { return text }
    throw SettingFault(
      expected: wording, hints: Spelling.hints(for: text, in: scope.datasets, noun: "datasets"),
      message: "unknown dataset '\(text)'")
  }

  /// Whether a text can be an anchor: a letter, then letters, digits and `-_.:`.
  static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic else { return false }
    return text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil || $0.properties.generalCategory == .nonspacingMark
        || "-_.:".unicodeScalars.contains($0)
    }
  }

  private static func twoNumbers(_ text: String, separator: String) -> (Int, Int)? {
    let bytes = Array(text.utf8)
    let middle = Array(separator.utf8)
    guard bytes.count > middle.count else { return nil }
    for index in 0...(bytes.count - middle.count) where bytes[index..<(index + middle.count)].elementsEqual(middle) {
      let left = NumberReading.int(String(decoding: bytes[..<index], as: UTF8.self))
      let right = NumberReading.int(String(decoding: bytes[(index + middle.count)...], as: UTF8.self))
      guard let left, let right, left >= 0, right >= 0 else { return nil }
      return (left, right)
    }
    return nil
  }
}
