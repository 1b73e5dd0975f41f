import ArgumentParser
import Files
import JSONText
import Tensors
import Training
import Transformers

/// Times steps of self-distillation, optimizer and all, beside PyTorch's autograd on the same checkpoint.
struct DistillBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "distill", abstract: "Takes steps of self-distillation and compares with PyTorch.")

  @Option(help: "Folder for the checkpoint; it is made once and kept.") var folder = ".build/bench"
  @Option(help: "The checkpoint; by default a random one of GPT-2's shape.") var model: String?
  @Option(help: "Python with torch and transformers; without it only our side runs.")
  var python = ".build/bench-venv/bin/python"
  @Option(help: "Texts of one step.") var texts = 8
  @Option(help: "Tokens of each text.") var tokens = 64
  @Option(help: "Steps, of which the fastest counts; one before them warms up.") var steps = 3
  @Option(help: "Threads of both sides; by default all cores.") var threads = Compute.threads
  @Option(help: "Megabytes of intermediate results that may be kept.") var keeping = 1024

  func run() throws {
    try createDirectory(folder)
    Compute.threads = threads
    _ = printMachine()
    let directory = try model ?? BenchShape.gpt2Small.made(in: folder)
    resetPeakMemory()
    let opened = try Model.open(directory)
    let c = opened.configuration
    let ids = (0..<texts).map { text in (0..<tokens).map { (text * 31 + $0 * 17) % c.vocabulary } }
    print("\(directory): \(c.blocks) × \(c.width), \(c.vocabulary) words; a step of \(texts) texts × \(tokens) tokens")
    let ours = try measure(opened, ids)
    ours.time.report("layerbook", tokens: texts * tokens)
    guard isFile(python) else { return print("  no \(python): PyTorch was not run") }
    let file = folder + "/distill-ids.json"
    try AtomicFile.write(Array(JSON.write(.array(ids.map { .ints($0) })).utf8), to: file)
    let text = try runProcess(python, ["Tests/Bench/torch_distill.py", directory, file, "\(steps)", "\(threads)"])
    let json = try JSON.parse(text)
    guard let seconds = json["seconds"]?.doubleValue, let processor = json["processor_seconds"]?.doubleValue,
      let memory = json["peak_bytes"]?.doubleValue, let losses = json["losses"]?.arrayValue
    else { throw BenchFailure("torch_distill.py printed '\(text)'") }
    let theirs = StepTime(seconds: seconds, processor: processor, peak: memory)
    theirs.report("torch \(json["torch"]?.stringValue ?? "")", tokens: texts * tokens)
    print(
      "  speed \(rounded(seconds / ours.time.seconds, 2)) × torch (by processor time "
        + "\(rounded(processor / ours.time.processor, 2))), memory \(rounded(ours.time.peak / memory, 2)) × torch")
    let worst = zip(ours.losses, losses).map { abs($0 - ($1.doubleValue ?? .nan)) / abs($0) }.max() ?? .infinity
    print("  largest relative difference of a step's loss: \(worst)")
  }

  private struct Measured {
    var time = StepTime()
    var losses: [Double] = []
  }

  private func measure(_ model: Model, _ ids: [[Int]]) throws -> Measured {
    // One pass is one step: every step sees all texts, in an order of its own.
    var settings = TrainingSettings(steps: 1_000_000, batch: texts, learningRate: 1e-4)
    settings.optimizer.weightDecay = 0.01
    let trainer = try Trainer(
      model, try SelfDistillation(of: model), TrainingTexts(ids, length: tokens, seed: 1), settings,
      keeping: keeping << 20)
    var found = Measured()
    for step in 0...steps {
      let (start, startOfWork) = (ContinuousClock.now, processorSeconds())
      found.losses.append(try trainer.advance().total)
      guard step > 0 else { continue }
      found.time.add(seconds(since: start), processor: processorSeconds() - startOfWork)
    }
    found.time.peak = peakMemory()
    return found
  }
}
