import Foundation

/// The C library's exponential in Float64: one place, so that every engine rounds alike.
func exponential(_ x: Double) -> Double { exp(x) }

/// The C library's natural logarithm in Float64, for the same reason.
func logarithm(_ x: Double) -> Double { log(x) }

/// The C library's hyperbolic tangent in Float64, for the same reason.
func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
