import Books
import Directives
import JSONText
import Results

/// What a page's own record says: the digests behind its names, and the results it carries.
///
/// With it a page is made again where neither its models nor a store are at hand, which shows that its tables, figures
/// and captions are those of its results. Whether the results are true it cannot tell.
public struct AnswerRecord {
  /// A book of the names that the record knows, beside those of the book at hand.
  public let book: Book
  /// The parts of each model by its name, as the key of a result has them.
  private(set) var models: [String: JSONObject] = [:]
  private(set) var datasets: [String: JSONObject] = [:]
  /// The digests of files that settings name.
  private(set) var files: [String: JSONValue] = [:]
  /// What else each directive's result depends on, by canonical text, as the key of the result has it.
  let inputs: [String: JSONObject]
  /// Results by the hexadecimal digits of their keys; nil where the page has the digest alone.
  private let results: [String: JSONValue?]
  /// What the page says of the samples of the other results, by the digits of their keys.
  private let facts: [String: JSONValue]

  /// The record of a page.
  ///
  /// - Parameters:
  ///   - book: names that stand in the template and in no result, the defaults and the theme.
  ///   - kept: a result by its id that the page carries the digest of only, from elsewhere.
  public init(_ manifest: PageManifest, book: Book, kept: [String: JSONValue] = [:]) {
    results = Dictionary(
      manifest.entries.map { ($0.key.hex, $0.result ?? kept[$0.id]) }, uniquingKeysWith: { first, _ in first })
    facts = Dictionary(
      manifest.entries.compactMap { entry in entry.facts.map { (entry.key.hex, $0) } },
      uniquingKeysWith: { first, _ in first })
    inputs = Dictionary(
      manifest.entries.compactMap { entry in
        entry.inputs["inputs"]?.objectValue.map { (entry.directive, $0) }
      }, uniquingKeysWith: { first, _ in first })
    var book = book
    book.engines = RecordedNames.engines(of: manifest, beside: book)
    let registry = Registry(of: book)
    var names = RecordedNames()
    for entry in manifest.entries { names.read(entry, registry: registry) }
    (models, datasets, files) = (names.models, names.datasets, names.files)
    self.book = names.book(beside: book, manifest.defaults)
  }

  /// Whether the record speaks of a result.
  func has(_ key: ResultKey) -> Bool { results[key.hex] != nil }

  /// What is known of a sample whose result the page does not have.
  func facts(_ key: ResultKey) -> Facts? {
    facts[key.hex].flatMap { try? JSON.decode(Facts.self, from: $0) }
  }

  /// The result of a key; nil where the record has the digest alone.
  ///
  /// - Throws: `EngineError` where the page has no such result.
  func result(_ key: ResultKey, of bound: BoundDirective) throws -> JSONValue? {
    guard let result = results[key.hex] else {
      throw EngineError("the page has no result of <<\(bound.canonicalText)>>")
    }
    return result
  }
}

extension Evaluator {
  /// The answer as a record has it.
  func recorded(_ bound: BoundDirective, in record: AnswerRecord) throws -> Evaluation {
    let first = try recorded(bound, of: bound.model, in: record)
    guard let block = registry.block(bound.name) else { return first }
    return first.compared(
      with: try bound.versus.map { try recorded(bound.asking($0, schema: block.schema), of: $0, in: record) })
  }

  private func recorded(_ bound: BoundDirective, of model: String?, in record: AnswerRecord) throws -> Evaluation {
    let components = model.flatMap { record.models[$0] }
    guard let block = registry.block(bound.name), components != nil || !block.schema.takesModel else {
      throw EngineError("the page has no result of <<\(bound.canonicalText)>>")
    }
    let view = block.view(of: bound)
    let hasOwnData = components?["states"] != nil
    let dataset =
      hasOwnData || !block.readsDataset(bound)
      ? nil : bound.dataset.flatMap { name in record.datasets[name].map { (name, $0) } }
    func resultKey(of bound: BoundDirective) -> ResultKey {
      view.key(
        of: bound, block.schema, model: components, dataset: dataset?.1,
        named: record.namedInputs(of: bound, block.schema))
    }
    // The record does not say what kind of model it was; it has the results of the one that was asked.
    let masked = view.askedOfMasked(bound, block.schema)
    let asked = !hasOwnData && record.has(resultKey(of: masked)) ? masked : bound
    let key = resultKey(of: asked)
    let stored = try record.result(key, of: asked)
    let kept = try stored ?? view.keptExample(asked)
    guard var answer = view.decode(kept, asked) else { throw EngineError.unreadable("the result of <<\(asked.name)>>") }
    if stored == nil, let facts = record.facts(key) { answer.facts = facts }
    var evaluation = Evaluation(
      bound: asked, view: view,
      model: components.map { NamedDigest(name: model ?? "", digest: Subject.digest(of: $0)) },
      dataset: dataset.map { NamedDigest(name: $0.0, digest: valueDigest(of: .object($0.1)).hex) },
      settings: view.shownSettings(of: asked, block.schema, answer.facts, ofStates: hasOwnData),
      result: answer.result, value: answer.value, facts: answer.facts, key: key, stored: StoredResult(value: kept),
      wasHit: true)
    evaluation.isUnknown = stored == nil
    return evaluation
  }
}

extension View {
  /// The example as it would be kept: it stands for a result that is not at hand.
  fileprivate func keptExample(_ bound: BoundDirective) throws -> JSONValue {
    try stored(Answer(result: example(bound), facts: .example))
  }
}
