import Foundation

/// The C library's exponential in Float64: one place, so that every engine rounds alike.
func exponential(_ x: Double) -> Double { exp(x) }
