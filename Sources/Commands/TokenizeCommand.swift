import ArgumentParser
import Blocks
import Books
import Files
import JSONText
import Tokenizers

/// `layerbook tokenize`: the ids a checkpoint's own tokenizer gives.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Print the token ids of a text, or of every line of a JSON Lines file.",
    discussion: """
      Prints one JSON array of ids per text.

      Examples:
        layerbook tokenize --model atlas-llama 'The capital of France is'
        layerbook tokenize --model path/to/checkpoint --jsonl texts.jsonl
      """)

  @Option(help: "The model: a name of the book or a checkpoint folder.")
  var model: String

  @Option(help: "A file with one {\"text\": …} per line.")
  var jsonl: String?

  @Option(help: "The folder that holds layerbook.yaml, or 'none'.")
  var book: String?

  @Argument(help: "The text.")
  var text: String?

  func validate() throws {
    if (text == nil) == (jsonl == nil) { throw ValidationError("give either a text or --jsonl FILE") }
  }

  func run() throws {
    do {
      let tokenizer = try Tokenizer.load(directory: try CheckpointArgument.directory(model, book: book))
      if let text {
        print(JSON.write(.ints(try tokenizer.encode(text))))
        return
      }
      guard let jsonl else { return }
      let dataset = try Dataset(reading: DatasetEntry(name: jsonl, path: jsonl, format: .jsonl))
      for text in dataset.texts {
        print(JSON.write(.ints(try tokenizer.encode(text))))
      }
    } catch {
      throw Faults.failure(error)
    }
  }
}

/// `--model` where a checkpoint is needed.
enum CheckpointArgument {
  /// The checkpoint folder of a name of the book, or the folder itself.
  static func directory(_ model: String, book: String?) throws -> String {
    if isDirectory(model) { return model }
    let options = try BookOptions.parse(book.map { ["--book", $0] } ?? [])
    let loaded = try options.load()
    guard let entry = loaded.model(model) else { throw NameCheck.unknownModel(model, in: loaded) }
    if let directory = entry.checkpointDirectory(), isDirectory(directory) { return directory }
    if case .hub(let name, let revision) = entry.source {
      throw EngineError(
        "model '\(model)' is not in the local Hugging Face cache",
        hint: "get it with: \(HubCache.downloadCommand(for: name, revision: revision))")
    }
    throw EngineError("model '\(model)' has no checkpoint folder")
  }
}
