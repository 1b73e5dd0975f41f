import Directives
import Files
import JSONText
import Training
import Transformers

/// `layerbook distill`: a model trained to settle, as a checkpoint.
public final class DistillJob {
  /// What was asked to be written, and where.
  public let directory: String
  private let trainer: Trainer
  private let state: TrainingState
  private let settings: JSONObject

  /// Prepares a run, or takes one up again.
  ///
  /// - Parameters:
  ///   - bound: A bound `distill train`.
  ///   - directory: The folder to write: not there or empty, but where a run is taken up.
  ///   - resumes: Whether the state that stands in the folder is gone on from.
  /// - Throws: `EngineError`, `TrainingError`, or the error of a file or a model.
  public init(_ bound: BoundDirective, to directory: String, resumes: Bool, on bench: Workbench) throws {
    if !resumes { try AtomicFolder.requireRoom(at: directory) }
    guard let name = bound.model else { throw EngineError("no model was named") }
    let subject = try bench.subject(name)
    let entry = try bench.datasetEntry(bound.dataset, for: "distill")
    let question = Question(bound: bound, subject: subject, dataset: entry)
    settings = DistillTrainView.recorded(bound)
    var identity = settings
    identity["model"] = .string(try subject.identity().digest)
    identity["dataset"] = .string(try bench.identity(of: entry).digest)
    state = TrainingState(identity: identity)
    self.directory = directory
    trainer = try bench.distillation(of: question).trainer
    guard resumes else { return }
    guard isFile(statePath) else {
      throw EngineError(
        "'\(directory)' holds no state of a run to take up again",
        hint: isFile(directory + "/model.safetensors") ? "its run is over" : "leave --resume out to begin one")
    }
    try state.restore(trainer, from: statePath)
  }

  private var statePath: String { directory + "/" + TrainingState.fileName }

  /// Steps behind it, and all of them.
  public var step: Int { trainer.step }
  public var steps: Int { trainer.settings.steps }
  public var isDone: Bool { trainer.isDone }
  /// The loss of the last step.
  public var loss: Double? { trainer.losses.last?.total }
  /// The loss of the first step.
  public var firstLoss: Double? { trainer.losses.first?.total }
  /// Tokens of the next step.
  public var tokens: Int { trainer.batch.reduce(0) { $0 + $1.count } }

  /// Takes one step.
  public func advance() throws { try trainer.advance() }

  /// Writes the checkpoint, and beside it what a run needs to be gone on with as if it had never stopped; that goes
  /// once the run is over.
  ///
  /// Every file is replaced whole, the state first: whoever stops in between leaves a checkpoint of an earlier step, or
  /// none, and a state that is whole.
  public func save() throws {
    try createDirectory(directory)
    if !isDone { try state.save(trainer, to: statePath) }
    let record: JSONObject = [
      "settings": .object(settings), "steps": .int(step),
      "loss": .array(trainer.losses.map { .double($0.total) }),
    ]
    try AtomicFile.write(
      Array((JSON.write(.object(record), pretty: true) + "\n").utf8), to: directory + "/training.json")
    try trainer.parameters.write(
      to: directory,
      metadata: [("layerbook.training", JSON.write(.object(settings))), ("layerbook.steps", "\(step)")])
    if isDone, isFile(statePath) { try removeFile(statePath) }
  }
}

extension DistillTrainView {
  /// Everything that decides the weights, defaults filled in.
  static func recorded(_ bound: BoundDirective) -> JSONObject {
    var settings: JSONObject = ["objective": "self-distillation", "optimizer": "AdamW", "schedule": "cosine"]
    let keys = TrainKeys.all + DistillKeys.loss + [DistillKeys.detached]
    for key in keys { if let value = bound.values[key.setting.name] { settings[key.setting.name] = value.json } }
    settings["seed"] = .int(bound[.seed])
    return settings
  }
}
