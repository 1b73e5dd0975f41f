import Tensors

/// States of some whole texts, on their way through a meter.
public struct StateBatch: Sendable {
  /// `h_0 … h_L` before the final norm, each `[positions, d]`.
  public var states: [Matrix]
  /// Token position of each row within its text.
  public var positions: [Int]

  public init(states: [Matrix], positions: [Int]) {
    self.states = states
    self.positions = positions
  }

  /// Rows of each state.
  public var count: Int { positions.count }
}

/// What an engine keeps of the texts it has seen: that of the parts of a corpus adds up to that of the whole.
///
/// So work over data can be split over processes and machines. Parts are added in the order of the corpus.
public protocol Tally: Sendable {
  /// What was kept as series of numbers by name: what the part of a corpus leaves for the whole.
  ///
  /// Nothing in them may be a sum over texts that rounds: the whole adds up what the parts have kept, in the order of
  /// the corpus, and so comes to the same bits however it was cut.
  var series: [String: [Double]] { get }

  /// Adds what was kept of further texts, after what this has.
  ///
  /// - Returns: false where these are no such series; nothing was added then.
  mutating func add(series: [String: [Double]]) -> Bool
}

/// An engine that goes through the states of a corpus: what it has seen is added up, so that the corpus need not be held
/// at once.
///
/// Two meters that saw two parts of a corpus merge into one that saw both, in the order of the corpus, so that sums are
/// the same however often a run is repeated.
public protocol Meter: Tally {
  associatedtype Result: Sendable

  /// Adds the positions of one batch.
  mutating func add(_ batch: StateBatch)

  /// Adds what another meter of the same kind has seen, after what this one has.
  mutating func merge(_ other: Self)

  /// The result over everything added so far.
  func result() -> Result
}
