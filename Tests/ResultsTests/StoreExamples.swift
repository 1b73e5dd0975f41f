import Glibc
import Results

/// A clock that tests set.
final class TestClock: @unchecked Sendable {
  // Unchecked: each test sets its own clock from one thread.
  var now: Int64

  init(_ now: Int64 = systemStoreClock()) { self.now = now }

  func advance(seconds: Int) { now += Int64(seconds) * 1_000_000_000 }
}

func exampleKey(_ number: Int) -> ResultKey { ResultKey(inputs: ["directive": "convergence", "number": .int(number)]) }

func exampleResult(_ number: Int, floats: Int = 0) -> StoredResult {
  let blobs = floats == 0 ? [] : [Blob(name: "states", floats: (0..<floats).map { Float($0) + Float(number) })]
  return StoredResult(value: ["score": .double(Double(number) / 3), "distance": [0.5, nil, 1]], blobs: blobs)
}

/// Sets a file's time of modification, in seconds since 1970.
func setModified(_ path: String, seconds: Int) {
  let time = timespec(tv_sec: seconds, tv_nsec: 0)
  _ = utimensat(AT_FDCWD, path, [time, time], 0)
}
