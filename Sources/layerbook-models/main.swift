import ArgumentParser

/// What `make models` needs beside `layerbook train` and `layerbook distill`.
struct ModelsProgram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layerbook-models", abstract: "Texts, tokenizers, weights and quality of the embedded models.",
    subcommands: [CorpusCommand.self, TokenizerCommand.self, HalveCommand.self, QualityCommand.self])
}

ModelsProgram.main()
