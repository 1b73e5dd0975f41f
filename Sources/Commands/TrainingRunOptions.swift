import ArgumentParser

/// Where a training run is written and how it is taken up again: shared by the commands that train.
struct TrainingRunOptions: ParsableArguments {
  @Option(help: "The folder to write; not there yet, or empty.")
  var out: String

  @Flag(help: "Go on with the run whose state stands in --out; all other options as they were.")
  var resume = false

  @Option(help: "Minutes after which the run is saved, again and again.") var saveEvery: Double = 10

  func validate() throws {
    try PathOptions.check("--out", out)
    guard saveEvery > 0 else { throw ValidationError("--save-every must be above 0") }
  }
}
