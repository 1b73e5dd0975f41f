import Diagnostics
import Directives
import Files
import Foundation
import YAML

/// Reads `layerbook.yaml`; every fault of the file is reported, with its place.
public struct BookReader {
  private let directory: String
  private let environment: [String: String]
  private var diagnostics: [Diagnostic] = []
  private var book: Book

  /// The folder of the book that a template belongs to: the nearest one above it that holds `layerbook.yaml`.
  public static func directory(above template: String) -> String? {
    var folder = URL(fileURLWithPath: template).standardizedFileURL.deletingLastPathComponent().path
    while true {
      if isFile(folder + "/" + Book.fileName) { return folder }
      if folder == "/" || folder.isEmpty { return nil }
      folder = parentDirectory(of: folder)
    }
  }

  /// Reads the book in a folder.
  ///
  /// - Returns: the book as far as it can be understood, and what is wrong with it.
  public static func read(
    directory: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> (Book, [Diagnostic]) {
    var reader = BookReader(directory: directory, environment: environment)
    reader.read()
    return (reader.book, reader.diagnostics)
  }

  /// Reads the text of a book's file that is at hand already.
  public static func read(
    _ file: SourceFile, directory: String, environment: [String: String] = [:]
  ) -> (Book, [Diagnostic]) {
    var reader = BookReader(directory: directory, environment: environment)
    reader.read(file)
    return (reader.book, reader.diagnostics)
  }

  private init(directory: String, environment: [String: String]) {
    self.directory = directory
    self.environment = environment
    book = Book(directory: directory)
  }

  private mutating func read() {
    let path = directory == "." ? Book.fileName : directory + "/" + Book.fileName
    let bytes: [UInt8]
    do { bytes = try readFile(path) } catch {
      diagnostics.append(Diagnostic(message: "cannot read the book: \(error)", hints: ["name its folder with --book"]))
      return
    }
    read(SourceFile(path: path, bytes: bytes))
  }

  private mutating func read(_ file: SourceFile) {
    let path = file.path
    // Byte offsets are the same in both, so faults are shown in the text as it was written.
    defer {
      for index in diagnostics.indices where diagnostics[index].file?.path == path { diagnostics[index].file = file }
    }
    let (value, faults) = YAMLDocument.parse(SourceFile(path: path, bytes: VariableMarks.hide(in: file.bytes)))
    diagnostics += faults
    guard let value else { return }
    var top = YAMLMapReader(value, of: "the book")
    if let models = top.map("models") { readModels(models) }
    if let datasets = top.map("datasets") { readDatasets(datasets) }
    if let engines = top.map("engines") {
      let (entries, faults) = EngineEntry.read(engines)
      book.engines = entries
      diagnostics += faults
    }
    if let defaults = top.map("defaults") { readDefaults(defaults) }
    if let entry = top.string("theme") {
      let (theme, faults) = Theme.read(expand(entry), named: entry)
      book.theme = theme
      diagnostics += faults
    }
    diagnostics += top.finish()
  }

  private mutating func readModels(_ value: YAMLValue) {
    var map = YAMLMapReader(value, of: "models")
    for entry in map.allEntries() {
      var reader = YAMLMapReader(entry.value, of: "model '\(entry.key)'")
      let path = reader.string("path").map { expand($0) }
      let hub = reader.string("hub").map { VariableMarks.show(in: $0.value) }
      let revision = reader.string("revision")
      let states = reader.string("states").map { expand($0) }
      if let states {
        book.models.append(ModelEntry(name: entry.key, source: .states(file: states, checkpoint: path)))
      } else if let hub {
        book.models.append(
          ModelEntry(name: entry.key, source: .hub(name: hub, revision: revision?.value ?? "main")))
      } else if let path {
        book.models.append(ModelEntry(name: entry.key, source: .path(path)))
      } else if reader.diagnostics.isEmpty {
        reader.report(
          entry.value.error("model '\(entry.key)' needs one of the keys path, hub and states"))
      }
      if hub != nil, path != nil || states != nil {
        reader.report(entry.value.error("model '\(entry.key)' has both hub and \(path != nil ? "path" : "states")"))
      }
      check(name: entry, noun: "model", &reader)
      diagnostics += reader.finish()
    }
    diagnostics += map.finish()
  }

  private mutating func readDatasets(_ value: YAMLValue) {
    var map = YAMLMapReader(value, of: "datasets")
    for entry in map.allEntries() {
      var reader = YAMLMapReader(entry.value, of: "dataset '\(entry.key)'")
      reader.require("path")
      let path = reader.string("path").map { expand($0) }
      let format = reader.choice("format", of: DatasetFormat.allCases.map(\.rawValue))
      let field = reader.string("field")
      let take = reader.int("take", in: 1...Int.max)
      let shuffle = reader.int("shuffle")
      if let path {
        book.datasets.append(
          DatasetEntry(
            name: entry.key, path: path, format: format.flatMap { DatasetFormat(rawValue: $0.value) },
            field: field?.value ?? "text", take: take?.value, shuffle: shuffle?.value))
      }
      check(name: entry, noun: "dataset", &reader)
      diagnostics += reader.finish()
    }
    diagnostics += map.finish()
  }

  private mutating func readDefaults(_ value: YAMLValue) {
    var reader = YAMLMapReader(value, of: "defaults")
    book.defaultModel = known(reader.string("model"), among: book.models.map(\.name), noun: "model", &reader)
    book.defaultDataset = known(reader.string("dataset"), among: book.datasets.map(\.name), noun: "dataset", &reader)
    if let seed = reader.int("seed") { book.defaultSeed = seed.value }
    diagnostics += reader.finish()
  }

  private func known(
    _ name: Spanned<String>?, among names: [String], noun: String, _ reader: inout YAMLMapReader
  ) -> String? {
    guard let name else { return nil }
    if names.contains(name.value) { return name.value }
    reader.report(
      Diagnostic(
        file: name.file, span: name.span, message: "unknown \(noun) '\(name.value)'",
        hints: Spelling.hints(for: name.value, in: names, noun: "\(noun)s")))
    return nil
  }

  /// A name that a directive could not spell as a bare argument is of no use.
  private func check(name entry: YAMLEntry, noun: String, _ reader: inout YAMLMapReader) {
    let isSpellable =
      !entry.key.isEmpty
      && entry.key.unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_./".unicodeScalars.contains(scalar)
      }
    guard !isSpellable else { return }
    reader.report(
      Diagnostic(
        file: entry.value.file, span: entry.keySpan,
        message: "'\(entry.key)' cannot name a \(noun): use letters, digits, '-', '_', '.' and '/'"))
  }

  /// Replaces `${VAR}` and makes a relative path relative to the book.
  private mutating func expand(_ text: Spanned<String>) -> String {
    var out = ""
    var rest = Substring(VariableMarks.show(in: text.value))
    while let start = rest.range(of: "${"), let end = rest.range(of: "}", range: start.upperBound..<rest.endIndex) {
      let name = String(rest[start.upperBound..<end.lowerBound])
      out += rest[..<start.lowerBound]
      if let value = environment[name] {
        out += value
      } else {
        // Kept as written: a model nobody asks for may need a variable that is not set here.
        out += rest[start.lowerBound..<end.upperBound]
        diagnostics.append(
          Diagnostic(
            .warning, file: text.file, span: text.span,
            message: "the variable '\(name)' is not set, and this path leads nowhere without it",
            hints: ["set it: export \(name)=…"]))
      }
      rest = rest[end.upperBound...]
    }
    out += rest
    if out.hasPrefix("~/"), let home = environment["HOME"] { out = home + out.dropFirst() }
    if out.hasPrefix("/") || directory == "." { return out }
    return Self.join(directory, out)
  }

  /// A path below a folder, with `..` folded, relative where the folder is.
  private static func join(_ directory: String, _ path: String) -> String {
    var parts = directory.split(separator: "/").map(String.init)
    for part in path.split(separator: "/").map(String.init) where part != "." {
      if part == "..", let last = parts.last, last != "..", last != "." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    let joined = parts.joined(separator: "/")
    if directory.hasPrefix("/") { return "/" + joined }
    return joined.isEmpty ? "." : joined
  }
}
