import Books
import Files
import JSONText
import Tokenizers
import Training
import Transformers

/// `layerbook train`: a language model out of a config.json and texts, as a checkpoint.
public struct LanguageModelJob {
  /// A folder with config.json and the tokenizer's files; its weights, where it has any, are begun with if `isFresh` is
  /// false.
  public var source: String
  /// Whether weights are drawn at random.
  public var isFresh: Bool
  /// A dataset: a name of the book or a file.
  public var dataset: String?
  /// How many of its texts train; nil for all.
  public var texts: Int?
  public var length: Int
  public var seed: Int
  public var settings: TrainingSettings

  public init(
    source: String, isFresh: Bool, dataset: String?, texts: Int?, length: Int, seed: Int, settings: TrainingSettings
  ) {
    (self.source, self.isFresh, self.dataset, self.texts) = (source, isFresh, dataset, texts)
    (self.length, self.seed, self.settings) = (length, seed, settings)
  }

  /// Prepares a run, or takes one up again.
  ///
  /// Decoders learn the next token, masked models hidden tokens.
  ///
  /// - Throws: `EngineError`, `TrainingError`, or the error of a file or a model.
  public func prepare(to directory: String, resumes: Bool, on bench: Workbench) throws -> TrainingJob {
    if !resumes { try AtomicFolder.requireRoom(at: directory) }
    let entry = try bench.datasetEntry(dataset ?? bench.book.defaultDataset, for: "train")
    let scratch = try ScratchFolder()
    if isFresh {
      try scratch.fill { try FreshCheckpoint.write(from: source, to: $0, seed: seed) }
    }
    let model = try Model.open(isFresh ? scratch.path : source)
    let tokenizer = try Tokenizer.load(directory: model.directory)
    let found = try bench.usableTexts(of: entry)
    try entry.requireTexts(found.count, wanted: texts, remedy: "lower -n")
    let windows = try TrainingTexts(
      of: found.prefix(texts ?? found.count), tokenizer, length: min(length, model.configuration.context), seed: seed)
    let trainer = try Trainer(model, objective(model, tokenizer), windows, settings, keeping: bench.memory / 2)
    return try TrainingJob(
      trainer, settings: recorded(model), inputs: try inputs(entry, on: bench), to: directory, resumes: resumes,
      keeping: scratch)
  }

  private func objective(_ model: Model, _ tokenizer: Tokenizer) throws -> LanguageModelling {
    guard model.configuration.isBidirectional else { return LanguageModelling() }
    let special = tokenizer.specialTokens
    guard let mask = special.mask else {
      throw EngineError("the tokenizer in '\(source)' names no mask token, and a masked model learns hidden tokens")
    }
    let others = [special.bos, special.eos, special.cls, special.sep, special.pad, special.unk, mask]
    return LanguageModelling(masking: .init(mask: mask, special: Set(others.compactMap { $0 }), seed: seed))
  }

  private func recorded(_ model: Model) -> JSONObject {
    [
      "objective": model.configuration.isBidirectional ? "masked tokens" : "next token", "optimizer": "AdamW",
      "schedule": "cosine", "begins_with": isFresh ? "random weights" : "a checkpoint", "steps": .int(settings.steps),
      "batch": .int(settings.batch), "length": .int(length), "n": texts.map { .int($0) } ?? .null,
      "rate": .double(settings.learningRate), "warmup": .int(settings.warmup),
      "decay": .double(settings.optimizer.weightDecay), "clip": .double(settings.clip ?? 0), "seed": .int(seed),
    ]
  }

  private func inputs(_ entry: DatasetEntry, on bench: Workbench) throws -> JSONObject {
    let files = ["config.json", "tokenizer.json"] + (isFresh ? [] : ["model.safetensors"])
    var inputs: JSONObject = ["dataset": .string(try bench.identity(of: entry).digest)]
    for name in files where isFile(source + "/" + name) {
      inputs[name] = .string(try sha256(ofFile: source + "/" + name).hex)
    }
    return inputs
  }
}
