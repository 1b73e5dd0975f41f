import Analyses
import Books

/// How long work takes, roughly: good for sharing it out, too coarse for promises.
///
/// It counts multiply-adds from what is known before anything runs, and takes them to be as fast as two cores of today
/// do them; nothing is timed, so that a plan is the same whenever it is made.
enum WorkEstimate {
  /// Multiply-adds a second.
  static let speed = 3e10
  /// What the smallest result takes: reading and keeping.
  static let least = 0.01

  /// Seconds of so many multiply-adds.
  static func seconds(_ effort: Double) -> Double {
    let seconds = least + effort / speed
    // Two digits: more would claim more than is known.
    let unit = seconds < 10 ? 100.0 : 1
    return (seconds * unit).rounded() / unit
  }

  /// Texts sent once through a model.
  static func running(texts: Int, of question: Question, on bench: Workbench) -> Double {
    // What cannot be read is said where it is asked for.
    guard question.subject.hasCheckpoint, let entry = question.dataset,
      let model = try? question.subject.model(), let all = try? bench.dataset(entry).texts
    else { return 0 }
    let seen = all.prefix(200)
    guard !seen.isEmpty else { return 0 }
    // Four bytes make a token of most vocabularies.
    let mean = Double(seen.reduce(0) { $0 + $1.utf8.count }) / Double(seen.count) / 4
    var limit = Double.infinity
    if case .int(let most)? = question.bound.values[SampleKeys.maxTokens.name] { limit = Double(most) }
    return Double(min(texts, all.count)) * max(1, min(mean, limit))
      * MultiplyAdds.model(model.configuration)
  }

  /// Support-vector regressions of some targets on the samples of a split.
  static func regressions(targets: Int, samples: SplitSizes) -> Double {
    // A few dozen products with the Gram matrix for each target.
    Double(targets) * 40 * Double(samples.train) * Double(samples.train)
  }

  /// A directive's own work, its parts not counted.
  static func own(_ view: some View, of question: Question, on bench: Workbench) -> Double {
    guard question.asked != nil, view.readsDataset(question.bound) else { return 0 }
    var texts = 1000
    if case .int(let count)? = question.bound.values["n"] { texts = count }
    return running(texts: texts, of: question, on: bench)
  }
}
