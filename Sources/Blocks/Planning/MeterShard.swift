import Analyses
import Books
import JSONText
import Markup
import Results
import Transformers

/// Some texts of a sample whose states go through meters on their own.
///
/// It begins and ends where a chunk of the run does, so that its states have the bits they have in the whole, and what
/// meters keep of it adds up, in the order of the corpus, to what one pass would have kept.
struct MeterShard {
  /// Its place among the shards of the sample.
  var index: Int
  var texts: Range<Int>
  var samples: [SampledText]
  /// What decides the states of the whole sample.
  var sample: ResultKey

  /// The key of what a meter sees of it.
  func key(_ engine: EngineIdentity, _ settings: JSONObject) -> ResultKey {
    ResultKey(
      inputs: [
        "engine": .string(engine.name + "-shard"), "engine_version": .int(engine.version),
        "sample": .string(sample.hex), "first": .int(texts.lowerBound), "count": .int(texts.count),
        "meter": .object(settings), "numeric": "float32",
      ])
  }
}

extension ResultKind {
  /// What a meter saw of a part of a corpus.
  static let shard = ResultKind("shard")
}

extension Workbench {
  /// The shards of a sample: at most `shards`, of about as many positions each.
  func shards(_ samples: [SampledText], of question: Question, _ request: StatesRequest) throws -> [MeterShard] {
    guard let entry = question.dataset else { throw EngineError("no dataset was named") }
    let key = try captureKey(question.subject, entry, request)
    let lengths = samples.map(\.ids.count)
    let limit = max(1, (lengths.reduce(0, +) + shards - 1) / shards)
    return ModelRun.batches(lengths: lengths, limit: limit) { lengths[$0].reduce(0, +) }
      .enumerated().map { index, texts in
        MeterShard(index: index, texts: texts, samples: Array(samples[texts]), sample: key)
      }
  }

  /// What a view's meter sees of a shard: out of the store, or computed and kept.
  func seen<V: PassView>(by view: V, _ shard: MeterShard, of question: Question) throws -> [String: [Double]] {
    let key = shard.key(view.engine, view.meterSettings(of: question))
    let stored = try kept(key, kind: .shard) {
      var meter = try view.meter(for: question, blocks: try blocks(of: question.subject))
      try batches(shard.samples, of: question.subject) { meter.add($0) }
      return StoredResult(
        value: ["positions": .int(shard.samples.reduce(0) { $0 + $1.positions.count })],
        blobs: meter.series.sorted { $0.key < $1.key }.map { Blob(name: $0.key, doubles: $0.value) })
    }
    var seen: [String: [Double]] = [:]
    for blob in stored.blobs {
      guard let values = try blob.doubles() else { throw EngineError.unreadable("what a meter has seen") }
      seen[blob.name] = values
    }
    return seen
  }
}

extension PassView {
  func parts(of question: Question, on bench: Workbench) throws -> [WorkPart] {
    guard passes(question), question.subject.statesFile == nil else { return [] }
    let request = selection(of: question)
    // One state a text is captured once for all that want it; a meter goes over it in no time.
    guard request.selection.position == .all else {
      return try [bench.statesPart(of: question, request)].compactMap { $0 }
    }
    guard bench.shards > 1 else { return [] }
    let samples = try bench.samples(of: question, request)
    let shards = try bench.shards(samples, of: question, request)
    guard shards.count > 1 else { return [] }
    let whole = WorkEstimate.running(texts: samples.count, of: question, on: bench)
    return shards.map { shard in
      let key = shard.key(engine, meterSettings(of: question))
      let texts = "texts \(NumberText.range(shard.texts.lowerBound + 1, shard.texts.upperBound))"
      return WorkPart(
        key: key, name: "shard \(shard.index + 1) of \(shards.count), \(texts)",
        isKept: bench.store?.lookup(key, kind: .shard, check: .valueOnly) != nil,
        effort: whole * Double(shard.texts.count) / Double(samples.count)
      ) { _ = try bench.seen(by: self, shard, of: question) }
    }
  }
}
