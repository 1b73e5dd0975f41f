import Analyses
import ArgumentParser
import Files
import JSONText
import Tensors
import Transformers

/// Times taking one prediction apart, beside TransformerLens, and the search for its best neurons.
struct ContributionBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contribution",
    abstract: "Takes a prediction of a random checkpoint apart and compares with TransformerLens.")

  @Option(help: "Folder for the checkpoints; they are made once and kept.") var folder = ".build/bench"
  @Option(help: "Python with torch and transformer_lens; without it only our side runs.")
  var python = ".build/bench-venv/bin/python"
  @Option(help: "Tokens of the prompt.") var tokens = 16
  @Option(help: "Runs, of which the fastest counts.") var repeats = 3
  @Option(help: "Threads of both sides; by default all cores.") var threads = Compute.threads

  func run() throws {
    try createDirectory(folder)
    Compute.threads = threads
    _ = printMachine()
    let shape = BenchShape.gpt2Medium
    let directory = folder + "/" + shape.name
    if !isFile(directory + "/model.safetensors") { try shape.write(to: directory) }
    let model = try Model.open(directory)
    let ids = (0..<tokens).map { ($0 * 104_729 + 11) % model.configuration.vocabulary }
    let ours = try measure(model, ids)
    try measureNeurons(model, ids)
    try compare(ours, ids, directory)
  }

  private typealias Found = (
    seconds: Double, processor: Double, target: Int, contrast: Int, layers: [Double], heads: [Double]
  )

  /// Logits of all layers and heads, from the tokens on.
  private func measure(_ model: Model, _ ids: [Int]) throws -> Found {
    var best: Found = (.infinity, .infinity, 0, 0, [], [])
    let (target, contrast) = (7, 11)
    for _ in 0..<repeats {
      let (start, startOfWork) = (ContinuousClock.now, processorSeconds())
      let parts = try PredictionParts(
        PromptTrace(model, ids), target: PredictionTarget(token: target, contrast: contrast))
      let logits = try parts.layers().logits
      let heads = try parts.heads().logits.flatMap { $0 }
      let layers = logits.attention.indices.flatMap { [logits.attention[$0], logits.ffn[$0]] }
      best = (
        min(best.seconds, seconds(since: start)), min(best.processor, processorSeconds() - startOfWork), target,
        contrast,
        [logits.embedding] + layers, heads
      )
    }
    print(
      "\(ids.count) tokens, \(best.layers.count) parts and \(best.heads.count) heads of \(BenchShape.gpt2Medium.name)")
    print("  layerbook: \(rounded(best.seconds, 3)) s (\(rounded(best.processor, 3)) s of processor time)")
    return best
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

  private func compare(_ ours: Found, _ ids: [Int], _ directory: String) throws {
    guard isFile(python) else { return print("  no \(python): TransformerLens was not run") }
    let file = directory + "/prompt.json"
    let prompt: JSONObject = ["ids": .ints(ids), "target": .int(ours.target), "contrast": .int(ours.contrast)]
    try AtomicFile.write(Array(JSON.write(.object(prompt)).utf8), to: file)
    let text = try runProcess(
      python, ["Tests/Bench/contribution_bench.py", directory, file, "\(repeats)", "\(threads)"])
    let json = try JSON.parse(text)
    guard let seconds = json["seconds"]?.doubleValue, let processor = json["processor_seconds"]?.doubleValue,
      let labels = json["labels"]?.arrayValue?.compactMap(\.stringValue),
      let layers = json["layers"]?.arrayValue?.compactMap(\.doubleValue),
      let heads = json["heads"]?.arrayValue?.compactMap(\.doubleValue)
    else { throw BenchFailure("contribution_bench.py printed '\(text)'") }
    print(
      "  TransformerLens \(json["transformer_lens"]?.stringValue ?? ""): \(rounded(seconds, 3)) s (\(rounded(processor, 3)) s of processor time)"
    )
    print(
      "  speed \(rounded(seconds / ours.seconds, 2)) × TransformerLens (by processor time \(rounded(processor / ours.processor, 2)))"
    )
    // Its token and position embeddings are ours together; its biases are no parts of ours.
    let embedding = zip(labels, layers).filter { $0.0.hasSuffix("embed") }.reduce(0) { $0 + $1.1 }
    let branches = zip(labels, layers).filter { $0.0.hasSuffix("_out") }.map(\.1)
    let worst = zip(ours.layers + ours.heads, [embedding] + branches + heads).map { abs($0 - $1) }.max() ?? .infinity
    let size = (layers + heads).map { abs($0) }.max() ?? 1
    print("  largest difference of a part's logit: \(worst) of \(rounded(size, 2))")
  }
}
