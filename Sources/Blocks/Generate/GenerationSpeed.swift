/// Tokens per second of decoding with early exit and in full, on this machine and in this run.
public struct GenerationSpeed {
  /// With early exit.
  public var exit: Double
  /// With all blocks.
  public var full: Double
}

extension ExitGeneration {
  /// Decodes both ways in turns and takes the median of each, prompt included.
  public func speed(rounds: Int = 5) throws -> GenerationSpeed {
    // The first run converts weights.
    try decode()
    try decodeFully()
    var speeds: (exit: [Double], full: [Double]) = ([], [])
    for _ in 0..<rounds {
      speeds.exit.append(try Self.speed { try decode().count })
      speeds.full.append(try Self.speed { try decodeFully().count })
    }
    return GenerationSpeed(exit: speeds.exit.sorted()[rounds / 2], full: speeds.full.sorted()[rounds / 2])
  }

  private static func speed(_ body: () throws -> Int) rethrows -> Double {
    var count = 0
    let elapsed = try ContinuousClock().measure { count = try body() }
    return Double(count) / (Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
  }
}
