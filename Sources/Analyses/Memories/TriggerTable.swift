import Transformers

/// The triggers of every neuron of a model over a corpus.
public struct TriggerTable: Sendable, Equatable {
  /// How they are ordered.
  public var sign: TriggerSign
  /// The triggers of each neuron of each block, the strongest first; fewer than asked for where the corpus has fewer texts.
  public var triggers: [[[Trigger]]]
  /// Whether a neuron's first place is shared by texts in which different tokens follow: another rule for ties would give it
  /// another next token.
  public var tiedFirst: [[Bool]]

  public init(_ sign: TriggerSign, triggers: [[[Trigger]]], tiedFirst: [[Bool]]) {
    (self.sign, self.triggers, self.tiedFirst) = (sign, triggers, tiedFirst)
  }

  init(_ sign: TriggerSign, _ lists: [[TriggerList]], _ corpus: PrefixCorpus) {
    self.sign = sign
    triggers = lists.map { $0.map(\.triggers) }
    tiedFirst = lists.map { $0.map { list in list.firstPrefix.map { corpus.hasSeveralFollowers($0) } ?? false } }
  }

  /// Which end of the value a trigger is held against: by m it is always the value itself.
  public func end(of trigger: Trigger) -> Int { sign == .signed ? 1 : trigger.sign }

  /// The neuron's triggers.
  public subscript(block: Int, neuron: Int) -> [Trigger] { triggers[block][neuron] }

  /// Neurons of each block.
  public var neurons: Int { triggers.first?.count ?? 0 }
}

extension Model {
  /// Finds the triggers of every neuron in one pass over a corpus.
  ///
  /// The coefficient m is the feed-forward activation after the nonlinearity, times the other product where the network is
  /// gated. Memory is that of the lists and of one group of texts.
  ///
  /// - Parameters:
  ///   - corpus: the texts.
  ///   - count: how many triggers of each neuron.
  ///   - options: memory, progress and cancellation.
  /// - Returns: a table for each order.
  /// - Throws: `ModelError` for texts that cannot be run.
  public func triggers(
    in corpus: PrefixCorpus, count: Int, options: CaptureOptions = CaptureOptions()
  ) throws -> [TriggerSign: TriggerTable] {
    let c = configuration
    return try search(
      TriggerLists(corpus, blocks: c.blocks, neurons: c.ffnWidth, capacity: count), corpus.texts.indices, options
    ).tables
  }

  /// Finds the candidates for the triggers of every neuron in a part of a corpus.
  ///
  /// - Parameters:
  ///   - corpus: all texts.
  ///   - part: which of them are searched; it begins and ends with a chunk of the run.
  ///   - count: how many triggers of each neuron the candidates are for.
  ///   - options: memory, progress and cancellation.
  /// - Throws: `ModelError` for texts that cannot be run.
  public func triggerCandidates(
    in corpus: PrefixCorpus, part: Range<Int>, count: Int, options: CaptureOptions = CaptureOptions()
  ) throws -> TriggerCandidates {
    let c = configuration
    let keeper = TriggerCandidateSearch(
      corpus, from: part.lowerBound, blocks: c.blocks, neurons: c.ffnWidth, capacity: count)
    return try search(keeper, part, options).candidates
  }

  /// Sends some texts of a corpus through the blocks and their activations to a keeper.
  private func search<Keeper: TriggerKeeper>(
    _ keeper: Keeper, _ part: Range<Int>, _ options: CaptureOptions
  ) throws -> Keeper {
    let corpus = keeper.corpus
    let search = TriggerSearch(keeper)
    let tap = Tap.read(.ffnActivation) { visit, activations in
      search.add(block: visit.block, texts: visit.texts, positions: visit.positions, activations)
    }
    var requests = corpus.searched
    for text in requests.indices where !part.contains(text) { requests[text].positions = [] }
    try capture(requests, options: options, taps: [tap])
    search.finish()
    return search.keeper
  }
}

extension PrefixCorpus {
  /// What a search runs: each text up to its last prefix, since what follows cannot matter; all of it where a model sees
  /// what follows.
  public var searched: [CaptureRequest] {
    texts.indices.map { CaptureRequest(ids: texts[$0], positions: positions($0).last.map { [$0] } ?? []) }
  }
}
