import Directives
import JSONText
import Results

/// One answered directive: everything a figure, a page's manifest or another program needs of it.
public struct Evaluation: Sendable {
  public var bound: BoundDirective
  /// The view that answered and shows it.
  let view: any View
  /// The model; nil where none was asked.
  public var model: NamedDigest?
  /// The data; nil for captured states, which are part of the model's digest.
  public var dataset: NamedDigest?
  /// Every resolved setting.
  public var settings: JSONObject
  /// The result as JSON.
  public var result: JSONObject
  /// The result as its type.
  let value: any Sendable
  /// What captions state.
  public var facts: Facts
  /// The key under which the result is kept.
  public var key: ResultKey
  /// The result and the facts as they are kept, with the digest of both.
  public var stored: StoredResult
  /// Whether the result is not at hand and an example of its shape stands for it: of a page that has its digest alone.
  public var isUnknown = false
  /// Whether that is so of this result or of one that it is compared with.
  public var isOfUnknownResult: Bool { isUnknown || comparison.contains { $0.isUnknown } }
  /// Whether the result came from the store.
  public var wasHit: Bool
  /// The second model's answer, where `vs=` names one.
  public var comparison: [Evaluation] = []

  /// The engine that answered.
  public var engine: EngineIdentity { view.engine }

  /// What is shown of it.
  public func exhibit(in language: Language) -> Exhibit { view.exhibit(of: self, in: language) }

  /// The settings with the sizes that were derived from the sample, such as the training part of `n=1000`.
  public var resolvedSettings: JSONObject {
    var resolved = settings
    let sizes = [("n", facts.texts), ("train", facts.split?.train), ("test", facts.split?.test)]
    for (name, size) in sizes where resolved[name]?.isNull == true { resolved[name] = size.map { .int($0) } ?? .null }
    return resolved
  }

  /// The object that `ask --format json` prints.
  public var json: JSONValue {
    var object: JSONObject = [
      "directive": .string("<<" + bound.canonicalText + ">>"),
      "engine": .string(engine.name),
      "engine_version": .int(engine.version),
      "model": model?.json ?? .null,
      "dataset": dataset?.json ?? .null,
      "settings": .object(resolvedSettings),
      "sample": model.flatMap { _ in try? JSON.encode(facts) } ?? .null,
      "result": .object(result),
    ]
    if let second = comparison.first { object["vs"] = second.json }
    return .object(object)
  }
}
