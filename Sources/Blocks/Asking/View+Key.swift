import Directives
import JSONText
import Results

extension View {
  /// What the result depends on, and nothing else; digests by file, so that it can be told which one changed.
  ///
  /// A setting that names models, datasets or files stands there with their digests, not with their names.
  func key(
    of bound: BoundDirective, _ schema: DirectiveSchema, model: JSONObject?, dataset: JSONObject?, named: JSONObject
  ) -> ResultKey {
    var inputs: JSONObject = [
      "directive": .string(bound.name),
      "settings": .object(settings(for: bound, schema, withInputs: false)),
      "engine": .string(engine.name),
      "engine_version": .int(engine.version),
      "model": model.map { .object($0) } ?? .null,
      "dataset": dataset.map { .object($0) } ?? .null,
      "numeric": "float32",
    ]
    if !named.isEmpty { inputs["inputs"] = .object(named) }
    return ResultKey(inputs: inputs)
  }

  /// The settings as they are shown; how captured states were sampled is for their file to say, not for the directive.
  func shownSettings(
    of bound: BoundDirective, _ schema: DirectiveSchema, _ facts: Facts, ofStates: Bool
  ) -> JSONObject {
    var settings = settings(for: bound, schema, withInputs: true)
    guard ofStates else { return settings }
    if settings["position"] != nil { settings["position"] = .string(facts.position) }
    if settings["max-tokens"] != nil { settings["max-tokens"] = .null }
    return settings
  }

  /// The answer as it is kept.
  func compute(_ question: Question, on bench: Workbench) throws -> JSONValue {
    try stored(try answer(question, on: bench))
  }
}
