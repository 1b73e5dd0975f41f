import Glibc
import Synchronization

/// Kills the programs that this process has started and not yet seen end; safe in a signal handler.
public func stopRunningPrograms() { RunningPrograms.killAll() }

/// Sets up the table that `stopRunningPrograms()` reads, since a signal handler may not allocate it.
public func prepareStoppingOfPrograms() { _ = RunningPrograms.table }

/// The process groups that run, where a signal handler can read them.
enum RunningPrograms {
  private static let slots = 32

  /// Memory that is never freed nor moved; 0 marks a free slot.
  struct Table: @unchecked Sendable {
    // Unchecked: nothing but atomics is in it.
    let groups: UnsafeMutablePointer<Atomic<Int32>>

    init(slots: Int) {
      groups = .allocate(capacity: slots)
      for slot in 0..<slots { (groups + slot).initialize(to: Atomic(0)) }
    }
  }

  static let table = Table(slots: slots)

  /// Notes a group and returns its slot; nil where the table is full.
  static func add(_ group: pid_t) -> Int? {
    (0..<slots).first {
      (table.groups + $0).pointee.compareExchange(expected: 0, desired: group, ordering: .acquiringAndReleasing)
        .exchanged
    }
  }

  static func remove(_ slot: Int?) {
    guard let slot else { return }
    (table.groups + slot).pointee.store(0, ordering: .releasing)
  }

  static func killAll() {
    for slot in 0..<slots {
      let group = (table.groups + slot).pointee.load(ordering: .acquiring)
      if group > 0 { kill(-group, SIGKILL) }
    }
  }
}
