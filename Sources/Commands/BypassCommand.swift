import ArgumentParser
import Blocks
import Books

/// `layerbook bypass`: a shortened model as a checkpoint.
struct BypassCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bypass",
    abstract: "Write a model without some of its blocks as a checkpoint.",
    discussion: """
      --span 3..8 leaves out blocks 3 to 7: a map fitted from the states at depth 3 to those at depth 8 stands in for them.
      A map from depth 0 becomes part of the embedding; any other is one linear layer, declared by modeling_bypass.py for
      transformers (trust_remote_code=True). The folder appears whole or not at all, and layerbook runs what is in it.

      Examples:
        layerbook bypass --model atlas-llama --span 6..9 --out short
        layerbook ask --book none --model ./short --dataset texts.txt '<<convergence>>'
      """)

  @Option(help: "The model: a name of the book or a checkpoint folder.")
  var model: String

  @Option(help: "The depths between which blocks are left out, such as 3..8.")
  var span: String

  @Option(help: "The folder to write; not there yet, or empty.")
  var out: String

  @Option(help: "What stands in for the blocks: map, sparse or skip.")
  var by: String = "map"

  @Option(help: "--by sparse: source dimensions that each dimension keeps.")
  var top: Int?

  @Option(help: "The texts that fit the map: a name of the book or a file. Default: the book's.")
  var dataset: String?

  @Option(help: "How many texts fit the map.")
  var train: Int?

  @Option(help: "Where a text is cut, in tokens.")
  var maxTokens: Int?

  @Flag(help: "Whether the map adds a constant.")
  var intercept = false

  @Option(help: "The seed of the split into texts that fit and texts that judge. Default: the book's.")
  var seed: Int?

  @OptionGroup var options: BookOptions

  func validate() throws { try PathOptions.check("--out", out) }

  func run() throws {
    let book = try options.load()
    var line = DirectiveLine("bypass")
    line.add(span.replacing("..", with: "->"))
    line.add("by", by)
    line.add("top", top.map { "\($0)" })
    line.add("train", train.map { "\($0)" })
    line.add("max-tokens", maxTokens.map { "\($0)" })
    if intercept { line.add("intercept", "on") }
    line.add("seed", seed.map { "\($0)" })
    let bound = try line.bind(in: book, model: model, dataset: dataset)
    do {
      let written = try BypassJob.write(bound, to: out, on: options.bench(book))
      ProgressLine.shared.clear()
      print("\(out)  \(written.blocks) of \(written.whole) blocks, " + Self.map(written))
    } catch {
      throw Faults.failure(error)
    }
  }

  private static func map(_ written: BypassJob.Written) -> String {
    if written.isFolded { return "the map folded into the embedding" }
    guard let layer = written.layer else { return "nothing in the place of the others" }
    return "a linear layer after block \(layer.level - 1)"
  }
}
