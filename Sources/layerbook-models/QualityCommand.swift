import ArgumentParser
import Books

#if canImport(Glibc)
  import Glibc
#endif

/// `layerbook-models quality`: what models have learned of the corpus.
struct QualityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quality",
    abstract: "Print what models have learned: their loss on texts they never saw, and the facts they can name.",
    discussion: """
      Decoders are scored on every token with one before it. Masked models are asked for every token of a text once, each \
      seventh of them at a time behind the mask. The loss of a character compares models whose tokens are others. A fact \
      counts where every token of its answer is the most likely one, prompt by prompt; a masked model is asked for answers \
      of one token alone.
      """)

  @Argument(help: "Folders of checkpoints.") var models: [String]
  @Option(help: "Texts that trained none of them.") var texts = "assets/texts/atlas.txt"
  @Option(help: "Facts.") var facts = "assets/texts/facts.jsonl"
  @Option(name: .customShort("n"), help: "How many of the texts.") var count = 300

  func validate() throws {
    guard count > 0 else { throw ValidationError("-n must be above 0") }
  }

  func run() throws {
    let texts = try Dataset(reading: DatasetEntry(name: "texts", path: texts)).texts.prefix(count)
    let facts = try FactSet(reading: DatasetEntry(name: "facts", path: facts)).facts
    for path in models {
      let asker = try ModelAsker(path)
      let loss = try asker.loss(of: Array(texts))
      let known = try asker.known(facts)
      let total = known.reduce((0, 0)) { ($0.0 + $1.known, $0.1 + $1.prompts) }
      print(
        "\(path)  loss \(decimals(loss.mean, 3)), perplexity \(decimals(exp(loss.mean), 3)), "
          + "\(decimals(loss.mean * Double(loss.tokens) / Double(max(1, loss.characters)), 4)) nats a character "
          + "over \(loss.tokens) \(asker.isMasked ? "hidden" : "next") tokens of \(texts.count) texts; "
          + "\(total.0) of \(total.1) prompts answered: "
          + known.map { "\($0.relation) \($0.known)/\($0.prompts)" }.joined(separator: ", "))
    }
  }

  private func decimals(_ number: Double, _ count: Int) -> String {
    let factor = pow(10.0, Double(count))
    return "\((number * factor).rounded() / factor)"
  }
}
