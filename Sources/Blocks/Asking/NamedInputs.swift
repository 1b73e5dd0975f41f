import Books
import Directives
import Files
import JSONText

/// Models, datasets and files that a directive's settings name, beside its own model and dataset.
extension Workbench {
  /// The digests of what each such setting names, by setting and in the order named; names are no part of it.
  func namedInputs(of bound: BoundDirective, _ schema: DirectiveSchema) throws -> JSONObject {
    var inputs = JSONObject()
    for key in schema.allKeys where key.type.namesInput {
      guard let value = bound.values[key.name], value != .none else { continue }
      let digests = try value.names.map { name -> JSONValue in
        switch key.type {
        case .model, .models: .object(try subject(name).components())
        case .dataset, .datasets: .object(try components(of: datasetEntry(name, for: bound.name)))
        default: .string(try digest(ofFile: path(name, for: bound)).hex)
        }
      }
      // By place, so that `why` tells which of several changed.
      inputs[key.name] = .object(JSONObject(digests.enumerated().map { (String($0.offset), $0.element) }))
    }
    return inputs
  }

  /// Stops where a setting names something that is not there.
  func requireNamedInputs(of bound: BoundDirective, _ schema: DirectiveSchema) throws {
    for key in schema.allKeys where key.type.namesInput {
      for name in bound.values[key.name]?.names ?? [] {
        switch key.type {
        case .model, .models: try subject(name).requireStates()
        case .dataset, .datasets: try requireFile(of: datasetEntry(name, for: bound.name))
        default:
          let path = path(name, for: bound)
          if !isFile(path) { throw EngineError("\(key.name)=\(name): no file at '\(path)'") }
        }
      }
    }
  }

  /// Stops where a dataset's file is not there, or is not what its entry says.
  func requireFile(of entry: DatasetEntry) throws {
    if !isFile(entry.path) { throw EngineError("dataset '\(entry.name)': no file at '\(entry.path)'") }
    do { try entry.requireReadable() } catch { throw Misfit(error.message, hint: error.hint, at: .dataset) }
  }

  /// Stops where a dataset does not hold prompts with answers.
  func requirePrompts(in entry: DatasetEntry) throws {
    do { _ = try PromptSet(reading: entry) } catch { throw Misfit(error.message, hint: error.hint, at: .dataset) }
  }

  /// The models a setting names.
  public func subjects(_ names: [String]) throws -> [Subject] { try names.map { try subject($0) } }

  /// The datasets a setting names.
  public func datasetEntries(_ names: [String], for directive: String) throws -> [DatasetEntry] {
    try names.map { try datasetEntry($0, for: directive) }
  }

  /// A file a directive names: beside the template where there is one of that name, or relative to the book.
  func path(_ name: String, for bound: BoundDirective) -> String {
    let folders = [parentDirectory(of: bound.directive.file.path), templateFolder].compactMap { $0 }
    let beside = name.hasPrefix("/") ? nil : folders.map { $0 + "/" + name }.first(where: isFile)
    return beside ?? path(name)
  }

  /// A file a setting names: relative to the book where there is one.
  public func path(_ name: String) -> String {
    name.hasPrefix("/") ? name : (book.directory.map { $0 + "/" } ?? "") + name
  }
}

extension Evaluation {
  /// The datasets that its settings name, beside its own.
  public var namedDatasets: [String] {
    view.keys.map(\.setting).filter { $0.type == .dataset || $0.type == .datasets }
      .flatMap { bound.values[$0.name]?.names ?? [] }
  }

  /// The files that single settings of it name, by their names as written, with the digests of what stood in them.
  public var namedFiles: [NamedDigest] {
    view.keys.map(\.setting).filter { $0.type == .file }.flatMap { setting -> [NamedDigest] in
      let digests = key.inputs["inputs"]?[setting.name]
      return (bound.values[setting.name]?.names ?? []).enumerated().map { index, name in
        NamedDigest(name: name, digest: digests?[String(index)]?.stringValue ?? "")
      }
    }
  }

  /// The files of the author's own program that answered, with the digests of what stood in them.
  public var programFiles: [NamedDigest] {
    (key.inputs["inputs"]?["program"]?["files"]?.objectValue ?? [:]).map { name, digest in
      NamedDigest(name: name, digest: digest.stringValue ?? "")
    }
  }
}

extension Workbench {
  /// Where a file of the author's own lies that an answer rests on, be it a table or a program.
  public func path(of file: NamedDigest, in evaluation: Evaluation) -> String { path(file.name, for: evaluation.bound) }
}

extension Evaluator {
  /// The files of the author's own on which the answer to a directive rests, tables and programs, whether there or not.
  public func ownFiles(of bound: BoundDirective) -> [String] {
    guard let view = registry.block(bound.name)?.view(of: bound) else { return [] }
    var paths: [String] = []
    for setting in view.keys.map(\.setting) where setting.type == .file || setting.type == .files {
      for name in bound.values[setting.name]?.names ?? [] { paths.append(bench.path(name, for: bound)) }
    }
    if let view = view as? EngineView, let program = try? EngineProgram(view.entry, on: bench) {
      paths += program.paths
    }
    return paths
  }
}

extension SettingValue {
  /// The names a setting holds.
  var names: [String] {
    switch self {
    case .word(let name), .text(let name): [name]
    case .words(let names): names
    default: []
    }
  }
}
