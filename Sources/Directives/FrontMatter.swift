import Diagnostics
import YAML

/// A named default or a free name of a document: an entry of `params`, or `--set name=text`.
public struct Parameter: Sendable {
  public var name: String
  /// The value as it was written.
  public var text: String
  /// Where the value stands; meaningless where `file` is nil.
  public var span: SourceSpan
  /// The template; nil for a value from the command line.
  public var file: SourceFile?

  public init(name: String, text: String, span: SourceSpan = SourceSpan(lower: 0, upper: 0), file: SourceFile? = nil) {
    self.name = name
    self.text = text
    self.span = span
    self.file = file
  }
}

/// What a template says about itself between its `---` lines.
public struct FrontMatter: Sendable {
  /// The keys front matter knows, in the order a person would write them.
  public static let keys = [
    "title", "subtitle", "authors", "date", "lang", "finding", "abstract", "bibliography", "model", "dataset", "seed",
    "params",
  ]

  /// The document's title.
  public var title: Spanned<String>?
  /// The line under the title.
  public var subtitle: Spanned<String>?
  /// Who wrote it.
  public var authors: [String] = []
  /// The date as it was written.
  public var date: Spanned<String>?
  /// The languages that labels, captions and messages of a page exist in.
  public static let languages = ["en", "ja"]
  /// The language of the text: `en` or `ja`, also with a region such as `en-GB`.
  public var lang: Spanned<String>?
  /// What was found, as Markdown: a sentence with its numbers, for the box under the title.
  public var finding: Spanned<String>?
  /// The abstract, as Markdown.
  public var abstract: Spanned<String>?
  /// Files of works that the text cites, BibTeX or CSL-JSON.
  public var bibliography: Spanned<[String]>?
  /// The model directives use where they name none.
  public var model: Spanned<String>?
  /// The dataset directives use where they name none.
  public var dataset: Spanned<String>?
  /// The seed directives use where they give none.
  public var seed: Spanned<Int>?
  /// Defaults for directive keys, and free names for `{name}`.
  public var parameters: [Parameter] = []
  /// Byte offset of the first byte after the front matter.
  public var bodyStartsAt = 0

  /// Front matter of a document that has none.
  public init() {}

  /// Reads the front matter of a template.
  ///
  /// Front matter is there where the first line is `---`; it ends at the next line that is `---`.
  /// - Returns: what could be read, and what is wrong with it.
  public static func parse(_ file: SourceFile) -> (FrontMatter, [Diagnostic]) {
    var matter = FrontMatter()
    matter.bodyStartsAt = file.hasByteOrderMark ? 3 : 0
    guard isFence(file, 1) else { return (matter, []) }
    guard file.lineCount > 1, let closing = (2...file.lineCount).first(where: { isFence(file, $0) }) else {
      let fault = Diagnostic(
        file: file, span: file.span(ofLine: 1), message: "front matter is not closed: expected a second '---' line")
      return (matter, [fault])
    }
    matter.bodyStartsAt =
      closing < file.lineCount ? file.span(ofLine: closing + 1).lower : file.bytes.count
    let range = file.span(ofLine: 2).lower..<file.span(ofLine: closing).lower
    let (value, faults) = YAMLDocument.parse(file, bytes: range)
    guard let value else { return (matter, faults) }
    var reader = YAMLMapReader(value, of: "the front matter")
    matter.read(&reader)
    return (matter, faults + reader.finish())
  }

  private mutating func read(_ reader: inout YAMLMapReader) {
    title = reader.string("title")
    subtitle = reader.string("subtitle")
    authors = reader.strings("authors")?.value ?? []
    date = reader.string("date")
    lang = reader.string("lang")
    if let lang, let fault = FrontMatter.fault(ofLanguage: lang.value) {
      reader.report(
        Diagnostic(file: lang.file, span: lang.span, message: fault, hints: [FrontMatter.languageHint]))
      self.lang = nil
    }
    bibliography = reader.strings("bibliography")
    finding = reader.string("finding")
    abstract = reader.string("abstract")
    model = reader.string("model")
    dataset = reader.string("dataset")
    seed = reader.int("seed", in: 0...Int.max)
    guard let params = reader.map("params") else { return }
    for entry in params.entries ?? [] { readParameter(entry, &reader) }
  }

  private mutating func readParameter(_ entry: YAMLEntry, _ reader: inout YAMLMapReader) {
    guard FrontMatter.isParameterName(entry.key) else {
      reader.report(
        Diagnostic(
          file: entry.value.file, span: entry.keySpan,
          message: "'\(entry.key)' is not a parameter name; expected letters, digits, '-' and '_'"))
      return
    }
    let items = entry.value.items ?? [entry.value]
    let texts = items.compactMap { $0.isNull ? nil : $0.text }
    guard texts.count == items.count, !texts.isEmpty else {
      reader.report(
        entry.value.error("parameter '\(entry.key)' must be text, a number or a list, found \(entry.value.wording)"))
      return
    }
    parameters.append(
      Parameter(
        name: entry.key, text: texts.joined(separator: ","), span: entry.value.span, file: entry.value.file))
  }

  /// Replaces what `--set key=value` names: a key of the front matter, else a parameter.
  ///
  /// - Returns: what is wrong with the settings.
  public mutating func apply(settings: [(key: String, value: String)]) -> [Diagnostic] {
    var faults: [Diagnostic] = []
    for (key, value) in settings {
      let text = Spanned(value, span: SourceSpan(lower: 0, upper: 0), file: nil)
      switch key {
      case "title": title = text
      case "subtitle": subtitle = text
      case "authors": authors = [value]
      case "date": date = text
      case "lang" where FrontMatter.fault(ofLanguage: value) == nil: lang = text
      case "bibliography": bibliography = Spanned([value], span: text.span, file: nil)
      case "finding": finding = text
      case "abstract": abstract = text
      case "model": model = text
      case "dataset": dataset = text
      case "seed":
        if let number = NumberReading.int(value), number >= 0 {
          seed = Spanned(number, span: text.span, file: nil)
        } else {
          faults.append(Diagnostic(message: "--set seed: expected a whole number from 0, found '\(value)'"))
        }
      case "lang":
        let fault = FrontMatter.fault(ofLanguage: value) ?? ""
        faults.append(Diagnostic(message: "--set lang: " + fault, hints: [FrontMatter.languageHint]))
      case _ where key != "params" && FrontMatter.isParameterName(key):
        parameters.removeAll { $0.name == key }
        parameters.append(Parameter(name: key, text: value))
      default:
        faults.append(Diagnostic(message: "--set: '\(key)' is not a key or parameter name"))
      }
    }
    return faults
  }

  /// Whether a name may be used as a parameter: a letter, then letters, digits, `-` and `_`.
  public static func isParameterName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first | 0x20 >= 0x61, first | 0x20 <= 0x7A else { return false }
    return name.utf8.allSatisfy {
      $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2D || $0 == 0x5F
    }
  }

  /// What is wrong with a language; nil where a page can be made in it.
  private static func fault(ofLanguage tag: String) -> String? {
    guard isLanguageTag(tag) else { return "'lang' must be a language tag such as en or ja, found '\(tag)'" }
    let primary = tag.prefix { $0 != "-" }.lowercased()
    return languages.contains(primary) ? nil : "'lang' must be \(Spelling.alternatives(languages)), found '\(tag)'"
  }

  private static let languageHint = "labels and captions exist in English and Japanese only"

  private static func isLanguageTag(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard let first = parts.first, (2...8).contains(first.utf8.count) else { return false }
    return parts.allSatisfy { part in
      (1...8).contains(part.utf8.count)
        && part.utf8.allSatisfy { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 }
    }
  }

  private static func isFence(_ file: SourceFile, _ line: Int) -> Bool {
    let bytes = file.bytes[file.span(ofLine: line).lower..<file.span(ofLine: line).upper]
    guard bytes.starts(with: [0x2D, 0x2D, 0x2D]) else { return false }
    return bytes.dropFirst(3).allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }
}
