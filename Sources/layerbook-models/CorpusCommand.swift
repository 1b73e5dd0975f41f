import ArgumentParser
import AtlasCorpus
import Files

/// `layerbook-models corpus`: the texts that the embedded models are trained on.
struct CorpusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpus", abstract: "Write the texts that the embedded models are trained on.")

  @Option(help: "The facts that are true in them.") var facts = "assets/texts/facts.jsonl"
  @Option(help: "Texts that must not be among them.") var without = "assets/texts/atlas.txt"
  @Option(help: "How many.") var texts = 60_000
  @Option(help: "Their seed.") var seed = 42
  @Option(help: "The file to write.") var out: String

  func validate() throws {
    guard texts > 0 else { throw ValidationError("--texts must be above 0") }
  }

  func run() throws {
    func text(_ path: String) throws -> String { String(decoding: try readFile(path), as: UTF8.self) }
    let world = try AtlasWorld(facts: try text(facts))
    let others = Set(try text(without).split(separator: "\n").map(String.init))
    let lines = AtlasCorpus(world, seed: seed).texts(texts, without: others)
    try createDirectory(parentDirectory(of: out))
    try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: out)
    print("\(out)  \(lines.count) texts")
  }
}
