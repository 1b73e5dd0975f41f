import Analyses
import ArgumentParser
import Files
import Tensors
import Transformers

/// Times greedy decoding with early exit beside full decoding of the same model, in one run.
///
/// A random checkpoint is never sure of itself, so λ is chosen such that every token leaves at the depth asked for: what is
/// timed is the work, not the rule.
struct ExitBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exit", abstract: "Decodes tokens with early exit and compares with full decoding.")

  @Option(help: "Folder for the checkpoints; they are made once and kept.") var folder = ".build/bench"
  @Option(help: "Tokens of the prompt.") var prompt = 64
  @Option(help: "Tokens to decode.") var tokens = 64
  @Option(help: "Runs of each, in turns, of which the median counts.") var repeats = 5
  @Option(help: "Threads; by default all cores.") var threads = Compute.threads
  @Option(help: "A checkpoint of one's own, decoded with the λ of --exit.") var model: String?
  @Option(help: "λ for --model.") var exit = 0.9

  func run() throws {
    Compute.threads = threads
    if let model {
      let opened = try Model.open(model)
      try compare(opened, "λ = \(exit), tested after every block", ExitDecoder(opened, lambda: exit))
      return
    }
    try createDirectory(folder)
    for shape in BenchShape.standard {
      let model = try Model.open(shape.made(in: folder))
      model.weightLimit = 4 << 30
      print("\(shape.name): \(tokens) tokens after \(prompt), \(threads) threads")
      let half = model.configuration.blocks / 2
      try compare(model, "never leaving, tested after every block", ExitDecoder(model, lambda: 1.112))
      try compare(model, "never leaving, one test", ExitDecoder(model, lambda: 1.112, levels: [half]))
      try compare(model, "leaving half way, one test", ExitDecoder(model, lambda: -2, levels: [half]))
    }
  }

  private func compare(_ model: Model, _ name: String, _ decoder: ExitDecoder) throws {
    let ids = (0..<prompt).map { ($0 * 17 + 3) % model.configuration.vocabulary }
    let full = { try model.generate(tokens, after: ids, stopTokens: []).map(\.id) }
    let early = { try decoder.decode(tokens, after: ids, stopTokens: []) }
    // Once for the weights, and to see that both do what they should.
    let (expected, found) = (try full(), try early())
    let last = model.configuration.blocks
    if found.allSatisfy({ $0.layer == last }), found.map(\.id) != expected {
      throw BenchFailure("nobody left early, and the tokens differ from full decoding")
    }
    var times: (full: [Double], early: [Double]) = ([], [])
    for _ in 0..<repeats {
      times.full.append(try elapsed { _ = try full() })
      times.early.append(try elapsed { _ = try early() })
    }
    func speed(_ seconds: [Double]) -> Double { Double(tokens) / seconds.sorted()[seconds.count / 2] }
    let (ours, theirs) = (speed(times.early), speed(times.full))
    let layers = Double(found.reduce(0) { $0 + $1.layer }) / Double(found.count)
    print(
      "  \(name): \(rounded(layers, 1)) of \(last) blocks, \(rounded(ours, 1)) tokens/s; "
        + "speed \(rounded(ours / theirs, 2)) × full decoding (\(rounded(theirs, 1)) tokens/s)")
  }

  private func elapsed(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return seconds(since: start)
  }
}
