/// How the results of one state of a report differ from those of another.
public struct ResultDiff: Sendable {
  /// A directive that both states have.
  public struct Pair: Sendable {
    /// Its anchor in the new state.
    public let id: String
    /// Its text in the new state.
    public let directive: String
    /// Its text in the old state, where that was another.
    public let oldDirective: String?
    /// The tolerance it was judged by.
    public let tolerance: Tolerance
    /// What it is computed from now and was not, or the other way round.
    public let inputs: [InputChange]
    /// Number by number; nil where a side carries the digest only.
    public let values: ValueComparison?
    /// Whether the results are equal.
    public let isSame: Bool
    /// New minus old of each matrix.
    public let maps: [DeltaMap]

    /// Whether something changed by more than the tolerance.
    public var isBeyond: Bool { !isSame && (values.map { $0.beyond > 0 } ?? true) }
  }

  /// What the old state is called.
  public let oldLabel: String
  /// What the new state is called.
  public let newLabel: String
  /// The directives that both have, in the new order.
  public let pairs: [Pair]
  /// Directives that only the new state has.
  public let added: [ResultSet.Entry]
  /// Directives that only the old state has.
  public let removed: [ResultSet.Entry]
  /// How the prose differs.
  public let prose: ProseDiff

  /// What is wrong with the states themselves, each with the state's label.
  public let faults: [String]

  /// Whether a result changed beyond its tolerance, came or went; prose does not count.
  public var isBeyond: Bool { !added.isEmpty || !removed.isEmpty || pairs.contains { $0.isBeyond } }

  /// Compares two states of a report.
  ///
  /// A directive's counterpart is the one with the same text (the first with the first, the second with the second), or
  /// else the one with the same id.
  ///
  /// - Parameter tolerance: Replaces the tolerance that the new state's directives ask for.
  public init(old: ResultSet, new: ResultSet, tolerance: Tolerance? = nil) {
    oldLabel = old.label
    newLabel = new.label
    prose = ProseDiff(old: old.prose, new: new.prose)
    faults = [old, new].flatMap { state in state.faults.map { "\(state.label): \($0)" } }
    let places = ResultDiff.counterparts(of: new.entries, in: old.entries)
    var pairs: [Pair] = []
    var added: [ResultSet.Entry] = []
    for (entry, place) in zip(new.entries, places) {
      if let place {
        pairs.append(Pair(old: old.entries[place], new: entry, tolerance: tolerance ?? entry.tolerance))
      } else {
        added.append(entry)
      }
    }
    let found = Set(places.compactMap { $0 })
    self.pairs = pairs
    self.added = added
    removed = old.entries.indices.filter { !found.contains($0) }.map { old.entries[$0] }
  }

  private static func counterparts(of new: [ResultSet.Entry], in old: [ResultSet.Entry]) -> [Int?] {
    let exact = SlotMatching.counterparts(of: new.map(\.directive), in: old.map(\.directive))
    let taken = Set(exact.compactMap { $0 })
    let rest = old.indices.filter { !taken.contains($0) }
    let open = new.indices.filter { exact[$0] == nil }
    let byID = SlotMatching.counterparts(of: open.map { new[$0].id }, in: rest.map { old[$0].id })
    var result = exact
    for (place, found) in zip(open, byID) { result[place] = found.map { rest[$0] } }
    return result
  }
}

extension ResultDiff.Pair {
  init(old: ResultSet.Entry, new: ResultSet.Entry, tolerance: Tolerance) {
    id = new.id
    directive = new.directive
    oldDirective = old.directive.utf8.elementsEqual(new.directive.utf8) ? nil : old.directive
    self.tolerance = tolerance
    inputs = InputChange.list(previous: old.inputs, current: new.inputs)
    isSame = old.actualDigest == new.actualDigest
    if let before = old.result, let now = new.result {
      values = ValueComparison(old: before, new: now, tolerance: tolerance)
      maps = isSame ? [] : DeltaMap.maps(old: before, new: now)
    } else {
      values = nil
      maps = []
    }
  }
}
