import Books
import JSONText
import Results
import Tensors
import Transformers

/// The residual-stream states of a sample: what most engines start from.
public struct SampledStates: Sendable {
  /// `h_0 … h_L` before the final norm, each `[positions, d]`.
  public var states: [Matrix]
  /// Token position of each row within its text.
  public var positions: [Int]
  /// Texts the rows come from; nil where a states file does not tell.
  public var texts: Int?
  /// Position mode of the sample.
  public var mode: String
  /// Digest of the states themselves, part of the key of whatever is fitted to them: where other inputs gave the same
  /// states, nothing above them is computed again.
  public var digest: String

  /// Blocks of the model, L.
  public var blocks: Int { states.count - 1 }
  /// Width of the residual stream, d.
  public var width: Int { states[0].columns }

  /// The facts a caption states.
  func facts(family: String?, split: Facts.Split? = nil) -> Facts {
    Facts(
      blocks: blocks, width: width, family: family, texts: texts, positions: positions.count, position: mode,
      split: split)
  }
}

/// Which rows of a sample an engine asks for.
public struct StatesRequest: Sendable {
  /// Which texts and positions.
  public var selection: SampleSelection
  /// Whether fewer texts than asked for are good enough: so where `n` was not written by the author.
  public var takesFewer: Bool
  /// What to do where there are fewer: in the words of whoever asks, a directive or a command.
  public var remedy: String

  public init(
    selection: SampleSelection, takesFewer: Bool, remedy: String = "lower n=, or train= and test="
  ) {
    self.selection = selection
    self.takesFewer = takesFewer
    self.remedy = remedy
  }
}

extension Workbench {
  /// The states of a sample, captured once and kept in the store.
  func states(of question: Question, _ request: StatesRequest) throws -> SampledStates {
    if let file = question.subject.statesFile { return try readStates(file, question, request) }
    guard let entry = question.dataset else { throw EngineError("no dataset was named") }
    let key = try captureKey(question.subject, entry, request)
    if let known = statesMemory[key.hex] { return try checked(known, request, entry) }
    let result = try kept(key, kind: .states) { try capture(question, request.selection) }
    let states = try Self.restored(result, mode: request.selection.position.rawValue)
    statesMemory[key.hex] = states
    return try checked(states, request, entry)
  }

  /// What decides which states a sample has.
  func captureKey(_ subject: Subject, _ entry: DatasetEntry, _ request: StatesRequest) throws -> ResultKey {
    ResultKey(inputs: [
      "engine": "capture", "engine_version": 2, "model": .string(try subject.identity().digest),
      "dataset": .string(try identity(of: entry).digest), "texts": .int(request.selection.texts),
      "position": .string(request.selection.position.rawValue), "max_tokens": .int(request.selection.maxTokens),
      "seed": .int(request.selection.seed), "numeric": "float32",
    ])
  }

  /// Digest and rows of a question's states where they are at hand, without reading them; nil where they are not.
  func shape(of question: Question, _ request: StatesRequest) throws -> StatesShape? {
    if let file = question.subject.statesFile { return try shape(ofFile: file, question, request) }
    guard let entry = question.dataset, let store else { return nil }
    let key = try captureKey(question.subject, entry, request)
    guard let found = store.lookup(key, kind: .states, check: .valueOnly),
      let kept = try? JSON.decode(KeptSample.self, from: found.value)
    else { return nil }
    return StatesShape(digest: found.valueDigest.hex, rows: kept.positions.count)
  }

  /// Two questions with the same key want the same states, and the same is wrong with them.
  func sampleKey(of question: Question, _ request: StatesRequest) throws -> String {
    let strictness = request.takesFewer ? "or fewer" : "exactly"
    guard let entry = question.dataset, question.subject.statesFile == nil else {
      return "\(try question.subject.identity().digest) \(request.selection) \(strictness)"
    }
    return try captureKey(question.subject, entry, request).hex + " " + strictness
  }

  /// The sampled texts of a question, at most as many as it asks for.
  func samples(of question: Question, _ request: StatesRequest) throws -> [SampledText] {
    guard let entry = question.dataset else { throw EngineError("no dataset was named") }
    return try samples(of: question.subject, entry, request)
  }

  /// The sampled texts of a dataset as a model's tokenizer cuts them.
  func samples(of subject: Subject, _ entry: DatasetEntry, _ request: StatesRequest) throws -> [SampledText] {
    let model = try subject.model()
    let tokenizer = try subject.tokenizer()
    let sampler = Sampler(
      tokenizer: tokenizer,
      special: .init(
        beginning: tokenizer.specialTokens.bos ?? tokenizer.specialTokens.cls,
        end: tokenizer.specialTokens.eos ?? tokenizer.specialTokens.sep, mask: tokenizer.specialTokens.mask),
      isCausal: !model.configuration.isBidirectional)
    var selection = request.selection
    selection.maxTokens = min(selection.maxTokens, model.configuration.context)
    let samples = try sampler.sample(try dataset(entry).texts, selection)
    try check(samples.count, request, entry)
    return samples
  }

  private func check(_ found: Int, _ request: StatesRequest, _ entry: DatasetEntry) throws {
    try entry.requireTexts(
      found, wanted: request.takesFewer ? nil : request.selection.texts, remedy: request.remedy)
  }

  private func checked(
    _ states: SampledStates, _ request: StatesRequest, _ entry: DatasetEntry
  ) throws -> SampledStates {
    try check(states.texts ?? states.positions.count, request, entry)
    return states
  }

  private func capture(_ question: Question, _ selection: SampleSelection) throws -> StoredResult {
    let samples = try samples(of: question, StatesRequest(selection: selection, takesFewer: true))
    let states = try capture(samples, of: question.subject)
    let blobs = states.enumerated().map { Blob(name: "hidden.\($0.offset)", floats: $0.element.values) }
    return StoredResult(
      value: try JSON.encode(
        KeptSample(
          positions: samples.flatMap(\.positions), texts: samples.count, rows: states[0].rows,
          width: states[0].columns, states: states.count, digests: try blobs.map { try $0.digest().hex })),
      blobs: blobs)
  }

  /// Runs sampled texts through a model and keeps the states at their wanted positions.
  func capture(_ samples: [SampledText], of subject: Subject) throws -> [Matrix] {
    let model = try subject.model()
    let activity = "running \(subject.entry.name)"
    let monitor = self.monitor
    var options = CaptureOptions()
    options.memory = memory
    options.progress = { progress in monitor.progress(activity, progress.blocksDone, progress.blocks) }
    return try model.capture(samples.map { CaptureRequest(ids: $0.ids, positions: $0.positions) }, options: options)
  }
}

// MARK: - In the store

extension Workbench {
  private static func restored(_ result: StoredResult, mode: String) throws -> SampledStates {
    guard let kept = try? JSON.decode(KeptSample.self, from: result.value) else {
      throw EngineError.unreadable("captured states")
    }
    let states = try (0..<kept.states).map { index in
      guard let floats = try result[blob: "hidden.\(index)"]?.floats(), floats.count == kept.rows * kept.width else {
        throw EngineError("captured states in the store are incomplete", hint: "layerbook cache verify")
      }
      return Matrix(rows: kept.rows, columns: kept.width, values: floats)
    }
    return SampledStates(
      states: states, positions: kept.positions, texts: kept.texts, mode: mode, digest: result.valueDigest.hex)
  }
}

/// What the store keeps of a sample beside the states themselves.
private struct KeptSample: Codable {
  var positions: [Int]
  var texts: Int?
  var rows: Int
  var width: Int
  var states: Int
  /// With these the digest of the value tells whether the states are the same.
  var digests: [String]
}
