import ArgumentParser
import Blocks
import Books

/// `layerbook edit`: a model with a fact rewritten or a relation erased, as a checkpoint.
struct EditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "Write a model with a fact rewritten or a relation erased as a checkpoint.",
    discussion: """
      Does for good what <<knowledge update>> and <<knowledge erase>> measure: the columns that a fact's own neurons write
      are moved from the old answer to the new one, or those that most facts of a relation share are set to zero. The
      checkpoint is of the same architecture, so that transformers loads it like the one it was made of; what was done
      stands in the metadata of model.safetensors (layerbook_edit). The folder appears whole or not at all.

      Examples:
        layerbook edit --model atlas-llama --fact capital/France --answer Baghdad --out edited
        layerbook edit --model atlas-llama --erase capital --out without-capitals
        layerbook ask --book none --model ./edited --dataset facts.jsonl '<<knowledge attribution "capital/France">>'
      """)

  @Option(help: "The model: a name of the book or a checkpoint folder.")
  var model: String

  @Option(help: "The fact to rewrite, by its id.")
  var fact: String?

  @Option(help: "--fact: its new answer, a single token.")
  var answer: String?

  @Option(help: "The relation to erase, instead of a fact.")
  var erase: String?

  @Option(help: "--erase: how many neurons, those that most facts have.")
  var erased: Int?

  @Option(help: "The folder to write; not there yet, or empty.")
  var out: String

  @Option(help: "The facts: a name of the book or a file of JSON lines. Default: the book's.")
  var dataset: String?

  @Option(help: "How many facts of the relation decide which neurons are whose.")
  var n: Int?

  @OptionGroup var options: BookOptions

  func validate() throws {
    try PathOptions.check("--out", out)
    if (fact == nil) == (erase == nil) { throw ValidationError("name either --fact or --erase") }
    if (fact == nil) != (answer == nil) { throw ValidationError("--fact and --answer go together") }
    if fact != nil, erased != nil { throw ValidationError("--erased goes with --erase") }
  }

  func run() throws {
    let book = try options.load()
    var line = DirectiveLine("knowledge")
    line.add(erase == nil ? "update" : "erase")
    line.add("fact", fact ?? erase)
    line.add("target", answer)
    line.add("erased", erased.map { "\($0)" })
    line.add("n", n.map { "\($0)" })
    let bound = try line.bind(in: book, model: model, dataset: dataset)
    do {
      let written = try EditJob.write(bound, to: out, on: options.bench(book))
      ProgressLine.shared.clear()
      print("\(out)  \(written.note)")
    } catch {
      throw Faults.failure(error)
    }
  }
}
