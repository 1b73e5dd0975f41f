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
  /// The answers of the other models, where `vs=` or `models=` names some.
  public var comparison: [Evaluation] = []
  /// Index of the model's colour: by its place in the directive, or on a page, on the page.
  public internal(set) var color = 0

  /// The engine that answered.
  public var engine: EngineIdentity { view.engine }

  /// What is shown of it.
  ///
  /// Of several models that the view cannot lay over each other, the first alone; `exhibits(in:)` has all.
  public func exhibit(in language: Language) -> Exhibit {
    guard !overlays, kind == .table, !comparison.isEmpty else { return view.exhibit(of: self, in: language) }
    return Exhibit.joined(
      each.map { (name: $0.model?.name ?? "", exhibit: $0.view.exhibit(of: $0, in: language)) }, in: language)
  }

  /// What is shown of it, one exhibit for each model where the view cannot lay them over each other.
  public func exhibits(in language: Language) -> [(model: String, exhibit: Exhibit)] {
    guard !overlays, kind == .figure else { return [(model?.name ?? "", exhibit(in: language))] }
    return each.map { ($0.model?.name ?? "", $0.view.exhibit(of: $0, in: language)) }
  }

  private var overlays: Bool { view.overlays(bound) }
  private var kind: Exhibit.Kind { bound.form == .table || view.isTable ? .table : .figure }

  /// The answer of each model on its own.
  private var each: [Evaluation] {
    ([self] + comparison).map { one in
      var alone = one
      alone.comparison = []
      alone.bound.form = bound.form
      return alone
    }
  }

  /// The same with the colours that a page gives its models, by name.
  public func colored(_ colors: [String: Int]) -> Evaluation {
    var other = self
    other.color = model.flatMap { colors[$0.name] } ?? color
    other.comparison = comparison.map { $0.colored(colors) }
    return other
  }

  /// The same beside the answers of other models.
  func compared(with others: [Evaluation]) -> Evaluation {
    var all = self
    all.color = 0
    all.comparison = others.enumerated().map { index, other in
      var next = other
      next.color = index + 1
      return next
    }
    return all
  }

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
    // One other model stands there by itself, as it did before there could be more.
    if comparison.count == 1 { object["vs"] = comparison[0].json }
    if comparison.count > 1 { object["vs"] = .array(comparison.map(\.json)) }
    return .object(object)
  }
}
