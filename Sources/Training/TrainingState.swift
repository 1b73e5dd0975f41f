import Checkpoints
import JSONText
import Optimization
import Transformers

/// A run between two steps, on disk: weights, both moments of the optimizer and the losses so far, to the bit.
public struct TrainingState {
  /// Its name in the folder of the run.
  public static let fileName = "training-state.safetensors"
  private static let format = "layerbook.training/1"
  private enum Name { static let (weights, optimizer, losses) = ("weights", "optimizer", "losses") }

  /// Settings, and digests of what the run began with: a run of others cannot take up its state.
  public let identity: JSONObject

  public init(identity: JSONObject) { self.identity = identity }

  /// Replaces the state at a path.
  ///
  /// - Throws: `CheckpointError`.
  public func save(_ trainer: Trainer, to path: String) throws {
    let weights = trainer.parameters.withNumbers { span in (0..<span.count).map { span[$0] } }
    let optimizer = trainer.optimizer.saved()
    let losses = Array(JSON.write(.array(zip(trainer.losses, trainer.norms).map { $0.json(norm: $1) })).utf8)
    let writer = try SafetensorsWriter(
      path: path,
      tensors: [
        .init(Name.weights, .f32, [weights.count]), .init(Name.optimizer, .u8, [optimizer.count]),
        .init(Name.losses, .u8, [losses.count]),
      ], metadata: [("format", Self.format), ("identity", JSON.write(.object(identity)))])
    try writer.append(weights)
    try writer.append(optimizer)
    try writer.append(losses)
    try writer.finish()
  }

  /// Brings a trainer to where a saved one was.
  ///
  /// - Throws: `TrainingError` where it is the state of another run, or no state; `CheckpointError`, `OptimizationError`.
  public func restore(_ trainer: Trainer, from path: String) throws {
    let file = try SafetensorsFile(path: path)
    guard file.metadataValue("format") == Self.format else {
      throw TrainingError("\(path) is no state of a training run", hint: "train into another folder")
    }
    try requireSame(try JSON.parse(file.metadataValue("identity") ?? "{}").objectValue ?? [:], path)
    let weights = try file.floats(Name.weights)
    let losses = try JSON.parse(try file.bytes(of: Name.losses)).arrayValue ?? []
    let optimizer = try AdamW(saved: try file.bytes(of: Name.optimizer))
    guard weights.count == trainer.parameters.count, optimizer.count == weights.count, optimizer.steps == losses.count
    else { throw TrainingError("\(path) holds \(weights.count) weights and \(optimizer.steps) steps that do not fit") }
    trainer.parameters.withNumbers { span in
      for index in weights.indices { span[index] = weights[index] }
    }
    trainer.optimizer = optimizer
    trainer.losses = losses.map(TrainingLoss.init(json:))
    trainer.norms = losses.map { $0["gradient_norm"]?.doubleValue ?? .nan }
  }

  private func requireSame(_ saved: JSONObject, _ path: String) throws(TrainingError) {
    let names = identity.map(\.key) + saved.map(\.key).filter { identity[$0] == nil }
    for name in names where saved[name] != identity[name] {
      func text(_ value: JSONValue?) -> String { value.map { JSON.write($0) } ?? "nothing" }
      throw TrainingError(
        "\(path) is the state of another run: its \(name) is \(text(saved[name])), not \(text(identity[name]))",
        hint: "give the same settings, or train into another folder")
    }
  }
}

extension TrainingLoss {
  /// The names of the parts in a saved state: a list each.
  private enum Name { static let (l1, l2, divergences, movements) = ("l1", "l2", "kl", "movement") }

  func json(norm: Double) -> JSONValue {
    var object: JSONObject = ["total": .double(total), "gradient_norm": .double(norm)]
    guard let distillation else { return .object(object) }
    object[Name.l1] = .doubles([distillation.l1])
    object[Name.l2] = .doubles([distillation.l2])
    object[Name.divergences] = .doubles(distillation.divergences)
    object[Name.movements] = .array(distillation.movements.map { $0.map { .double($0) } ?? .null })
    return .object(object)
  }

  init(json: JSONValue) {
    self.init(total: json["total"]?.doubleValue ?? .nan)
    func numbers(_ name: String) -> [Double?]? { json[name]?.arrayValue?.map(\.doubleValue) }
    guard let divergences = numbers(Name.divergences), let movements = numbers(Name.movements) else { return }
    func one(_ name: String) -> Double { (numbers(name)?.first ?? nil) ?? .nan }
    distillation = Distillation(
      l1: one(Name.l1), l2: one(Name.l2), divergences: divergences.map { $0 ?? .nan }, movements: movements)
  }
}
