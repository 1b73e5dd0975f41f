import Analyses
import ArgumentParser
import JSONText
import Tensors
import Tokenizers
import Transformers

/// Times the attribution of one prompt to every neuron, against the public `knowledge-neurons` package.
struct KnowledgeBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "knowledge", abstract: "Attributes the answer of one prompt to every neuron of atlas-bert.")

  @Option(help: "Checkpoint folder.") var model = "assets/models/atlas-bert"
  @Option(help: "A prompt; a masked model's holds its mask.") var prompt = "The capital of France is [MASK]."
  @Option(help: "The answer, a single token.") var answer = "Paris"
  @Option(help: "Runs, of which the fastest counts.") var repeats = 100
  @Option(help: "Threads; by default all cores.") var threads = Compute.threads
  @Option(help: "A Python with torch, transformers and knowledge-neurons, to compare with.") var python: String?

  func run() throws {
    Compute.threads = threads
    _ = printMachine()
    let model = try Model.open(self.model)
    let tokenizer = try Tokenizer.load(directory: self.model)
    let ids = try tokenizer.encode(prompt)
    let answered = try answered(ids, model, tokenizer)
    let gradients = IntegratedGradients(try ParameterList(model), mostSteps: 20)
    var (best, work, found) = (Double.infinity, Double.infinity, try gradients.attribution(of: answered))
    for _ in 0..<repeats {
      let (start, startOfWork) = (ContinuousClock.now, processorSeconds())
      found = try gradients.attribution(of: answered)
      best = min(best, seconds(since: start))
      work = min(work, processorSeconds() - startOfWork)
    }
    let width = model.configuration.ffnWidth
    print("\(ids.count) tokens, \(model.configuration.blocks) blocks of \(width) neurons, 20 steps")
    print("  layerbook          \(milliseconds(best, work)), largest \(largest(found))")
    guard let python else { return }
    let line = try runProcess(
      python, ["Tests/Bench/knowledge_bench.py", self.model, prompt, answer, "\(repeats)", "\(threads)"])
    let theirs = try JSON.parse(Array(line.utf8))
    guard let runs = theirs["runs"]?.arrayValue, !runs.isEmpty else { throw BenchFailure("no runs in: \(line)") }
    for run in runs { try compare(run, seconds: best, processorSeconds: work) }
  }

  /// Prints a run of the package beside ours.
  private func compare(_ run: JSONValue, seconds own: Double, processorSeconds: Double) throws {
    guard let time = run["seconds"]?.doubleValue, let processor = run["processor_seconds"]?.doubleValue,
      let batch = run["batch"]?.intValue, let units = run["largest"]?.arrayValue
    else { throw BenchFailure("no time in: \(run)") }
    let names = units.compactMap(\.stringValue).joined(separator: " ")
    print("  knowledge-neurons  \(milliseconds(time, processor)), \(batch) steps at once, largest \(names)")
    print("    \(rounded(time / own, 1)) times as fast, by processor time \(rounded(processor / processorSeconds, 1))")
  }

  private func milliseconds(_ seconds: Double, _ processor: Double) -> String {
    "\(rounded(1000 * seconds, 2)) ms (\(rounded(1000 * processor, 2)) ms of processor time)"
  }

  private func answered(_ ids: [Int], _ model: Model, _ tokenizer: Tokenizer) throws -> AnsweredPrompt {
    guard model.configuration.isBidirectional else {
      return AnsweredPrompt(prompt: ids, answer: try tokenizer.encode(" " + answer, addSpecialTokens: false))
    }
    let token = try tokenizer.encode(answer, addSpecialTokens: false)
    guard let position = ids.firstIndex(where: { $0 == tokenizer.specialTokens.mask }), token.count == 1 else {
      throw BenchFailure("a masked model needs its mask in the prompt and an answer of one token")
    }
    return AnsweredPrompt(masked: ids, position: position, answer: token[0])
  }

  private func largest(_ found: PromptAttribution) -> String {
    NeuronScores(found.values, reaching: 0.1).neurons.sorted { ($1.value, $0.unit) < ($0.value, $1.unit) }.prefix(5)
      .map(\.unit.description).joined(separator: " ")
  }
}
