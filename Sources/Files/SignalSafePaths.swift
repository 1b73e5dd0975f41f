import Glibc
import Synchronization

/// Paths in slots, in memory that is never freed nor moved, so that a signal handler may read them at any time.
///
/// Memory of a slot that was never used is never touched.
struct SignalSafePaths: @unchecked Sendable {
  // Unchecked: each path is written only by the thread that moved its slot from free to claimed.
  private let states: UnsafeMutablePointer<Atomic<Int>>
  private let paths: UnsafeMutablePointer<CChar>
  private let slots: Int

  /// Longest path with its final zero byte, as the system allows.
  static let pathLimit = 4096

  private static let free = 0
  private static let claimed = 1
  private static let named = 2

  /// A table for so many paths; to be made before a handler may run.
  init(slots: Int) {
    self.slots = slots
    states = .allocate(capacity: slots)
    for slot in 0..<slots { (states + slot).initialize(to: Atomic(Self.free)) }
    paths = .allocate(capacity: slots * Self.pathLimit)
  }

  /// Puts a path into a free slot and returns it; nil where there is none, or the path is too long.
  ///
  /// - Parameter prepare: what else belongs to the slot, done before a handler can see it.
  func add(_ path: String, prepare: (Int) -> Void = { _ in }) -> Int? {
    var text = Array(path.utf8CString)
    guard text.count <= Self.pathLimit else { return nil }
    for slot in 0..<slots {
      let state = states + slot
      guard
        state.pointee.compareExchange(expected: Self.free, desired: Self.claimed, ordering: .acquiring).exchanged
      else { continue }
      memcpy(paths + slot * Self.pathLimit, &text, text.count)
      prepare(slot)
      state.pointee.store(Self.named, ordering: .releasing)
      return slot
    }
    return nil
  }

  /// Frees a slot.
  func remove(_ slot: Int?) {
    guard let slot else { return }
    (states + slot).pointee.store(Self.free, ordering: .releasing)
  }

  /// The path in a slot; nil where it is free.
  subscript(slot: Int) -> UnsafePointer<CChar>? {
    (states + slot).pointee.load(ordering: .acquiring) == Self.named
      ? UnsafePointer(paths + slot * Self.pathLimit) : nil
  }
}
