import Optimization
import Tensors
import TestSupport
import Testing

@Suite(.serialized) struct StateTests {
  /// An optimizer of `count` parameters after some steps, and the parameters.
  private func trained(_ count: Int, steps: Int) throws -> (AdamW, [Float]) {
    var random = RandomStream(seed: 5, stream: "optimizer tests")
    var parameters = (0..<count).map { _ in Float(random.uniform() - 0.5) }
    var optimizer = try AdamW(count: count, settings: .init(beta2: 0.97, weightDecay: 0.1))
    for _ in 0..<steps { step(&optimizer, &parameters, &random) }
    return (optimizer, parameters)
  }

  private func step(_ optimizer: inout AdamW, _ parameters: inout [Float], _ random: inout RandomStream) {
    let gradient = parameters.map { _ in Float(random.uniform() - 0.5) }
    var span = parameters.mutableSpan
    optimizer.step(&span, gradient: gradient.span, learningRate: 0.01)
  }

  @Test func aSavedStateGoesOnBitForBit() throws {
    var (optimizer, parameters) = try trained(1001, steps: 3)
    var restored = try AdamW(saved: optimizer.saved())
    #expect(restored == optimizer && restored.steps == 3)
    var copy = parameters
    var (first, second) = (RandomStream(seed: 1, stream: "later"), RandomStream(seed: 1, stream: "later"))
    for _ in 0..<3 {
      step(&optimizer, &parameters, &first)
      step(&restored, &copy, &second)
    }
    #expect(parameters.map(\.bitPattern) == copy.map(\.bitPattern))
    #expect(optimizer.saved() == restored.saved())
  }

  @Test func aDamagedStateIsRefusedWhereverTheDamageIs() throws {
    let bytes = try trained(9, steps: 2).0.saved()
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x10
      #expect(throws: OptimizationError.self) { try AdamW(saved: damaged) }
      #expect(throws: OptimizationError.self) { try AdamW(saved: Array(bytes[..<index])) }
    }
    #expect(throws: OptimizationError.self) { try AdamW(saved: bytes + [0]) }
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    let before = Compute.threads
    defer { Compute.threads = before }
    // More than two parts of the shared loops.
    let results = try [1, 2, 3].map { threads in
      Compute.threads = threads
      var (_, parameters) = try trained(200_000, steps: 2)
      let norm = try GradientClipping.norm(parameters.span)
      var span = parameters.mutableSpan
      _ = try GradientClipping.clip(&span, to: 0.5)
      return (parameters.map(\.bitPattern), norm.bitPattern)
    }
    #expect(results.allSatisfy { $0.0 == results[0].0 && $0.1 == results[0].1 })
  }

  @Test func settingsOutsideTheirRangeAreRefused() {
    for settings: AdamW.Settings in [
      .init(beta1: 1), .init(beta1: -0.1), .init(beta2: 1.5), .init(beta2: .nan), .init(epsilon: -1),
      .init(weightDecay: -1), .init(weightDecay: .infinity),
    ] {
      #expect(throws: OptimizationError.self) { try AdamW(count: 1, settings: settings) }
    }
  }

  @Test func clippingLeavesShortGradientsAloneAndRefusesNaN() throws {
    var short: [Float] = [3, 4]
    var span = short.mutableSpan
    #expect(try GradientClipping.clip(&span, to: 10) == 5)
    #expect(short == [3, 4])
    var broken: [Float] = [1, .nan]
    #expect(throws: OptimizationError(.notFinite)) {
      var span = broken.mutableSpan
      _ = try GradientClipping.clip(&span, to: 1)
    }
    #expect(throws: OptimizationError.self) {
      var span = short.mutableSpan
      _ = try GradientClipping.clip(&span, to: 0)
    }
  }
}
