import Files

/// The time by which the store judges age, in nanoseconds since 1970; no result depends on it.
public typealias StoreClock = @Sendable () -> Int64

/// The system's clock.
public let systemStoreClock: StoreClock = currentTime
