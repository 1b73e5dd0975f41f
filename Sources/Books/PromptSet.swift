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

  private static let example = "{\"prompt\": \"The capital of France is\", \"answer\": \"Paris\"}"

  /// Reads a dataset's file.
  ///
  /// - Throws: `BookError` naming the file, and the line that holds no prompt with an answer.
  public init(reading entry: DatasetEntry) throws(BookError) {
    var prompts: [Prompt] = []
    for (number, value) in try entry.jsonLines(of: "prompts with answers", example: Self.example) {
      let text = value["prompt"]?.stringValue ?? value["prompts"]?.arrayValue?.first?.stringValue
      guard let text, let answer = value["answer"]?.stringValue else {
        throw BookError(
          "dataset '\(entry.name)': line \(number) of '\(entry.path)' has no prompt with an answer",
          hint: "each line: " + Self.example)
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
