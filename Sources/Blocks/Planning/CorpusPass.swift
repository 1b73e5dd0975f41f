import Analyses
import JSONText
import Markup
import Results
import Transformers

/// An engine's way through a corpus, text by text.
///
/// What it keeps of some texts adds up, in the order of the corpus, to what it keeps of all. So the corpus can be cut into
/// shards that are kept each by itself, and that other processes and machines may see to.
public struct CorpusPass<Seen: Tally> {
  /// What names a shard beside its texts.
  var inputs: JSONObject
  /// Texts that go through the model together, in the order of the corpus: a shard takes whole ones, so that its states
  /// have the bits that they have in the whole.
  var chunks: [Range<Int>]
  /// Positions of each text that go through the model.
  var lengths: [Int]
  /// Whether the store has what the whole comes to.
  var isKept = false
  /// What is kept of no text.
  var nothing: Seen
  /// What is kept of some texts, whole chunks of them.
  var read: (Range<Int>) throws -> Seen
}

extension CorpusPass {
  /// A pass whose texts go through the model in chunks from the first one on.
  ///
  /// - Parameters:
  ///   - engine: what goes over the corpus.
  ///   - whole: what decides what it keeps.
  ///   - lengths: positions of each text that go through the model.
  init(
    _ engine: EngineIdentity, whole: JSONObject, lengths: [Int], chunks: [Range<Int>]? = nil, isKept: Bool = false,
    nothing: Seen, read: @escaping (Range<Int>) throws -> Seen
  ) {
    let inputs: JSONObject = [
      "engine": .string(engine.name + "-shard"), "engine_version": .int(engine.version), "numeric": "float32",
    ]
    self.init(
      inputs: inputs.merging(whole), chunks: chunks ?? ModelRun.chunks(lengths: lengths), lengths: lengths,
      isKept: isKept, nothing: nothing, read: read)
  }

  /// At most so many shards, of about as many positions each.
  fileprivate func shards(atMost count: Int) -> [CorpusShard] {
    let limit = max(1, (lengths.reduce(0, +) + count - 1) / count)
    return ModelRun.batches(of: chunks, limit: limit) { lengths[$0].reduce(0, +) }.map { texts in
      CorpusShard(
        texts: texts,
        key: ResultKey(inputs: inputs.merging(["first": .int(texts.lowerBound), "count": .int(texts.count)])))
    }
  }
}

/// Some texts of a corpus that an engine goes over by themselves.
private struct CorpusShard {
  var texts: Range<Int>
  /// The key of what is kept of them.
  var key: ResultKey
}

extension ResultKind {
  /// What an engine keeps of a part of a corpus.
  static let shard = ResultKind("shard")
}

extension Workbench {
  /// What a pass keeps of the whole corpus, out of its shards; nil where the corpus is not cut.
  func merged<Seen>(_ pass: @autoclosure () throws -> CorpusPass<Seen>) throws -> Seen? {
    guard shards > 1 else { return nil }
    let pass = try pass()
    let cut = pass.shards(atMost: shards)
    guard cut.count > 1 else { return nil }
    var seen = pass.nothing
    for shard in cut {
      guard seen.add(series: try series(of: shard, pass)) else { throw EngineError.unreadable("a part of a corpus") }
    }
    return seen
  }

  /// What a pass keeps of a shard: out of the store, or computed and kept.
  private func series<Seen>(of shard: CorpusShard, _ pass: CorpusPass<Seen>) throws -> [String: [Double]] {
    let stored = try kept(shard.key, kind: .shard) {
      let series = try pass.read(shard.texts).series
      return StoredResult(
        value: ["positions": .int(pass.lengths[shard.texts].reduce(0, +))],
        blobs: series.sorted { $0.key < $1.key }.map { Blob(name: $0.key, doubles: $0.value) })
    }
    var series: [String: [Double]] = [:]
    for blob in stored.blobs {
      guard let values = try blob.doubles() else { throw EngineError.unreadable("a part of a corpus") }
      series[blob.name] = values
    }
    return series
  }

  /// The shards of a pass as work that others may do first; none where the corpus is not cut.
  func parts<Seen>(of pass: CorpusPass<Seen>, _ question: Question) throws -> [WorkPart] {
    let cut = pass.shards(atMost: shards)
    guard cut.count > 1 else { return [] }
    let model = try question.subject.model().configuration
    return cut.enumerated().map { index, shard in
      let texts = NumberText.range(shard.texts.lowerBound + 1, shard.texts.upperBound)
      return WorkPart(
        key: shard.key, name: "shard \(index + 1) of \(cut.count), texts \(texts)",
        isKept: pass.isKept || store?.lookup(shard.key, kind: .shard, check: .valueOnly) != nil,
        effort: Double(pass.lengths[shard.texts].reduce(0, +)) * MultiplyAdds.model(model)
      ) { [self] in _ = try series(of: shard, pass) }
    }
  }
}

/// A view whose engine goes over a corpus text by text.
public protocol CorpusView: View {
  /// What the engine keeps of texts.
  associatedtype Seen: Tally

  /// Whether a question goes over a corpus at all; false where, say, the directive brings its own text.
  func passes(_ question: Question) -> Bool

  /// The way of a question's engine through its corpus.
  func corpusPass(of question: Question, on bench: Workbench) throws -> CorpusPass<Seen>
}

extension CorpusView {
  public func passes(_ question: Question) -> Bool { true }

  public func parts(of question: Question, on bench: Workbench) throws -> [WorkPart] {
    guard bench.shards > 1, passes(question), question.subject.statesFile == nil else { return [] }
    return try bench.parts(of: corpusPass(of: question, on: bench), question)
  }
}
