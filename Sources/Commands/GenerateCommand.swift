import ArgumentParser
import Blocks
import Books
import JSONText
import Markup

/// `layerbook generate`: a prompt continued with early exit, beside full decoding.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Continue a prompt with early exit: tokens, the layer each left at, agreement and speed.",
    discussion: """
      After each block the state is read as logits, and the token is taken from it where the gap between the two largest
      probabilities exceeds 0.9 λ + 0.1 exp(-4 t / N). Blocks that are skipped still get keys and values, from the state the
      token left with. Tokens per second are of this machine and this run, and no part of any stored result.

      Examples:
        layerbook generate --model atlas-llama --exit 0.9 'Bruno was born in'
        layerbook generate --model atlas-gpt2 --exit 0.9 --lens mat --dataset atlas 'Bruno was born in'
        layerbook generate --model atlas-llama --exit 0.8 --at 6,9 --tokens 60 --format json 'Bruno was born in'
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "The model: a name of the book or a checkpoint folder.")
  var model: String

  @Option(help: "λ of the exit rule; from 1.112 on no token leaves early.")
  var exit: Double = 0.9

  @Option(help: "How many tokens are decoded, at most.")
  var tokens: Int = 40

  @Option(help: "How a state is read: id, as it is; mat, through a map to the last state.")
  var lens: String = "id"

  @Option(help: "--lens mat: the texts that fit the maps, a name of the book or a file. Default: the book's.")
  var dataset: String?

  @Option(help: "The depths after which the rule is tested, such as 6,9. Default: all.")
  var at: String?

  @Option(help: "text or json.")
  var format: Format = .text

  @Argument(help: "The prompt.")
  var prompt: String

  @OptionGroup var options: BookOptions

  func validate() throws {
    if prompt.isEmpty { throw ValidationError("the prompt is empty") }
  }

  func run() throws {
    let book = try options.load()
    var line = DirectiveLine("generate")
    // A directive stands on one line; a prompt may have several, and takes the place of this one below.
    line.add("prompt", "…")
    line.add("exit", JSON.write(.double(exit)))
    line.add("tokens", "\(tokens)")
    line.add("lens", lens)
    line.add("at", at)
    line.add("dataset", dataset ?? (lens == "mat" ? book.defaultDataset : nil))
    var bound = try line.bind(in: book, model: model, dataset: dataset)
    bound.values["prompt"] = .text(prompt)
    bound = bound.asking(model, schema: Block.generate.schema)
    do {
      let bench = options.bench(book)
      let answer = try Evaluator(bench: bench).evaluate(bound)
      let speed = try bench.generation(bound).speed()
      ProgressLine.shared.clear()
      print(format == .json ? Self.json(answer, speed) : Self.text(answer, speed))
    } catch {
      throw Faults.failure(error)
    }
  }

  private static func json(_ answer: Evaluation, _ speed: GenerationSpeed) -> String {
    var object = answer.json.objectValue ?? JSONObject()
    object["tokens_per_second"] = ["exit": .double(speed.exit), "full": .double(speed.full)]
    return JSON.write(.object(object), pretty: true)
  }

  private static func text(_ answer: Evaluation, _ speed: GenerationSpeed) -> String {
    let result = answer.result
    let tokens = result["tokens"]?.arrayValue?.compactMap(\.stringValue) ?? []
    let layers = result["exit_layer"]?.arrayValue?.compactMap(\.intValue) ?? []
    let full = result["cost"]?["full"]?.doubleValue ?? 0
    let exit = result["cost"]?["exit"]?.doubleValue ?? 0
    func words(_ name: String) -> String { result[name]?.stringValue ?? "" }
    func percent(_ name: String) -> String {
      result[name]?.doubleValue.map { NumberText.percent($0, decimals: 1) } ?? NumberText.undefined
    }
    let common = result["common"]?.intValue ?? 0
    var lines = [words("prompt") + words("text"), "", "blocks  token"]
    lines += zip(layers, tokens).map { layer, token in
      let number = "\(layer)"
      return String(repeating: " ", count: max(0, 6 - number.count)) + number + "  " + JSON.write(.string(token))
    }
    lines += [
      "",
      "mean blocks       \(NumberText.fixed(result["mean_layers"]?.doubleValue, decimals: 2)) of \(answer.facts.blocks)",
      "agreement         \(percent("agreement")) (the full model's choice after the same tokens)",
      "full decoding     \(JSON.write(.string(words("full_text")))), the same for \(common) of \(tokens.count) tokens",
      "multiply-adds     \(NumberText.integer(Int(exit))) per token, \(NumberText.integer(Int(full))) in full",
      "tokens per second \(NumberText.fixed(speed.exit, decimals: 0)), \(NumberText.fixed(speed.full, decimals: 0)) in full (this machine, this run)",
    ]
    return lines.joined(separator: "\n")
  }
}
