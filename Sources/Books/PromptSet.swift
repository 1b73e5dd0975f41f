import Files
import JSONText
import Tensors

/// Prompts with the answers that belong after them, from a file of one JSON object a line: `answer`, and `prompt` or
/// several `prompts`, of which the first counts.
public struct PromptSet: Sendable {
  /// One prompt.
  public struct Prompt: Hashable, Sendable {
    /// The text up to the answer, without the space before it.
    public var text: String
    /// The answer, without a space before it.
    public var answer: String
  }

  /// In the order of the entry: shuffled and cut as it says.
  public let prompts: [Prompt]

  /// Reads a dataset's file.
  ///
  /// - Throws: `BookError` naming the file, and the line that holds no prompt with an answer.
  public init(reading entry: DatasetEntry) throws(BookError) {
    let bytes: [UInt8]
    do { bytes = try readFile(entry.path) } catch {
      throw BookError("cannot read dataset '\(entry.name)': \(error)", hint: "check its path in layerbook.yaml")
    }
    guard entry.format == .jsonl else {
      throw BookError(
        "dataset '\(entry.name)' is read as \(entry.format.rawValue), and prompts with answers stand one JSON object a line",
        hint: "{\"prompt\": \"The capital of France is\", \"answer\": \"Paris\"}, and format: jsonl in layerbook.yaml")
    }
    var prompts: [Prompt] = []
    for (number, line) in try Dataset.lines(of: bytes, entry: entry) {
      let value = try Dataset.parse(Array(line.utf8), entry, "line \(number)")
      let text = value["prompt"]?.stringValue ?? value["prompts"]?.arrayValue?.first?.stringValue
      guard let text, let answer = value["answer"]?.stringValue else {
        throw BookError(
          "dataset '\(entry.name)': line \(number) of '\(entry.path)' has no prompt with an answer",
          hint: "each line: {\"prompt\": \"The capital of France is\", \"answer\": \"Paris\"}")
      }
      prompts.append(Prompt(text: text, answer: answer))
    }
    if let seed = entry.shuffle {
      var stream = RandomStream(seed: seed, stream: "dataset.shuffle")
      stream.shuffle(&prompts)
    }
    self.prompts = entry.take.map { Array(prompts.prefix($0)) } ?? prompts
  }
}
