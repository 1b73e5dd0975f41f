import Analyses
import ArgumentParser
import Files
import JSONText
import Tensors
import Tokenizers
import Transformers

/// Times the search for the triggers of every neuron, beside transformers with hooks and `torch.topk`.
struct MemoryBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory", abstract: "Finds the triggers of every neuron of a model and compares with PyTorch.")

  @Option(help: "Folder for the random checkpoint; it is made once and kept.") var folder = ".build/bench"
  @Option(help: "Python with torch and transformers; without it only our side runs.")
  var python = ".build/bench-venv/bin/python"
  @Option(help: "Texts for the embedded model; those of the atlas corpus, over and over.") var texts = 10_000
  @Option(help: "Texts for the 12 × 768 shape.") var largeTexts = 500
  @Option(help: "Threads of both sides; by default all cores.") var threads = Compute.threads
  @Flag(help: "Only the embedded model.") var embedded = false

  func run() throws {
    try createDirectory(folder)
    Compute.threads = threads
    _ = printMachine()
    try compare("assets/models/atlas-llama", try atlas())
    if embedded { return }
    let directory = try BenchShape.gpt2Small.made(in: folder)
    let random = (0..<largeTexts).map { text in
      (0..<20 + text * 37 % 40).map { (text * 7919 + $0 * 104_729 + 11) % 50257 }
    }
    try compare(directory, random)
  }

  /// Texts of the atlas corpus; from the second time on each with its text's number before it, so that no two are the same.
  private func atlas() throws -> [[Int]] {
    let tokenizer = try Tokenizer.load(directory: "assets/models/atlas-llama")
    let lines = String(decoding: try readFile("assets/texts/atlas.txt"), as: UTF8.self).split(separator: "\n")
    return try (0..<texts).map { text in
      let line = lines[text % lines.count]
      return try tokenizer.encode(text < lines.count ? String(line) : "\(text / lines.count) \(line)")
    }
  }

  private func compare(_ directory: String, _ texts: [[Int]]) throws {
    let model = try Model.open(directory)
    let c = model.configuration
    resetPeakMemory()
    let (start, startOfWork) = (ContinuousClock.now, processorSeconds())
    let corpus = PrefixCorpus(texts, beginning: c.bosToken)
    let table = try model.triggers(in: corpus, count: 25)[.absolute]
    let ours = (seconds: seconds(since: start), processor: processorSeconds() - startOfWork, peak: peakMemory())
    print(
      "\(directory): 25 triggers of \(c.blocks) × \(c.ffnWidth) neurons over \(texts.count) texts, \(corpus.count) prefixes"
    )
    print(
      "  layerbook, by |m| and by m: \(rounded(ours.seconds, 1)) s (\(rounded(ours.processor, 1)) s of processor time), peak \(megabytes(ours.peak))"
    )
    let file = folder + "/memory-texts.json"
    try AtomicFile.write(
      Array(
        JSON.write(.object(["bos": c.bosToken.map { .int($0) } ?? .null, "texts": .array(texts.map { .ints($0) })]))
          .utf8),
      to: file)
    guard isFile(python) else { return print("  no \(python): PyTorch was not run") }
    let text = try runProcess(python, ["Tests/Bench/memory_bench.py", directory, file, "\(threads)"])
    let json = try JSON.parse(text)
    guard let seconds = json["seconds"]?.doubleValue, let processor = json["processor_seconds"]?.doubleValue,
      let peak = json["peak_bytes"]?.doubleValue, let firsts = json["first"]?.arrayValue
    else { throw BenchFailure("memory_bench.py printed '\(text)'") }
    print(
      "  transformers \(json["transformers"]?.stringValue ?? ""), by |m|: \(rounded(seconds, 1)) s (\(rounded(processor, 1)) s of processor time), peak \(megabytes(peak))"
    )
    let mine = table?.triggers.joined().map { Double($0.first?.coefficient.magnitude ?? .nan) } ?? []
    let worst = zip(mine, firsts).map { abs($0 - ($1.doubleValue ?? .nan)) / max(1e-3, $0) }.max() ?? .infinity
    print(
      "  speed \(rounded(seconds / ours.seconds, 2)) × transformers (by processor time \(rounded(processor / ours.processor, 2))), largest relative difference of a first coefficient \(worst)"
    )
  }
}
