import Analyses
import ArgumentParser
import Checkpoints
import Files
import Foundation
import JSONText
import Tensors
import Transformers

/// Times last words read at every depth, beside transformers with `output_hidden_states` and the head per layer.
struct LensBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lens", abstract: "Scores last words at every depth of a random checkpoint and compares with PyTorch.")

  @Option(help: "Folder for the checkpoints; they are made once and kept.") var folder = ".build/bench"
  @Option(help: "Python with torch and transformers; without it only our side runs.")
  var python = ".build/bench-venv/bin/python"
  @Option(help: "Texts.") var texts = 500
  @Option(help: "Runs, of which the fastest counts.") var repeats = 2
  @Option(help: "Threads of both sides; by default all cores.") var threads = Compute.threads
  @Flag(help: "Only the memory of a logit lens over 64 tokens at 33 depths with 128,256 words.") var memory = false

  func run() throws {
    try createDirectory(folder)
    Compute.threads = threads
    _ = printMachine()
    if memory { return try runWideHead() }
    let directory = try BenchShape.gpt2Small.made(in: folder)
    let model = try Model.open(directory)
    let samples = (0..<texts).map { sample($0, vocabulary: model.configuration.vocabulary) }
    let file = directory + "/last-words.json"
    try AtomicFile.write(Array(JSON.write(json(samples)).utf8), to: file)
    let (ours, scores) = try measure(model, samples)
    try compare(ours, scores, directory: directory, file: file)
  }

  /// A text of 60 to 119 tokens whose last word has one or two.
  private func sample(_ text: Int, vocabulary: Int) -> ScoredText {
    let length = 60 + text * 37 % 60
    let ids = (0...length).map { (text * 7919 + $0 * 104_729 + 11) % vocabulary }
    let targets = Array(ids.suffix(1 + text % 2))
    let given = Array(ids.dropLast())
    return ScoredText(ids: given, positions: Array(given.indices.suffix(targets.count)), targets: targets)
  }

  private func json(_ samples: [ScoredText]) -> JSONValue {
    .array(samples.map { .object(["ids": .ints($0.ids), "targets": .ints($0.targets)]) })
  }

  private func measure(
    _ model: Model, _ samples: [ScoredText]
  ) throws -> (result: (seconds: Double, processor: Double, peak: Double), scores: DepthScores) {
    resetPeakMemory()
    var best = (seconds: Double.infinity, processor: Double.infinity)
    var scores = DepthScores(logLikelihood: [], isHit: [])
    for _ in 0..<repeats {
      let (start, startOfWork) = (ContinuousClock.now, processorSeconds())
      scores = try model.scoreDepths(samples, options: CaptureOptions(memory: 256 << 20))
      best = (
        min(best.seconds, seconds(since: start)), min(best.processor, processorSeconds() - startOfWork)
      )
    }
    let peak = peakMemory()
    let c = model.configuration
    print(
      "\(texts) texts, \(samples.reduce(0) { $0 + $1.ids.count }) tokens, \(c.blocks + 1) depths × \(c.vocabulary) words"
    )
    print(
      "  layerbook: \(rounded(best.seconds, 2)) s (\(rounded(best.processor, 2)) s of processor time), peak \(megabytes(peak))"
    )
    return ((best.seconds, best.processor, peak), scores)
  }

  private func compare(
    _ ours: (seconds: Double, processor: Double, peak: Double), _ scores: DepthScores, directory: String, file: String
  ) throws {
    guard isFile(python) else { return print("  no \(python): PyTorch was not run") }
    let text = try runProcess(python, ["Tests/Bench/lens_bench.py", directory, file, "\(repeats)", "\(threads)"])
    let json = try JSON.parse(text)
    guard let seconds = json["seconds"]?.doubleValue, let processor = json["processor_seconds"]?.doubleValue,
      let memory = json["peak_bytes"]?.doubleValue, let sums = json["log_likelihood"]?.arrayValue
    else { throw BenchFailure("lens_bench.py printed '\(text)'") }
    print(
      "  transformers \(json["transformers"]?.stringValue ?? ""), batch \(json["batch"]?.intValue ?? 0): \(rounded(seconds, 2)) s (\(rounded(processor, 2)) s of processor time), peak \(megabytes(memory))"
    )
    print(
      "  speed \(rounded(seconds / ours.seconds, 2)) × transformers (by processor time \(rounded(processor / ours.processor, 2))), "
        + "memory \(rounded(ours.peak / memory, 2)) × transformers")
    let mine = scores.logLikelihood.map { $0.reduce(0, +) }
    let worst = zip(mine, sums).map { abs($0 - ($1.doubleValue ?? .nan)) / abs($0) }.max() ?? .infinity
    print("  largest relative difference of a depth's log-likelihood: \(worst)")
  }

  /// A model with the head of a large one and almost nothing else.
  private func runWideHead() throws {
    let directory = folder + "/wide-head"
    let shape = BenchShape.wideHead
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try shape.write(to: directory)
    resetPeakMemory()
    let model = try Model.open(directory)
    let ids = (0..<64).map { ($0 * 1117 + 5) % model.configuration.vocabulary }
    let start = ContinuousClock.now
    let run = try ModelRun(model, [ids])
    var states = [try run.allStates()]
    while run.level < model.configuration.blocks {
      try run.advance()
      states.append(try run.allStates())
    }
    let read = try model.compareLogits(
      of: states, with: states[states.count - 1], tokens: { _, own in own.top.map(\.token) }, top: 10)
    let whole = Double(states.count * ids.count * model.configuration.vocabulary * 4)
    print(
      "\(ids.count) tokens × \(read.count) depths × \(model.configuration.vocabulary) words of width \(model.configuration.width)"
    )
    print(
      "  \(rounded(seconds(since: start), 1)) s, peak \(megabytes(peakMemory())); all logits at once would be \(megabytes(whole))"
    )
  }
}
