import Directives
import Files
import JSONText

/// `layerbook distill`: a model trained to settle, as a checkpoint.
public enum DistillJob {
  /// Prepares a run, or takes one up again.
  ///
  /// - Parameters:
  ///   - bound: A bound `distill train`.
  ///   - directory: The folder to write: not there or empty, but where a run is taken up.
  /// - Throws: `EngineError`, `TrainingError`, or the error of a file or a model.
  public static func prepare(
    _ bound: BoundDirective, to directory: String, resumes: Bool, on bench: Workbench
  ) throws -> TrainingJob {
    if !resumes { try AtomicFolder.requireRoom(at: directory) }
    guard let name = bound.model else { throw EngineError("no model was named") }
    let subject = try bench.subject(name)
    let entry = try bench.datasetEntry(bound.dataset, for: "distill")
    let run = try bench.distillation(of: Question(bound: bound, subject: subject, dataset: entry), leaving: 0)
    return try TrainingJob(
      run.trainer, settings: recorded(bound, texts: run.trained),
      inputs: [
        "model": .string(try subject.identity().digest), "dataset": .string(try bench.identity(of: entry).digest),
      ], to: directory, resumes: resumes)
  }

  /// Everything that decides the weights, defaults filled in; of a dataset with fewer texts than the default, how many train.
  private static func recorded(_ bound: BoundDirective, texts: Int) -> JSONObject {
    var settings: JSONObject = ["objective": "self-distillation", "optimizer": "AdamW", "schedule": "cosine"]
    for key in TrainKeys.all + DistillKeys.loss + [DistillKeys.detached] {
      if let value = bound.values[key.setting.name] { settings[key.setting.name] = value.json }
    }
    settings[TrainKeys.texts.name] = .int(texts)
    settings["seed"] = .int(bound[.seed])
    return settings
  }
}
