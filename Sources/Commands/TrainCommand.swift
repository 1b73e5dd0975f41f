import ArgumentParser
import Blocks
import Books
import Files
import Training

/// `layerbook train`: a language model as a checkpoint.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a language model on texts, and write it as a checkpoint.",
    discussion: """
      --config names a folder with config.json and the tokenizer's files: weights are drawn at random. --model begins with a
      checkpoint's weights instead. Decoders learn the next token, masked models hidden tokens (15 % of them: 80 % of those
      show the mask, 10 % another token). AdamW under a cosine schedule. The folder is an ordinary checkpoint in F32 that
      transformers loads; its metadata and training.json say how it was made. Ctrl-C leaves the checkpoint of the last step
      and all that --resume needs to go on to the same bits as if the run had not stopped.

      Examples:
        layerbook train --config my-model --dataset texts.txt --out trained --steps 2000 --rate 1e-3 --warmup 100
        layerbook train --config my-model --dataset texts.txt --out trained --steps 2000 --rate 1e-3 --warmup 100 --resume
        layerbook train --model trained --dataset other.txt --out tuned --steps 200 --rate 1e-4
      """)

  @Option(help: "A folder with config.json and the tokenizer's files, to begin with random weights.")
  var config: String?

  @Option(help: "A checkpoint to begin with: a name of the book or a folder.")
  var model: String?

  @Option(help: "The texts that train: a name of the book or a file. Default: the book's.")
  var dataset: String?

  @OptionGroup var training: TrainingRunOptions

  @Option(help: "How many steps.") var steps = 1000
  @Option(help: "Texts of a step.") var batch = 16
  @Option(help: "Tokens of a window; a longer text is cut into several.") var length = 128
  @Option(name: .customShort("n"), help: "Texts that train: the first ones. Default: all.") var texts: Int?
  @Option(help: "The largest learning rate; it falls along half a cosine to 0.") var rate = 1e-3
  @Option(help: "Steps over which the rate rises from 0.") var warmup = 0
  @Option(help: "Weight decay.") var decay = 0.01
  @Option(help: "The largest norm of all gradients together; 0 for any.") var clip = 1.0
  @Option(help: "The seed of the weights and of the order of texts.") var seed = 42

  @OptionGroup var options: BookOptions

  func validate() throws {
    guard (config == nil) != (model == nil) else { throw ValidationError("give either --config or --model") }
    func require(_ isGood: Bool, _ what: String) throws { if !isGood { throw ValidationError(what) } }
    try require(steps > 0 && batch > 0 && (texts ?? 1) > 0, "--steps, --batch and -n must be above 0")
    try require(length > 1, "--length must be above 1: one token predicts nothing")
    try require(rate > 0 && rate <= 10, "--rate must be above 0 and at most 10")
    try require(warmup >= 0 && warmup <= steps, "--warmup must be between 0 and --steps")
    try require((0...10).contains(decay), "--decay must be between 0 and 10")
    try require(clip >= 0 && clip.isFinite, "--clip must be 0 or above")
    try require(seed >= 0, "--seed must be 0 or above")
  }

  func run() throws {
    let book = try options.load()
    try NameCheck.dataset(dataset, in: book)
    if let model { try NameCheck.model(model, in: book) }
    do {
      let bench = options.bench(book)
      let job = try LanguageModelJob(
        source: source(bench), isFresh: config != nil, dataset: dataset, texts: texts, length: length, seed: seed,
        settings: settings
      ).prepare(to: training.out, resumes: training.resume, on: bench)
      try TrainingLoop(job, minutesBetweenSaves: training.saveEvery).run()
    } catch {
      throw Faults.failure(error)
    }
  }

  private func source(_ bench: Workbench) throws -> String {
    if let config { return config }
    return try bench.subject(model ?? "").model().directory
  }

  private var settings: TrainingSettings {
    var settings = TrainingSettings(steps: steps, batch: batch, learningRate: rate)
    settings.warmup = warmup
    settings.optimizer.weightDecay = decay
    settings.clip = clip > 0 ? clip : nil
    return settings
  }
}
