import ArgumentParser

/// Timings of the parts whose speed matters, against what the machine can do and against other implementations.
@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layerbook-bench", abstract: "Measures speed and memory.",
    subcommands: [CaptureBench.self, RegressionBench.self, TokenizerBench.self])
}
