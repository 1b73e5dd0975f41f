import Analyses
import Books
import JSONText
import Transformers

/// A view that a meter answers: the states of its texts go through once, in batches, and need not be held.
public protocol PassView: CorpusView where Result == PassMeter.Result, Seen == PassMeter {
  associatedtype PassMeter: Meter

  /// Which texts and positions go through.
  func selection(of question: Question) -> StatesRequest

  /// A meter that has seen nothing yet, for a model of `blocks` blocks.
  func meter(for question: Question, blocks: Int) throws -> PassMeter

  /// Settings that decide what a meter makes of the states, beside the states themselves.
  func meterSettings(of question: Question) -> JSONObject
}

extension PassView {
  public func answer(_ question: Question, on bench: Workbench) throws -> Answer<Result> {
    try passAnswer(question, on: bench)
  }

  /// The answer of a pass of its own.
  func passAnswer(_ question: Question, on bench: Workbench) throws -> Answer<Result> {
    let run = try MeterRun(self, question, on: bench)
    let facts = try bench.pass([run])
    return Answer(result: run.meter.result(), facts: facts)
  }

  /// A run of this view's meter that can share a pass with others.
  func run(_ question: Question, on bench: Workbench) throws -> any PassRun { try MeterRun(self, question, on: bench) }

  public func corpusPass(of question: Question, on bench: Workbench) throws -> CorpusPass<PassMeter> {
    try corpusPass(of: question, bench.samples(of: question, selection(of: question)), on: bench)
  }

  fileprivate func corpusPass(
    of question: Question, _ samples: [SampledText], on bench: Workbench
  ) throws -> CorpusPass<PassMeter> {
    guard let entry = question.dataset else { throw EngineError("no dataset was named") }
    let meter = try meter(for: question, blocks: try bench.blocks(of: question.subject))
    let sample = try bench.captureKey(question.subject, entry, selection(of: question))
    return CorpusPass(
      engine, whole: ["sample": .string(sample.hex), "meter": .object(meterSettings(of: question))],
      lengths: samples.map(\.ids.count), nothing: meter
    ) { texts in
      var meter = meter
      try bench.batches(Array(samples[texts]), of: question.subject) { meter.add($0) }
      return meter
    }
  }

  public func parts(of question: Question, on bench: Workbench) throws -> [WorkPart] {
    guard passes(question), question.subject.statesFile == nil else { return [] }
    let request = selection(of: question)
    // One state a text is captured once for all that want it; a meter goes over it in no time.
    guard request.selection.position == .all else {
      return try [bench.statesPart(of: question, request)].compactMap { $0 }
    }
    return bench.shards > 1 ? try bench.parts(of: corpusPass(of: question, on: bench), question) : []
  }
}

/// A meter on its way through a corpus.
protocol PassRun: AnyObject {
  var question: Question { get }
  var request: StatesRequest { get }
  func add(_ batch: StateBatch)
  /// Adds all texts by way of what the store keeps of their shards.
  ///
  /// - Returns: false where they are not cut; none was added then.
  func addShards(_ samples: [SampledText], on bench: Workbench) throws -> Bool
  /// The answer as it is kept.
  func answer(_ facts: Facts) throws -> JSONValue
}

final class MeterRun<V: PassView>: PassRun {
  let question: Question
  let request: StatesRequest
  let view: V
  private(set) var meter: V.PassMeter

  init(_ view: V, _ question: Question, on bench: Workbench) throws {
    self.view = view
    self.question = question
    request = view.selection(of: question)
    meter = try view.meter(for: question, blocks: try bench.blocks(of: question.subject))
  }

  func add(_ batch: StateBatch) { meter.add(batch) }

  func addShards(_ samples: [SampledText], on bench: Workbench) throws -> Bool {
    guard let seen = try bench.merged(view.corpusPass(of: question, samples, on: bench)) else { return false }
    meter.merge(seen)
    return true
  }

  func answer(_ facts: Facts) throws -> JSONValue { try view.stored(Answer(result: meter.result(), facts: facts)) }
}

extension Workbench {
  /// Sends the states of one selection of texts through meters that all want the same ones.
  ///
  /// - Returns: the facts of the sample.
  func pass(_ runs: [any PassRun]) throws -> Facts {
    guard let first = runs.first else { preconditionFailure("a pass has a meter") }
    let (question, request) = (first.question, first.request)
    passes += 1
    if question.subject.statesFile != nil || request.selection.position != .all {
      // One state a text is little, and other directives may want to fit something to it: it is kept in the store.
      let states = try states(of: question, request)
      for run in runs { run.add(StateBatch(states: states.states, positions: states.positions)) }
      return states.facts(family: question.subject.family)
    }
    let samples = try samples(of: question, request)
    let configuration = try question.subject.model().configuration
    let open = try runs.filter { try !$0.addShards(samples, on: self) }
    if !open.isEmpty { try batches(samples, of: question.subject) { batch in for run in open { run.add(batch) } } }
    return Facts(
      blocks: configuration.blocks, width: configuration.width, family: configuration.family.rawValue,
      texts: samples.count, positions: samples.reduce(0) { $0 + $1.positions.count },
      position: request.selection.position.rawValue)
  }

  /// Sends texts through a model, as many at once as memory allows, and hands on their states.
  func batches(_ samples: [SampledText], of subject: Subject, _ body: (StateBatch) throws -> Void) throws {
    for texts in Self.batches(samples, of: try subject.model().configuration, limit: memory / 2) {
      let batch = Array(samples[texts])
      try body(StateBatch(states: try capture(batch, of: subject), positions: batch.flatMap(\.positions)))
    }
  }

  /// The answers of runs that share a pass, in their order.
  func run(_ runs: [any PassRun]) throws -> [JSONValue] {
    let facts = try pass(runs)
    return try runs.map { try $0.answer(facts) }
  }

  /// Whole texts, in their order, as many at once as a limit on the bytes of their states allows.
  static func batches(
    _ samples: [SampledText], of configuration: ModelConfiguration, limit: Int
  ) -> [Range<Int>] {
    let bytesPerPosition = (configuration.blocks + 1) * configuration.width * 4
    return ModelRun.batches(lengths: samples.map(\.ids.count), limit: limit) { chunk in
      samples[chunk].reduce(0) { $0 + $1.positions.count } * bytesPerPosition
    }
  }

  /// Blocks of a model, L.
  func blocks(of subject: Subject) throws -> Int {
    guard let file = subject.statesFile else { return try subject.model().configuration.blocks }
    return try statesFile(file).count - 1
  }
}
