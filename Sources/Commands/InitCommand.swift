import ArgumentParser
import Files

/// `layerbook init`: a first book and a template that can be rendered as they are.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a first book: layerbook.yaml, a template, a few texts and numbers.",
    discussion: """
      Examples:
        layerbook init mybook
        layerbook init mybook --model path/to/checkpoint
        layerbook render --book mybook
      """)

  @Argument(help: "The folder; made where it is missing.")
  var folder: String

  @Option(help: "A checkpoint folder, or a name on the hub such as openai-community/gpt2.")
  var model: String?

  func validate() throws {
    try PathOptions.check("DIR", folder)
    try PathOptions.check("--model", model)
  }

  func run() throws {
    let files = FirstBook(model: model.map(Self.source)).files
    do {
      for file in files where (try? fileStatus(folder + "/" + file.name)) != nil {
        throw CommandFailure(
          code: .failed, message: "error: '\(folder)/\(file.name)' is there already\n  hint: name another folder")
      }
      try createDirectory(folder)
      for file in files { try AtomicFile.write(Array(file.text.utf8), to: folder + "/" + file.name) }
    } catch { throw Faults.failure(error) }
    for file in files { print("\(folder)/\(file.name)") }
    print("\nnext: layerbook render --book \(folder)")
  }

  /// `path: …` of a folder that is there, `hub: …` of anything else; a path is the book's to read, so it is whole.
  private static func source(_ model: String) -> String {
    isDirectory(model) ? "path: \"\(absolutePath(model))\"" : "hub: \"\(model)\""
  }
}

/// The files of a first book.
struct FirstBook {
  /// Where its model's numbers come from, as the book writes it; nil for a book without a model.
  let model: String?

  var files: [(name: String, text: String)] {
    [("layerbook.yaml", book), ("first.md", template), ("texts.txt", Self.texts), ("results.csv", Self.results)]
  }

  private var book: String {
    let models = model.map { "models:\n  mine: {\($0)}\n" } ?? "# models:\n#   mine: {path: path/to/checkpoint}\n"
    let defaults = model == nil ? "{dataset: texts, seed: 42}" : "{model: mine, dataset: texts, seed: 42}"
    return """
      # What templates may name; paths are relative to this file.
      \(models)datasets:
        texts: {path: texts.txt, format: lines}
      defaults: \(defaults)

      """
  }

  private var template: String {
    let own = """
      ---
      title: A first report
      ---

      ## Numbers of one's own

      Model a reaches <<value table.columns.accuracy[3] results.csv digits=2>> at the last depth.

      <<plot results.csv x=depth y=accuracy by=model id=fig-accuracy>>

      <<table results.csv caption="The numbers behind [Figure 1](#fig-accuracy).">>

      """
    guard model != nil else { return own }
    return own + """

      ## A model

      The movement of its states dies down with a score of <<value convergence.score>>.

      <<convergence>>

      """
  }

  private static let texts = """
    The river rises in the hills and reaches the sea after two days.
    She opened the window because the room was warm.
    Nobody had seen the letter before it was read aloud.
    A triangle with three equal sides has three equal angles.
    The train to the coast leaves at seven in the morning.
    After the rain the street smelled of dust and leaves.
    He counted the coins twice and put them back into the jar.
    The library closes early on the first day of the month.

    """

  private static let results = """
    model,depth,accuracy
    a,0,0.12
    a,1,0.34
    a,2,0.71
    a,3,0.93
    b,0,0.10
    b,1,0.22
    b,2,0.48
    b,3,0.90

    """
}
