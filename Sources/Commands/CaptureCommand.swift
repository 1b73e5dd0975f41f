import ArgumentParser
import Blocks
import Books

/// `layerbook capture`: hidden states of a sample in a file.
struct CaptureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Write the hidden states of a sample to a file.",
    discussion: """
      The file is safetensors: hidden.0 … hidden.L, each [samples, d] before the final norm; position, next_token and
      token_ids.K. A book entry `states: FILE` reads it. An interrupted capture goes on at the block it had finished.

      Example:
        layerbook capture --model atlas-llama --dataset atlas --position last --n 1000 --out states.safetensors
      """)

  @Option(help: "The model: a name of the book or a checkpoint folder.")
  var model: String

  @Option(help: "The dataset: a name of the book or a file.")
  var dataset: String

  @Option(help: "last, eos, random, mask or all.")
  var position: PositionMode

  @Option(help: "How many texts: the first n usable ones. Default: all.")
  var n: Int?

  @Option(help: "Where a text is cut, in tokens.")
  var maxTokens: Int = 128

  @Option(help: "The seed of positions that are drawn. Default: the book's.")
  var seed: Int?

  @Option(help: "The file to write.")
  var out: String

  @OptionGroup var options: BookOptions

  func validate() throws {
    try PathOptions.check("--out", out)
    if let n, n < 1 { throw ValidationError("--n needs a number above 0, found \(n)") }
    if maxTokens < 1 { throw ValidationError("--max-tokens needs a number above 0, found \(maxTokens)") }
  }

  func run() throws {
    let book = try options.load()
    try NameCheck.model(model, in: book)
    try NameCheck.dataset(dataset, in: book)
    let selection = SampleSelection(
      texts: n ?? Int.max, position: position, maxTokens: maxTokens, seed: seed ?? book.defaultSeed)
    let store = options.storeDirectory(book)
    let job = CaptureJob(
      selection: selection, takesFewer: n == nil, journalDirectory: store.map { $0 + "/captures" })
    do {
      let written = try job.run(model: model, dataset: dataset, to: out, on: options.bench(book))
      ProgressLine.shared.clear()
      print("\(out)  \(written.texts) texts, \(written.positions) positions")
    } catch {
      throw Faults.failure(error)
    }
  }
}

extension PositionMode: ExpressibleByArgument {}
