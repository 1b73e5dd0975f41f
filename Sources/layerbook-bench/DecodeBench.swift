import ArgumentParser
import Files
import JSONText
import Tensors
import Transformers

/// Times greedy decoding with a key and value cache, beside transformers' `generate` on the same file.
struct DecodeBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode", abstract: "Decodes tokens with a random checkpoint and compares with transformers.")

  @Option(help: "Folder for the checkpoints; they are made once and kept.") var folder = ".build/bench"
  @Option(help: "Python with torch and transformers; without it only our side runs.")
  var python = ".build/bench-venv/bin/python"
  @Option(help: "Tokens of the prompt.") var prompt = 64
  @Option(help: "Tokens to decode.") var tokens = 64
  @Option(help: "Runs, of which the fastest counts.") var repeats = 3
  @Option(help: "Threads of both sides; by default all cores.") var threads = Compute.threads
  @Option(help: "Shape, by name.") var shape = BenchShape.standard[0].name

  func run() throws {
    try createDirectory(folder)
    Compute.threads = threads
    guard let shape = BenchShape.standard.first(where: { $0.name == shape }) else {
      throw BenchFailure("unknown shape '\(shape)'; known are \(BenchShape.standard.map(\.name))")
    }
    let directory = try shape.made(in: folder)
    let model = try Model.open(directory)
    model.weightLimit = 4 << 30
    let ids = (0..<prompt).map { ($0 * 17 + 3) % model.configuration.vocabulary }
    print("\(shape.name): \(tokens) tokens after \(prompt), \(threads) threads")
    let (ours, decoded) = try measure(model, ids)
    print("  layerbook, weights converted once: \(rounded(ours, 1)) tokens/s")
    model.weightLimit = 0
    let (mapped, again) = try measure(model, ids)
    print("  layerbook, weights converted for every token: \(rounded(mapped, 1)) tokens/s")
    guard again == decoded else { throw BenchFailure("the weights' memory changed the tokens") }
    guard isFile(python) else { return print("  no \(python): transformers was not run") }
    let text = try runProcess(
      python, ["Tests/Bench/decode_bench.py", directory, "\(prompt)", "\(tokens)", "\(repeats)", "\(threads)"])
    let json = try JSON.parse(text)
    guard let theirs = json["tokens_per_second"]?.doubleValue, let other = json["tokens"]?.arrayValue else {
      throw BenchFailure("decode_bench.py printed '\(text)'")
    }
    let equal = zip(decoded, other).count { $0 == $1.intValue }
    print(
      "  transformers \(json["transformers"]?.stringValue ?? ""): \(rounded(theirs, 1)) tokens/s; "
        + "speed \(rounded(ours / theirs, 2)) × transformers, \(equal) of \(decoded.count) tokens equal")
  }

  /// Tokens per second of the fastest run, prefill left out, and the tokens.
  private func measure(_ model: Model, _ ids: [Int]) throws -> (Double, [Int]) {
    var best = 0.0
    var decoded: [Int] = []
    for _ in 0..<repeats {
      var first: ContinuousClock.Instant?
      decoded = try model.generate(tokens + 1, after: ids, stopTokens: []) { _ in
        if first == nil { first = .now }
        return true
      }.map(\.id)
      if let first { best = max(best, Double(decoded.count - 1) / seconds(since: first)) }
    }
    return (best, decoded)
  }
}
