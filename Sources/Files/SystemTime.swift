import Glibc

/// The system's time in nanoseconds since 1970.
public func currentTime() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_REALTIME, &now)
  return nanoseconds(now)
}

/// A time of the system in nanoseconds.
func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec) }

/// Sets a file's time of modification, in nanoseconds since 1970; a refusal is of no consequence.
public func touch(_ path: String, modified: Int64) {
  let time = timespec(tv_sec: Int(modified / 1_000_000_000), tv_nsec: Int(modified % 1_000_000_000))
  _ = utimensat(AT_FDCWD, path, [time, time], 0)
}

/// Lets the calling thread sleep.
public func pauseThread(microseconds: Int) { usleep(useconds_t(clamping: microseconds)) }
