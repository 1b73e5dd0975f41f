internal import CBLASShim
internal import CKernels
import Dispatch
internal import Glibc
internal import Synchronization

/// How many threads calculate, and with which kernels.
///
/// BLAS itself always runs on one thread: OpenBLAS with two rounds some products differently from OpenBLAS with one
/// (measured on 768 × 768 × 9000 and 100 × 333 × 517). Work is split here instead, into parts that depend on the shape
/// of a problem alone, so the number of threads never changes a bit of a result.
public enum Compute {
  private static let threadCount = Atomic<Int>(defaultThreads())
  /// Set up on first use; the kernel set of OpenBLAS stays the same afterwards.
  private static let blasCore: String = {
    if let core = lb_blas_configure() { return String(cString: core) }
    // An installation without its library cannot do any work, and no caller could.
    let message = "error: OpenBLAS is missing (apt-get install libopenblas0): \(String(cString: lb_blas_fault()))\n"
    _ = message.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    exit(1)
  }()

  /// Number of threads that calculate: the value of `OPENBLAS_NUM_THREADS` when it is set, else the number of cores.
  ///
  /// Set it once, before anything is calculated.
  public static var threads: Int {
    get { threadCount.load(ordering: .relaxed) }
    set { threadCount.store(max(1, newValue), ordering: .relaxed) }
  }

  /// The libraries and kernels in use, such as "openblas 0.3.21 Cooperlake, kernels avx512"; for the record of a run.
  public static var description: String {
    let core = blasCore
    let words = String(cString: lb_blas_build()).split(separator: " ")
    let version = words.count > 1 ? String(words[1]) : "unknown"
    return "openblas \(version) \(core), kernels \(String(cString: lb_kernels_name()))"
  }

  /// Makes sure that OpenBLAS is configured; called before every product.
  static func prepare() { _ = blasCore }

  /// Whether all that is called from here runs on the calling thread: others have work of their own, or there are none.
  static var isAlone: Bool { threads <= 1 || lb_is_inside_parallel() != 0 }

  /// Runs `body` for every index of `0..<count`, several at a time.
  ///
  /// Bodies run in no particular order and must write to disjoint places; whatever they compute may depend on their
  /// index only, never on the thread. A call from within a body runs its own bodies one after the other.
  ///
  /// - Parameter multiplies: false where no body needs BLAS, which is then not loaded for it.
  public static func parallelFor(count: Int, multiplies: Bool = true, body: (Int) -> Void) {
    if multiplies { prepare() }
    let workers = min(threads, count)
    if workers <= 1 || isAlone {
      for index in 0..<max(count, 0) { body(index) }
      return
    }
    withoutActuallyEscaping(body) { escaping in
      // Not Sendable, since bodies write through pointers; by the rule above they write to disjoint places, and all of
      // them have ended when this call returns.
      nonisolated(unsafe) let shared = escaping
      let next = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: workers) { _ in
        lb_enter_parallel()
        defer { lb_leave_parallel() }
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if index >= count { break }
          shared(index)
        }
      }
    }
  }

  /// Runs `body` for consecutive ranges of at most `chunk` indices that cover `0..<count`; see `parallelFor(count:body:)`.
  public static func parallelFor(count: Int, chunk: Int, multiplies: Bool = true, body: (Range<Int>) -> Void) {
    precondition(chunk > 0, "a chunk holds at least one index")
    let chunks = (max(count, 0) + chunk - 1) / chunk
    parallelFor(count: chunks, multiplies: multiplies) { index in body(index * chunk..<min((index + 1) * chunk, count))
    }
  }

  /// Returns `body(0)`, `body(1)`, … `body(count - 1)`, several computed at a time; see `parallelFor(count:body:)`.
  public static func parallelMap<T>(count: Int, multiplies: Bool = true, body: (Int) -> T) -> [T] {
    [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      if count > 0, let base = buffer.baseAddress {
        parallelFor(count: count, multiplies: multiplies) { index in (base + index).initialize(to: body(index)) }
      }
      initialized = count
    }
  }

  private static func defaultThreads() -> Int {
    if let text = getenv("OPENBLAS_NUM_THREADS"), let wanted = Int(String(cString: text)), wanted > 0 { return wanted }
    return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }
}
