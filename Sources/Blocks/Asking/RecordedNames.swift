import Books
import Directives
import JSONText
import Results

/// The names of models, datasets and files that the directives of a page's record use, each with its digests.
struct RecordedNames {
  private(set) var models: [String: JSONObject] = [:]
  private(set) var datasets: [String: JSONObject] = [:]
  private(set) var files: [String: JSONValue] = [:]

  /// Takes the names of one entry: of its directive's canonical text, and the digests of its inputs.
  mutating func read(_ entry: PageManifest.Entry, registry: Registry) {
    guard let directive = DirectiveParser.parse(directive: entry.directive).0,
      let schema = registry.block(directive.name)?.schema
    else { return }
    let words = Set(schema.views.flatMap(\.words))
    // In canonical text the model is the first bare word after those that choose the view.
    let bare = directive.arguments.filter { $0.key == nil && ($0.isQuoted || !words.contains($0.value)) }
    if let name = bare.first?.value, let parts = entry.inputs["model"]?.objectValue { models[name] = parts }
    for argument in directive.arguments {
      guard let key = argument.key else { continue }
      if key == "dataset", let parts = entry.inputs["dataset"]?.objectValue { datasets[argument.value] = parts }
      guard let setting = schema.allKeys.first(where: { $0.name == key }), setting.type.namesInput,
        let digests = entry.inputs["inputs"]?[key]?.objectValue
      else { continue }
      let names = argument.value.split(separator: ",").map(String.init)
      for (index, name) in names.enumerated() {
        guard let digest = digests[String(index)] else { continue }
        switch setting.type {
        case .model, .models: models[name] = digest.objectValue
        case .dataset, .datasets: datasets[name] = digest.objectValue
        default: files[name] = digest
        }
      }
    }
  }

  /// The engines that a page's results tell of, and those of a book under other names.
  static func engines(of manifest: PageManifest, beside book: Book) -> [EngineEntry] {
    var engines: [EngineEntry] = []
    for entry in manifest.entries {
      guard let program = entry.inputs["inputs"]?["program"], let name = entry.inputs["directive"]?.stringValue,
        !engines.contains(where: { $0.name == name }), let engine = EngineEntry(name: name, program)
      else { continue }
      engines.append(engine)
    }
    return engines + book.engines.filter { known in !engines.contains { $0.name == known.name } }
  }

  /// A book that knows these names, with the defaults that the page was made with.
  func book(beside book: Book, _ defaults: PageManifest.Defaults) -> Book {
    func entry(_ name: String, _ parts: JSONObject) -> ModelEntry {
      ModelEntry(name: name, source: parts["states"] == nil ? .path("") : .states(file: "", checkpoint: nil))
    }
    var known = Book(
      directory: book.directory ?? ".",
      models: book.models.filter { models[$0.name] == nil }
        + models.sorted { $0.key < $1.key }.map { entry($0.key, $0.value) },
      datasets: book.datasets.filter { datasets[$0.name] == nil }
        + datasets.keys.sorted().map { DatasetEntry(name: $0, path: "") },
      defaultModel: defaults.model ?? book.defaultModel,
      defaultDataset: defaults.dataset ?? book.defaultDataset,
      defaultSeed: defaults.seed ?? book.defaultSeed)
    known.theme = book.theme
    known.engines = book.engines
    return known
  }
}

extension AnswerRecord {
  /// The digests of what a directive's settings name, as a key has them.
  func namedInputs(of bound: BoundDirective, _ schema: DirectiveSchema) -> JSONObject {
    // What no key names, such as every model of the book, is known from the result's own entry alone.
    let keys = Set(schema.allKeys.map(\.name))
    var inputs = JSONObject()
    for (name, value) in self.inputs[bound.canonicalText] ?? [:] where !keys.contains(name) { inputs[name] = value }
    for key in schema.allKeys where key.type.namesInput {
      guard let value = bound.values[key.name], value != .none else { continue }
      let digests = value.names.map { name -> JSONValue in
        switch key.type {
        case .model, .models: models[name].map { .object($0) } ?? .null
        case .dataset, .datasets: datasets[name].map { .object($0) } ?? .null
        default: files[name] ?? .null
        }
      }
      inputs[key.name] = .object(JSONObject(digests.enumerated().map { (String($0.offset), $0.element) }))
    }
    return inputs
  }
}
