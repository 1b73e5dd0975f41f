import Books
import Directives
import JSONText
import Results

/// A bound directive together with the model and the data it is about.
public struct Question {
  /// The directive with every default filled in.
  public let bound: BoundDirective
  /// The model it asks.
  public let subject: Subject
  /// The data; nil where the subject is a file of captured states, which carries its own.
  public let dataset: DatasetEntry?
}

/// What an engine found.
public struct Answer: Sendable {
  /// The result, with the names of the contract.
  public var result: JSONObject
  /// Facts a caption states: the sample's size, the model's shape.
  public var facts: Facts

  /// An answer.
  public init(result: JSONObject, facts: Facts) {
    self.result = result
    self.facts = facts
  }
}

/// What a caption must say of a result besides its settings.
public struct Facts: Sendable, Equatable {
  /// Blocks of the model, L.
  public var blocks: Int
  /// Width of the residual stream, d.
  public var width: Int
  /// The model's family, such as `llama`; nil for captured states alone.
  public var family: String?
  /// Texts used; nil where a states file does not tell.
  public var texts: Int?
  /// Positions used.
  public var positions: Int
  /// Position mode of the sample.
  public var position: String
  /// Samples that fitted a map and samples that judged it, where the engine splits them.
  public var split: Split?

  /// Sizes of a split.
  public struct Split: Sendable, Equatable {
    /// Samples that fitted.
    public var train: Int
    /// Samples that judged.
    public var test: Int
  }

  /// Facts of one sample of one model.
  public init(
    blocks: Int, width: Int, family: String?, texts: Int?, positions: Int, position: String, split: Split? = nil
  ) {
    self.blocks = blocks
    self.width = width
    self.family = family
    self.texts = texts
    self.positions = positions
    self.position = position
    self.split = split
  }

  /// The facts as they are kept beside a result.
  var json: JSONValue {
    .object([
      "blocks": .int(blocks), "width": .int(width), "family": family.map { .string($0) } ?? .null,
      "texts": texts.map { .int($0) } ?? .null, "positions": .int(positions), "position": .string(position),
      "train": split.map { .int($0.train) } ?? .null, "test": split.map { .int($0.test) } ?? .null,
    ])
  }

  init?(json: JSONValue?) {
    guard let json, let blocks = json["blocks"]?.intValue, let width = json["width"]?.intValue,
      let positions = json["positions"]?.intValue, let position = json["position"]?.stringValue
    else { return nil }
    self.init(
      blocks: blocks, width: width, family: json["family"]?.stringValue, texts: json["texts"]?.intValue,
      positions: positions, position: position)
    if let train = json["train"]?.intValue, let test = json["test"]?.intValue {
      split = Split(train: train, test: test)
    }
  }
}

/// A name and the digest of what stands behind it.
public struct NamedDigest: Sendable, Equatable {
  /// The name in the book.
  public var name: String
  /// SHA-256, in hexadecimal.
  public var digest: String

  var json: JSONValue { .object(["name": .string(name), "digest": .string(digest)]) }
}

/// One answered directive: everything a figure, a page's manifest or another program needs of it.
public struct Evaluation: Sendable {
  /// The directive.
  public var bound: BoundDirective
  /// The engine that answered.
  public var engine: EngineIdentity
  /// The model.
  public var model: NamedDigest
  /// The data; nil for captured states, which are part of the model's digest.
  public var dataset: NamedDigest?
  /// Every resolved setting.
  public var settings: JSONObject
  /// The result.
  public var result: JSONObject
  /// What captions state.
  public var facts: Facts
  /// The key under which the result is kept.
  public var key: ResultKey
  /// The result and the facts as they are kept, with the digest of both.
  public var stored: StoredResult
  /// Whether the result came from the store.
  public var wasHit: Bool
  /// The second model's answer, where `vs=` names one.
  public var comparison: [Evaluation] = []

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
      "model": model.json,
      "dataset": dataset?.json ?? .null,
      "settings": .object(resolvedSettings),
      "sample": facts.json,
      "result": .object(result),
    ]
    if let second = comparison.first { object["vs"] = second.json }
    return .object(object)
  }
}
