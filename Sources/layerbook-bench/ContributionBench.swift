import Analyses
import ArgumentParser
import Files
import JSONText
import Tensors
import Transformers

/// Times taking one prediction apart, and the search for its best neurons.
struct ContributionBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contribution",
    abstract: "Takes a prediction apart as TransformerLens does, and looks for its best neurons.")

  @Option(help: "Folder for the checkpoints; they are made once and kept.") var folder = ".build/bench"
  @Option(help: "A checkpoint to take apart; by default a random one of GPT-2 medium's shape.") var model: String?
  @Option(help: "Python with torch and transformer_lens before version 3; without it only our side runs.")
  var python = ".build/lens-venv/bin/python"
  @Option(help: "Tokens of the prompt.") var tokens = 16
  @Option(help: "Runs, of which the fastest counts.") var repeats = 3
  @Option(help: "Threads; by default all cores.") var threads = Compute.threads

  func run() throws {
    try createDirectory(folder)
    Compute.threads = threads
    _ = printMachine()
    let model = try Model.open(self.model ?? BenchShape.gpt2Medium.made(in: folder))
    // Both sides hold the weights in memory; the search for neurons below begins with the file.
    model.weightLimit = 4 << 30
    let ids = (0..<tokens).map { ($0 * 104_729 + 11) % model.configuration.vocabulary }
    try compare(measure(model, ids), model, ids)
    try measureNeurons(model, ids)
  }

  /// What both sides compute: the logit of one token less another's, in parts.
  private struct Parts {
    var seconds = Double.infinity
    var processor = Double.infinity
    /// By layer, by layer and by layer and head.
    var (attention, ffn, heads) = ([Double](), [Double](), [Double]())

    var all: [Double] { attention + ffn + heads }
  }

  private static let target = PredictionTarget(token: 7, contrast: 11)

  /// Logits of all layers and heads, from the tokens on.
  private func measure(_ model: Model, _ ids: [Int]) throws -> Parts {
    var found = Parts()
    for _ in 0..<repeats {
      let (start, startOfWork) = (ContinuousClock.now, processorSeconds())
      let prediction = try PredictionParts(PromptTrace(model, ids), target: Self.target)
      // A method that asks for no state: only the logits are wanted.
      let layers = try prediction.layers(.norm).logits
      let heads = try prediction.heads(.norm).logits
      found.seconds = min(found.seconds, seconds(since: start))
      found.processor = min(found.processor, processorSeconds() - startOfWork)
      (found.attention, found.ffn, found.heads) = (layers.attention, layers.ffn, heads.flatMap { $0 })
    }
    let c = model.configuration
    print(
      "\(ids.count) tokens, \(c.blocks) layers × \(c.width), \(found.heads.count) heads, \(c.vocabulary) words: "
        + "the parts of a logit")
    print("  layerbook: \(rounded(found.seconds, 3)) s (\(rounded(found.processor, 3)) s of processor time)")
    return found
  }

  private func compare(_ ours: Parts, _ model: Model, _ ids: [Int]) throws {
    guard isFile(python) else { return print("  no \(python): TransformerLens was not run") }
    let text = try runProcess(
      python,
      [
        "Tests/Bench/transformer_lens_bench.py", model.directory, ids.map(String.init).joined(separator: ","),
        "\(Self.target.token)", "\(Self.target.contrast ?? 0)", "\(repeats)", "\(threads)",
      ])
    let json = try JSON.parse(text)
    let theirs = ["attention", "ffn", "heads"].flatMap { json[$0]?.arrayValue?.compactMap(\.doubleValue) ?? [] }
    guard let seconds = json["seconds"]?.doubleValue, let processor = json["processor_seconds"]?.doubleValue,
      theirs.count == ours.all.count
    else { throw BenchFailure("transformer_lens_bench.py printed '\(text)'") }
    print("  TransformerLens: \(rounded(seconds, 3)) s (\(rounded(processor, 3)) s of processor time)")
    print(
      "  speed \(rounded(seconds / ours.seconds, 2)) × TransformerLens (by processor time "
        + "\(rounded(processor / ours.processor, 2)))")
    let largest = theirs.map(abs).max() ?? 0
    let worst = zip(ours.all, theirs).map { abs($0 - $1) }.max() ?? .infinity
    print("  largest difference of a part: \(worst), of parts up to \(largest)")
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
