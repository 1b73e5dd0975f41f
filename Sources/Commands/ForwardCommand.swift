import ArgumentParser
import Blocks
import Checkpoints
import Tokenizers
import Transformers

/// `layerbook forward`: ids, hidden states and logits of one text, for other programs to compare with.
struct ForwardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forward",
    abstract: "Run one text through a model and write ids, hidden states and logits.",
    discussion: """
      Writes safetensors: ids I64 [T]; hidden F32 [L+1, T, d], the residual stream before the final norm; logits F32 [T, V].

      Example: layerbook forward --model atlas-llama 'The capital of France is' --out states.safetensors
      """)

  @Option(help: "The model: a name of the book or a checkpoint folder.")
  var model: String

  @Option(help: "The file to write.")
  var out: String

  @Option(help: "The folder that holds layerbook.yaml, or 'none'.")
  var book: String?

  @Argument(help: "The text.")
  var text: String

  func validate() throws { try PathOptions.check("--out", out) }

  func run() throws {
    do {
      let directory = try CheckpointArgument.directory(model, book: book)
      // The model first: an architecture that cannot run is heard before anything its tokenizer lacks.
      let model = try Model.open(directory)
      let ids = try Tokenizer.load(directory: directory).encode(text)
      let pass = try model.forward(ids)
      try ForwardFile.write(pass, ids: ids, to: out)
    } catch {
      throw Faults.failure(error)
    }
  }
}
