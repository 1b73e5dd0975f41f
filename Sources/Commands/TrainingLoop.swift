import Blocks
import Diagnostics
import Foundation

/// Steps one after the other, saved now and then, and once more where somebody stops them.
struct TrainingLoop {
  private let job: TrainingJob
  private let minutesBetweenSaves: Double

  init(_ job: TrainingJob, minutesBetweenSaves: Double) {
    (self.job, self.minutesBetweenSaves) = (job, minutesBetweenSaves)
  }

  /// Goes on to the last step.
  ///
  /// - Throws: `CommandFailure` with code `interrupted` or `terminated` where somebody ended it, after everything was saved.
  func run() throws {
    Interruption.isHeld = true
    defer { Interruption.isHeld = false }
    let first = job.step
    let start = ContinuousClock.now
    var (saved, tokens) = (start, 0)
    while !job.isDone {
      tokens += job.tokens
      try job.advance()
      if let status = Interruption.asked { return try stop(status) }
      report(tokens: tokens, since: start, from: first)
      if (ContinuousClock.now - saved) / .seconds(60) > minutesBetweenSaves, !job.isDone {
        try job.save()
        saved = ContinuousClock.now
      }
    }
    try job.save()
    ProgressLine.shared.clear()
    print("\(job.directory)  \(counted(job.steps, "step")), loss \(Self.text(job.firstLoss)) to \(Self.text(job.loss))")
    print(job.summary)
  }

  private func stop(_ status: ExitStatus) throws {
    try job.save()
    ProgressLine.shared.clear()
    throw CommandFailure(
      code: status,
      message: job.isDone
        ? "stopped after the last step" : "stopped after step \(job.step) of \(job.steps); --resume goes on from there")
  }

  private func report(tokens: Int, since start: ContinuousClock.Instant, from first: Int) {
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    let speed = elapsed > 0 ? Int(Double(tokens) / elapsed) : 0
    ProgressLine.shared.update(
      "training, loss \(Self.text(job.loss)), \(speed) tokens/s,", key: "training", done: job.step, total: job.steps)
  }

  private static func text(_ loss: Double?) -> String {
    loss.map { String(format: "%.4g", $0) } ?? "none"
  }
}
