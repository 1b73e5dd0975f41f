import Dispatch
import Glibc
import Synchronization

/// Sets the times of the files by which this process is heard of, every ten seconds.
final class Heartbeat: Sendable {
  static let shared = Heartbeat()
  /// A sixth of the patience that others have: a few beats may be late.
  private static let interval = 10

  private let files = Mutex<Set<String>>([])
  /// A queue of its own has a thread of its own where every core calculates.
  private let queue = DispatchQueue(label: "layerbook.heartbeat")
  private let started = Atomic(false)

  func add(_ file: String) {
    files.withLock { _ = $0.insert(file) }
    if !started.exchange(true, ordering: .relaxed) { wait() }
  }

  func remove(_ file: String) { files.withLock { _ = $0.remove(file) } }

  private func wait() {
    queue.asyncAfter(deadline: .now() + .seconds(Self.interval)) { [self] in
      // One that was taken over is gone under its name, and its time is not ours to set.
      for file in files.withLock({ $0 }) { _ = utimensat(AT_FDCWD, file, nil, 0) }
      wait()
    }
  }
}
