import Analyses
import Books
import JSONText
import Results
import Transformers

/// The triggers of every neuron as the store keeps them: one search for all views that ask for the same texts.
struct MemoryTriggers {
  /// The triggers by each order.
  var tables: [TriggerSign: TriggerTable]
  /// The texts that were searched.
  var texts: Int
  /// Their prefixes.
  var prefixes: Int

  subscript(sign: TriggerSign) -> TriggerTable { tables[sign] ?? TriggerTable(sign, triggers: [], tiedFirst: []) }
}

extension Workbench {
  /// The texts of a question with their prefixes numbered.
  func memoryCorpus(of question: Question) throws -> PrefixCorpus {
    try question.requireTexts()
    let selection = SampleSelection(
      texts: question[MemoryKeys.texts], position: .all, maxTokens: question[SampleKeys.maxTokens], seed: 0)
    let samples = try samples(
      of: question, StatesRequest(selection: selection, takesFewer: !question.bound.isGiven(MemoryKeys.texts)))
    // Numbers of texts are kept as Float, which counts exactly so far.
    guard samples.count < 1 << 24 else { throw EngineError("at most 16,777,215 texts can be searched", hint: "set n=") }
    let special = try question.subject.tokenizer().specialTokens
    let corpus = PrefixCorpus(
      samples.map(\.ids), beginning: special.bos ?? special.cls,
      isCausal: try !question.subject.model().configuration.isBidirectional)
    guard corpus.count > 0 else { throw EngineError("the dataset has no text of two tokens") }
    return corpus
  }

  /// The triggers of every neuron over a question's texts.
  ///
  /// - Parameters:
  ///   - wanted: how many of each neuron; more may be there.
  ///   - takesMasked: whether a model that sees what follows a prefix will do.
  func memoryTriggers(of question: Question, wanted: Int, takesMasked: Bool = false) throws -> MemoryTriggers {
    if !takesMasked { try question.requireCausal() }
    let capacity = MemoryKeys.capacity(wanted)
    let stored = try kept(triggersKey(of: question, capacity), kind: .triggers) {
      let corpus = try memoryCorpus(of: question)
      let tables =
        try merged(triggerPass(of: question, corpus, capacity))?.tables(in: corpus, count: capacity)
        ?? question.subject.model().triggers(in: corpus, count: capacity, options: searchOptions(of: question))
      return try KeptTriggers(tables, capacity, corpus).stored(tables)
    }
    return try KeptTriggers.restored(stored)
  }

  /// The search for triggers on its way through a question's texts.
  fileprivate func triggerPass(
    of question: Question, _ corpus: PrefixCorpus, _ capacity: Int
  ) throws -> CorpusPass<TriggerCandidates> {
    let (model, key) = (try question.subject.model(), try triggersKey(of: question, capacity))
    let c = model.configuration
    return CorpusPass(
      EngineIdentity("memory-triggers", version: 1), whole: ["whole": .string(key.hex)],
      lengths: corpus.searched.map { c.isBidirectional && !$0.positions.isEmpty ? $0.ids.count : $0.causalLength },
      isKept: store?.lookup(key, kind: .triggers, check: .valueOnly) != nil,
      nothing: TriggerCandidates(blocks: c.blocks, neurons: c.ffnWidth)
    ) { [self] texts in
      try model.triggerCandidates(in: corpus, part: texts, count: capacity, options: searchOptions(of: question))
    }
  }

  private func triggersKey(of question: Question, _ capacity: Int) throws -> ResultKey {
    try memoryKey("memory-triggers", of: question, ["count": .int(capacity)])
  }

  private func searchOptions(of question: Question) -> CaptureOptions {
    let (monitor, activity) = (monitor, "searching \(question.subject.entry.name)")
    return CaptureOptions(memory: memory / 2, progress: { monitor.progress(activity, $0.blocksDone, $0.blocks) })
  }

  /// The key of something that is made of a question's texts.
  func memoryKey(_ engine: String, of question: Question, _ settings: JSONObject) throws -> ResultKey {
    guard let entry = question.dataset else { throw EngineError("no dataset was named") }
    let inputs: JSONObject =
      [
        "engine": .string(engine), "engine_version": 1, "model": .string(try question.subject.identity().digest),
        "dataset": .string(try identity(of: entry).digest), "texts": .int(question[MemoryKeys.texts]),
        "exactly": .bool(question.bound.isGiven(MemoryKeys.texts)), "max_tokens": .int(question[SampleKeys.maxTokens]),
        "numeric": "float32",
      ]
    return ResultKey(inputs: inputs.merging(settings))
  }

  /// What the values of all neurons promote, kept as long as model and norm are the same.
  ///
  /// - Parameter triggers: where given, the ranks of the tokens after each neuron's first trigger.
  func memoryValues(
    of question: Question, _ norm: ProjectionNorm, ranking triggers: MemoryTriggers? = nil
  ) throws -> ValueReadings {
    let key: ResultKey
    if triggers != nil {
      key = try memoryKey(
        "memory-ranks", of: question,
        ["norm": .string(norm.rawValue), "sign": .string(question[MemoryKeys.sign].rawValue)])
    } else {
      key = ResultKey(inputs: [
        "engine": "memory-values", "engine_version": 1, "model": .string(try question.subject.identity().digest),
        "norm": .string(norm.rawValue), "numeric": "float32",
      ])
    }
    return try kept(key, kind: ResultKind("values"), "the readings of values") {
      let tokens = triggers.map { found in
        found[question[MemoryKeys.sign]].triggers.map { $0.map { Int($0.first?.next ?? 0) } }
      }
      return try question.subject.model().readValues(norm, tokens: tokens)
    }
  }
}

extension Question {
  /// What captions state of a search.
  func facts(of found: MemoryTriggers) throws -> Facts {
    let c = try subject.model().configuration
    return Facts(
      blocks: c.blocks, width: c.width, family: subject.family, texts: found.texts, positions: found.prefixes,
      position: "prefixes")
  }
}

extension ResultKind {
  /// The triggers of all neurons.
  fileprivate static let triggers = ResultKind("triggers")
}

/// A view of the triggers of neurons.
protocol MemorySearchView: MemoryView, CorpusView where Seen == TriggerCandidates {
  /// How many triggers of each neuron it reads.
  func wanted(by question: Question) -> Int
}

extension MemorySearchView {
  func corpusPass(of question: Question, on bench: Workbench) throws -> CorpusPass<TriggerCandidates> {
    if needs(question.bound).contains(.causal) { try question.requireCausal() }
    return try bench.triggerPass(
      of: question, bench.memoryCorpus(of: question), MemoryKeys.capacity(wanted(by: question)))
  }
}

/// What the store keeps of a search beside the triggers themselves.
private struct KeptTriggers: Codable {
  var blocks: Int
  var neurons: Int
  var capacity: Int
  var texts: Int
  var prefixes: Int

  init(_ tables: [TriggerSign: TriggerTable], _ capacity: Int, _ corpus: PrefixCorpus) {
    blocks = tables[.absolute]?.triggers.count ?? 0
    neurons = tables[.absolute]?.neurons ?? 0
    self.capacity = capacity
    (texts, prefixes) = (corpus.texts.count, corpus.count)
  }

  private static let absent: Float = -1

  /// One place for each trigger a neuron may have; a missing one has text −1.
  func stored(_ tables: [TriggerSign: TriggerTable]) throws -> StoredResult {
    var blobs: [Blob] = []
    for sign in TriggerSign.allCases {
      guard let table = tables[sign] else { continue }
      func floats(_ value: (Trigger) -> Float) -> [Float] {
        table.triggers.flatMap { block in
          block.flatMap { triggers in
            triggers.map(value) + [Float](repeating: Self.absent, count: capacity - triggers.count)
          }
        }
      }
      blobs.append(Blob(name: "\(sign.rawValue).text", floats: floats { Float($0.text) }))
      blobs.append(Blob(name: "\(sign.rawValue).position", floats: floats { Float($0.position) }))
      blobs.append(Blob(name: "\(sign.rawValue).next", floats: floats { Float($0.next) }))
      blobs.append(Blob(name: "\(sign.rawValue).coefficient", floats: floats(\.coefficient)))
      blobs.append(Blob(name: "\(sign.rawValue).tied", floats: table.tiedFirst.flatMap { $0.map { $0 ? 1 : 0 } }))
    }
    return StoredResult(value: try JSON.encode(self), blobs: blobs)
  }

  static func restored(_ stored: StoredResult) throws -> MemoryTriggers {
    guard let kept = try? JSON.decode(KeptTriggers.self, from: stored.value) else {
      throw EngineError.unreadable("triggers")
    }
    var found = MemoryTriggers(tables: [:], texts: kept.texts, prefixes: kept.prefixes)
    for sign in TriggerSign.allCases { found.tables[sign] = try kept.table(sign, in: stored) }
    return found
  }

  private func table(_ sign: TriggerSign, in stored: StoredResult) throws -> TriggerTable {
    func floats(_ name: String, _ count: Int) throws -> [Float] {
      guard let floats = try stored[blob: "\(sign.rawValue).\(name)"]?.floats(), floats.count == count else {
        throw EngineError("triggers in the store are incomplete", hint: "layerbook cache verify")
      }
      return floats
    }
    let count = blocks * neurons * capacity
    let (text, position) = (try floats("text", count), try floats("position", count))
    let (next, coefficient) = (try floats("next", count), try floats("coefficient", count))
    let tied = try floats("tied", blocks * neurons)
    // A file may hold any number: what is no count becomes the absent one.
    func whole(_ value: Float) -> Int32 { Int32(exactly: value) ?? -1 }
    return TriggerTable(
      sign,
      triggers: (0..<blocks).map { block in
        (0..<neurons).map { neuron in
          let first = (block * neurons + neuron) * capacity
          return (first..<first + capacity).filter { text[$0] >= 0 }.map {
            Trigger(
              text: whole(text[$0]), position: whole(position[$0]), next: whole(next[$0]), coefficient: coefficient[$0])
          }
        }
      }, tiedFirst: (0..<blocks).map { block in (0..<neurons).map { tied[block * neurons + $0] != 0 } })
  }
}
