import ArgumentParser
import Checkpoints
import Files
import Foundation
import JSONText
import Tensors
import Transformers

/// Times one step forward and back through a GPT-2 of twelve blocks, beside PyTorch's autograd on the same checkpoint.
struct BackwardBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backward", abstract: "Goes forward and back through a random checkpoint and compares with PyTorch.")

  @Option(help: "Folder for the checkpoint; it is made once and kept.") var folder = ".build/bench"
  @Option(help: "Python with torch and transformers; without it only our side runs.")
  var python = ".build/bench-venv/bin/python"
  @Option(help: "Texts of one step.") var texts = 8
  @Option(help: "Tokens of each text.") var tokens = 128
  @Option(help: "Steps, of which the fastest counts.") var repeats = 3
  @Option(help: "Threads of both sides; by default all cores.") var threads = Compute.threads
  @Option(help: "Megabytes of intermediate results that may be kept; 0 computes every block again.") var keeping = 4096

  func run() throws {
    try createDirectory(folder)
    Compute.threads = threads
    _ = printMachine()
    let shape = BenchShape.gpt2Small
    let directory = try shape.made(in: folder)
    print(
      "\(shape.name): \(texts) texts × \(tokens) tokens, cross-entropy of the next token, every parameter's gradient")
    let again = try step(directory, keeping: 0)
    again.time.report("layerbook, every block again", tokens: texts * tokens)
    let ours = keeping > 0 ? try step(directory, keeping: keeping << 20) : again
    if keeping > 0 { ours.time.report("layerbook, results kept", tokens: texts * tokens) }
    guard isFile(python) else { return print("  no \(python): PyTorch was not run") }
    let output = directory + "/torch-gradients.safetensors"
    let text = try runProcess(
      python, ["Tests/Bench/torch_backward.py", directory, "\(texts)", "\(tokens)", "\(repeats)", "\(threads)", output])
    let json = try JSON.parse(text)
    guard let seconds = json["seconds"]?.doubleValue, let processor = json["processor_seconds"]?.doubleValue,
      let memory = json["peak_bytes"]?.doubleValue, let loss = json["loss"]?.doubleValue
    else { throw BenchFailure("torch_backward.py printed '\(text)'") }
    let theirs = StepTime(seconds: seconds, processor: processor, peak: memory)
    theirs.report("torch \(json["torch"]?.stringValue ?? "")", tokens: texts * tokens)
    print(
      "  speed \(rounded(seconds / ours.time.seconds, 2)) × torch (by processor time \(rounded(processor / ours.time.processor, 2))), "
        + "every block again \(rounded(seconds / again.time.seconds, 2)) × (\(rounded(processor / again.time.processor, 2)))"
    )
    print("  loss: relative difference \(abs(ours.loss - loss) / loss)")
    print("  largest difference of a gradient, relative to its tensor's largest: \(try compare(ours, output))")
  }

  private struct Step {
    var time = StepTime()
    var loss = 0.0
    var gradients: ParameterList?
  }

  private func step(_ directory: String, keeping: Int) throws -> Step {
    let parameters = try ParameterList(try Model.open(directory))
    let c = parameters.model.configuration
    let ids = (0..<texts).map { text in (0..<tokens).map { (text * 31 + $0 * 17) % c.vocabulary } }
    let gradients = parameters.zeros()
    var best = Step()
    resetPeakMemory()
    for _ in 0..<repeats {
      let (start, startOfWork) = (ContinuousClock.now, processorSeconds())
      gradients.clear()
      let run = try ReverseRun(parameters, texts: ids, keeping: keeping)
      // The last token of a text predicts nothing.
      let rows = (0..<texts).flatMap { text in (0..<tokens - 1).map { run.row(text: text, position: $0) } }
      let weights = [Double](repeating: 1 / Double(rows.count), count: rows.count)
      let head = try parameters.gradient(
        of: .crossEntropy(tokens: ids.flatMap { $0.dropFirst() }), at: run.state(c.blocks).rows(at: rows),
        weights: weights, addingTo: gradients)
      try run.backward(from: [c.blocks: run.spread(head.states, to: rows)], addingTo: gradients)
      best.time.add(seconds(since: start), processor: processorSeconds() - startOfWork)
      best.loss = head.values.reduce(0, +) / Double(rows.count)
    }
    (best.time.peak, best.gradients) = (peakMemory(), gradients)
    return best
  }

  private func compare(_ step: Step, _ path: String) throws -> Float {
    let file = try SafetensorsFile(path: path)
    var worst: Float = 0
    for name in step.gradients?.names ?? [] {
      guard let found = step.gradients?.values(of: name) else { continue }
      let expected = try file.floats(name)
      let largest = expected.map(abs).max() ?? 0
      let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
      worst = max(worst, largest > 0 ? difference / largest : difference)
    }
    return worst
  }
}
