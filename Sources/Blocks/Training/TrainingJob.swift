import Files
import JSONText
import Training

/// A training run that is written to a folder as it goes: `layerbook distill` and `layerbook train`.
public final class TrainingJob {
  /// Where it is written.
  public let directory: String
  private let trainer: Trainer
  private let state: TrainingState
  private let settings: JSONObject
  /// The folder that the model was opened from, kept as long as the run lasts.
  private let scratch: ScratchFolder?

  /// A run that begins, or one that is taken up again.
  ///
  /// - Parameters:
  ///   - settings: Everything an author chose: written into the checkpoint.
  ///   - inputs: Digests of what the run began with.
  ///   - resumes: Whether the state that stands in the folder is gone on from.
  ///   - scratch: The folder that the model was opened from, where it goes with the run.
  /// - Throws: `EngineError`, `TrainingError`, or the error of a file.
  init(
    _ trainer: Trainer, settings: JSONObject, inputs: JSONObject, to directory: String, resumes: Bool,
    keeping scratch: ScratchFolder? = nil
  ) throws {
    var identity = settings
    for (name, digest) in inputs { identity[name] = digest }
    (self.trainer, self.settings, self.directory, self.scratch) = (trainer, settings, directory, scratch)
    state = TrainingState(identity: identity)
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

  /// What the run was asked for, as its record has it.
  public var summary: String {
    settings.map { "\($0.key) \($0.value.stringValue ?? JSON.write($0.value))" }.joined(separator: ", ")
  }

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
