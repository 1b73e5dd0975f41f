import ArgumentParser
import Books
import Files
import JSONText
import Tokenizers

/// `layerbook-models tokenizer`: the vocabulary of an embedded model, trained on its corpus.
struct TokenizerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenizer",
    abstract: "Train a tokenizer with the settings of another, and write what layerbook train --config takes.",
    discussion: """
      Of the other's tokenizer.json come normaliser, pre-tokeniser, post-processor, decoder and special tokens; entries and \
      merges are trained on the texts, as the tokenizers package trains BPE and WordPiece. Pairs that are equally common are \
      joined in the order of their ids. config.json is the other's with the new vocab_size.
      """)

  @Option(help: "The texts: a file as layerbook train takes it.") var corpus: String
  @Option(help: "The folder whose settings count.") var like: String
  @Option(help: "Entries at most, special tokens and characters among them. Default: as many as the other has.")
  var entries: Int?
  @Option(help: "How often two symbols must stand side by side in the texts to be joined.") var atLeast = 1
  @Option(help: "The folder to write; not there yet, or empty.") var out: String

  func validate() throws {
    guard (entries ?? 1) > 0 else { throw ValidationError("--entries must be above 0") }
    guard atLeast > 0 else { throw ValidationError("--at-least must be above 0") }
  }

  func run() throws {
    try AtomicFolder.requireRoom(at: out)
    let trainer = try TokenizerTrainer(like: like)
    let configuration = try JSON.parse(try readFile(like + "/config.json")).objectValue
    guard var configuration, configuration["vocab_size"] != nil else {
      throw ValidationError("\(like)/config.json has no vocab_size to be replaced")
    }
    let texts = try Dataset(reading: DatasetEntry(name: corpus, path: corpus)).texts
    let trained = try trainer.train(on: texts, entries: entries ?? trainer.entries, atLeast: atLeast)
    configuration["vocab_size"] = .int(trained.tokenizer.vocabularySize)
    try AtomicFolder.write(to: out) { folder in
      try AtomicFile.write(trained.file, to: folder + "/tokenizer.json")
      try AtomicFile.write(
        Array((JSON.write(.object(configuration), pretty: true) + "\n").utf8), to: folder + "/config.json")
      let settings = ["tokenizer_config.json", "special_tokens_map.json", "generation_config.json"]
      for name in try listing(like) where settings.contains(name) {
        try AtomicFile.write(try readFile(like + "/" + name), to: folder + "/" + name)
      }
    }
    print(
      "\(out)  \(trained.tokenizer.vocabularySize) entries, \(trained.merges) merges, from \(trained.words) words "
        + "of \(texts.count) texts")
  }
}
