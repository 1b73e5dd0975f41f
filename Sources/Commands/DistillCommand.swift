import ArgumentParser
import Blocks
import Books

/// `layerbook distill`: a model trained to settle, as a checkpoint.
struct DistillCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "distill",
    abstract: "Train a model's hidden states to settle, and write it as a checkpoint.",
    discussion: """
      Self-distillation: every layer's prediction is pulled towards the output of the model as it was (L1), and every
      layer's movement towards nothing (L2), by AdamW under a cosine schedule. The folder is an ordinary checkpoint in F32
      that transformers loads; its metadata and training.json say how it was made. Ctrl-C leaves the checkpoint of the last
      step and all that --resume needs to go on to the same bits as if the run had not stopped.

      Examples:
        layerbook distill --model atlas-llama --dataset atlas --out settled --steps 200 --rate 3e-4
        layerbook distill --model atlas-llama --dataset atlas --out settled --steps 200 --rate 3e-4 --resume
        layerbook ask --book none --model ./settled --dataset texts.txt '<<convergence>>'
      """)

  @Option(help: "The model: a name of the book or a checkpoint folder.")
  var model: String

  @Option(help: "The texts that train: a name of the book or a file. Default: the book's.")
  var dataset: String?

  @OptionGroup var training: TrainingRunOptions

  @Option(help: "How many steps.") var steps: Int?
  @Option(help: "Texts of a step.") var batch: Int?
  @Option(help: "Tokens of a window; a longer text is cut into several.") var length: Int?
  @Option(help: "Texts that train: the first ones.") var train: Int?
  @Option(help: "The largest learning rate.") var rate: Double?
  @Option(help: "Steps over which the rate rises from 0.") var warmup: Int?
  @Option(help: "Weight decay.") var decay: Double?
  @Option(help: "The largest norm of all gradients together; 0 for any.") var clip: Double?
  @Option(help: "Which way the divergence is taken: forward or reverse.") var kl: String?
  @Option(help: "What is held constant: none or denominator.") var detach: String?
  @Option(help: "Between a layer's state and the unembedding: recompute or none.") var norm: String?
  @Option(help: "The weight of L2 against L1.") var lambda: Double?
  @Option(help: "How steeply later layers weigh more.") var gamma: Double?
  @Option(help: "The seed of the order of texts. Default: the book's.") var seed: Int?

  @OptionGroup var options: BookOptions

  func run() throws {
    let book = try options.load()
    let bound = try line.bind(in: book, model: model, dataset: dataset)
    do {
      let job = try DistillJob.prepare(bound, to: training.out, resumes: training.resume, on: options.bench(book))
      try TrainingLoop(job, minutesBetweenSaves: training.saveEvery).run()
    } catch {
      throw Faults.failure(error)
    }
  }

  private var line: DirectiveLine {
    var line = DirectiveLine("distill")
    line.add("train")
    let numbers: [(String, Int?)] = [
      ("steps", steps), ("batch", batch), ("length", length), ("train", train), ("warmup", warmup), ("seed", seed),
    ]
    for (key, value) in numbers { line.add(key, value.map { "\($0)" }) }
    let measures: [(String, Double?)] = [
      ("rate", rate), ("decay", decay), ("clip", clip), ("lambda", lambda), ("gamma", gamma),
    ]
    for (key, value) in measures { line.add(key, value.map { "\($0)" }) }
    line.add("kl", kl)
    line.add("detach", detach)
    line.add("norm", norm)
    return line
  }
}
