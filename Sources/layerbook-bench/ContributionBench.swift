import Analyses
import ArgumentParser
import Files
import Tensors
import Transformers

/// Times taking one prediction apart, and the search for its best neurons.
struct ContributionBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contribution",
    abstract: "Takes a prediction of a random checkpoint apart and looks for its best neurons.")

  @Option(help: "Folder for the checkpoints; they are made once and kept.") var folder = ".build/bench"
  @Option(help: "Tokens of the prompt.") var tokens = 16
  @Option(help: "Runs, of which the fastest counts.") var repeats = 3
  @Option(help: "Threads; by default all cores.") var threads = Compute.threads

  func run() throws {
    try createDirectory(folder)
    Compute.threads = threads
    _ = printMachine()
    let shape = BenchShape.gpt2Medium
    let directory = folder + "/" + shape.name
    if !isFile(directory + "/model.safetensors") { try shape.write(to: directory) }
    let model = try Model.open(directory)
    let ids = (0..<tokens).map { ($0 * 104_729 + 11) % model.configuration.vocabulary }
    try measure(model, ids)
    try measureNeurons(model, ids)
  }

  /// Logits of all layers and heads, from the tokens on.
  private func measure(_ model: Model, _ ids: [Int]) throws {
    var best = (seconds: Double.infinity, processor: Double.infinity)
    var (parts, heads) = (0, 0)
    for _ in 0..<repeats {
      let (start, startOfWork) = (ContinuousClock.now, processorSeconds())
      let prediction = try PredictionParts(
        PromptTrace(model, ids), target: PredictionTarget(token: 7, contrast: 11))
      let logits = try prediction.layers().logits
      heads = try prediction.heads().logits.reduce(0) { $0 + $1.count }
      parts = 1 + logits.attention.count + logits.ffn.count
      best = (min(best.seconds, seconds(since: start)), min(best.processor, processorSeconds() - startOfWork))
    }
    print("\(ids.count) tokens, \(parts) parts and \(heads) heads of \(BenchShape.gpt2Medium.name)")
    print("  \(rounded(best.seconds, 3)) s (\(rounded(best.processor, 3)) s of processor time)")
  }

  /// The best neurons of a prompt, everything from the opening of the checkpoint on.
  private func measureNeurons(_ warm: Model, _ ids: [Int]) throws {
    warm.releaseWeights()
    resetPeakMemory()
    let start = ContinuousClock.now
    let model = try Model.open(warm.directory)
    try model.forEachUnembeddingBlock { _, _ in }
    let found = try PredictionParts(PromptTrace(model, ids)).neurons(top: 30)
    print(
      "  30 best of \(found.total) neurons, \(found.scored) of them scored: \(rounded(seconds(since: start), 2)) s, peak \(megabytes(peakMemory()))"
    )
  }
}
