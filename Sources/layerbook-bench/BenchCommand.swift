import ArgumentParser

/// Timings of the parts whose speed matters, against what the machine can do and against other implementations.
@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layerbook-bench", abstract: "Measures speed and memory.",
    subcommands: [
      BackwardBench.self, CaptureBench.self, ContributionBench.self, DecodeBench.self, DistillBench.self,
      ExitBench.self, ExitCurveBench.self, KnowledgeBench.self, LensBench.self, MemoryBench.self,
      PageBench.self, RegressionBench.self,
      TokenizerBench.self,
    ])
}

/// A comparison that could not be made.
struct BenchFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
