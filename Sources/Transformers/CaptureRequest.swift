/// One text and the positions whose states are wanted.
public struct CaptureRequest: Hashable, Sendable {
  /// The tokens, special tokens included.
  public var ids: [Int]
  /// Positions in `ids`, in the order in which their rows are wanted.
  public var positions: [Int]

  /// Asks for the states of one text at some positions.
  public init(ids: [Int], positions: [Int]) { (self.ids, self.positions) = (ids, positions) }

  /// Asks for the states of every position of one text.
  public init(ids: [Int]) { self.init(ids: ids, positions: Array(ids.indices)) }

  /// How many positions are run under a causal mask: up to the last one asked for, none where none is.
  public var causalLength: Int { (positions.max() ?? -1) + 1 }
}

/// How far a capture has come.
public struct CaptureProgress: Hashable, Sendable {
  /// Blocks done; a group of texts that does not fit in memory with the others passes the blocks on its own.
  public var blocksDone: Int
  /// Blocks in all.
  public var blocks: Int
  /// An estimate of the time left, in seconds; nil before there is anything to go by.
  public var secondsLeft: Double?
}

/// How a capture runs; none of it changes a number beyond the last bits.
public struct CaptureOptions: Sendable {
  /// About how many bytes to use beside the result and one block's weights.
  public var memory: Int
  /// Where to leave what is done, so that an interrupted capture can go on.
  public var journal: CaptureJournal?
  /// Called after every block, on the thread that captures.
  public var progress: (@Sendable (CaptureProgress) -> Void)?
  /// Asked often; the capture stops with code `cancelled` once it says true.
  public var isCancelled: @Sendable () -> Bool

  /// Options for a capture.
  public init(
    memory: Int = 1 << 30, journal: CaptureJournal? = nil, progress: (@Sendable (CaptureProgress) -> Void)? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.memory, self.journal, self.progress, self.isCancelled) = (memory, journal, progress, isCancelled)
  }
}
