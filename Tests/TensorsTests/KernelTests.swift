import Foundation
import Tensors
import Testing

/// Float arrays of awkward lengths, spread over the range that activations take.
func spread(_ count: Int, seed: UInt64 = 1, scale: Double = 8) -> [Float] {
  var random = RandomStream(seed: seed, stream: "kernel tests")
  return (0..<count).map { _ in Float((random.uniform() - 0.5) * 2 * scale) }
}

@Suite(.serialized) struct KernelTests {
  static let lengths = [1, 2, 15, 16, 17, 31, 64, 100, 769]

  @Test(arguments: lengths) func softmaxMatchesDouble(_ n: Int) {
    var x = spread(n, scale: 20)
    let wide = x.map { Double($0) }
    let top = wide.max() ?? 0
    let sum = wide.reduce(0) { $0 + exp($1 - top) }
    Kernels.softmax(&x, count: n)
    for i in 0..<n {
      let expected = exp(wide[i] - top) / sum
      // x − max is rounded to float before the exponential, which magnifies that rounding.
      let tolerance = 5e-7 + 6e-8 * abs(wide[i] - top)
      #expect(abs(Double(x[i]) - expected) <= tolerance * expected + 1e-38)
    }
  }

  @Test func softmaxOfMaskedScoresIsExactlyZeroThere() {
    var x: [Float] = [1, -.infinity, 2, -.infinity]
    Kernels.softmax(&x, count: 4)
    #expect(x[1] == 0 && x[3] == 0)
    #expect(abs(x[0] + x[2] - 1) < 1e-6)
  }

  @Test(arguments: lengths) func logSumExpMatchesDouble(_ n: Int) {
    let x = spread(n, scale: 30)
    let top = Double(x.max() ?? 0)
    let expected = top + log(x.reduce(0.0) { $0 + exp(Double($1) - top) })
    #expect(abs(Kernels.logSumExp(x, count: n) - expected) < 2e-7 * max(1, abs(expected)))
  }

  @Test func logSumExpOfNothingAndOfInfinities() {
    #expect(Kernels.logSumExp([], count: 0) == -.infinity)
    #expect(Kernels.logSumExp([-.infinity, -.infinity], count: 2) == -.infinity)
    #expect(Kernels.logSumExp([1, .infinity], count: 2) == .infinity)
    #expect(Kernels.logSumExp([1, .nan], count: 2).isNaN)
  }

  @Test(arguments: lengths) func normsMatchDouble(_ n: Int) {
    let x = spread(n, seed: 3)
    let gain = spread(n, seed: 4, scale: 2)
    let bias = spread(n, seed: 5, scale: 1)
    let mean = x.reduce(0.0) { $0 + Double($1) } / Double(n)
    let square = x.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(n)
    let variance = x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(n)
    var rms = [Float](repeating: 0, count: n)
    var layer = rms
    Kernels.rmsNorm(x, gain: gain, epsilon: 1e-5, to: &rms, count: n)
    Kernels.layerNorm(x, gain: gain, bias: bias, epsilon: 1e-5, to: &layer, count: n)
    for i in 0..<n {
      let expectedRMS = Double(gain[i]) * Double(x[i]) / sqrt(square + 1e-5)
      let expectedLayer = Double(gain[i]) * (Double(x[i]) - mean) / sqrt(variance + 1e-5) + Double(bias[i])
      #expect(abs(Double(rms[i]) - expectedRMS) < 3e-7 * (1 + abs(expectedRMS)))
      // A single element has no variance: its rounding is magnified by 1/√ε.
      #expect(abs(Double(layer[i]) - expectedLayer) < (n == 1 ? 1e-3 : 2e-6) * (1 + abs(expectedLayer)))
    }
  }

  @Test func normInPlaceWithoutGainOrBias() {
    var x: [Float] = [3, 4]
    x.withUnsafeMutableBufferPointer { buffer in
      guard let p = buffer.baseAddress else { return }
      Kernels.rmsNorm(p, gain: nil, epsilon: 0, to: p, count: 2)
    }
    #expect(abs(x[0] - 3 / Float(12.5).squareRoot()) < 1e-6)
  }

  @Test(arguments: lengths) func activationsMatchDouble(_ n: Int) {
    let x = spread(n, seed: 7, scale: 7)
    let up = spread(n, seed: 8, scale: 2)
    func check(
      _ name: String, _ tolerance: Double, _ run: (UnsafeMutablePointer<Float>) -> Void, _ f: (Double, Double) -> Double
    ) {
      var y = x
      run(&y)
      for i in 0..<n {
        let expected = f(Double(x[i]), Double(up[i]))
        #expect(abs(Double(y[i]) - expected) <= tolerance * (abs(expected) + 1e-3), "\(name) at \(x[i])")
      }
    }
    let inner = { (v: Double) in (2 / Double.pi).squareRoot() * (v + 0.044715 * v * v * v) }
    check("gelu_new", 2e-6, { Kernels.geluTanh($0, count: n) }) { v, _ in 0.5 * v * (1 + tanh(inner(v))) }
    check("gelu", 2e-6, { Kernels.geluErf($0, count: n) }) { v, _ in 0.5 * v * erfc(-v / 2.0.squareRoot()) }
    check("silu", 1e-6, { Kernels.silu($0, count: n) }) { v, _ in v / (1 + exp(-v)) }
    check("silu gate", 1e-6, { Kernels.siluGate($0, up: up, count: n) }) { v, u in v / (1 + exp(-v)) * u }
    check("gelu gate", 2e-6, { Kernels.geluTanhGate($0, up: up, count: n) }) { v, u in
      0.5 * v * (1 + tanh(inner(v))) * u
    }
    check("tanh", 1e-6, { Kernels.tanh($0, count: n) }) { v, _ in tanh(v) }
    check("relu", 0, { Kernels.relu($0, count: n) }) { v, _ in max(0, v) }
  }

  @Test func activationsAtTheEdges() {
    var x: [Float] = [-200, -88, 0, 88, 200, .nan]
    Kernels.geluErf(&x, count: 6)
    #expect(abs(x[0]) < 1e-30 && abs(x[1]) < 1e-30 && x[2] == 0 && x[3] == 88 && x[4] == 200 && x[5].isNaN)
    x = [-200, -88, 0, 88, 200, .nan]
    Kernels.silu(&x, count: 6)
    #expect(abs(x[0]) < 1e-30 && x[2] == 0 && x[3] == 88 && x[4] == 200 && x[5].isNaN)
    x = [-200, 200, 0, .nan]
    Kernels.tanh(&x, count: 4)
    #expect(x[0] == -1 && x[1] == 1 && x[2] == 0 && x[3].isNaN)
  }

  @Test func everyHalfWidensExactly() {
    let patterns = (0...UInt16.max).map { $0 }
    var wide = [Float](repeating: 0, count: patterns.count)
    Kernels.widenHalf(patterns, to: &wide, count: patterns.count)
    for (pattern, value) in zip(patterns, wide) {
      let expected = Float(Float16(bitPattern: pattern))
      #expect(expected.isNaN ? value.isNaN : value.bitPattern == expected.bitPattern)
    }
  }

  @Test func everyBrainFloatWidensExactly() {
    let patterns = (0...UInt16.max).map { $0 }
    var wide = [Float](repeating: 0, count: patterns.count)
    Kernels.widenBrain(patterns, to: &wide, count: patterns.count)
    #expect(zip(patterns, wide).allSatisfy { $1.bitPattern == UInt32($0) << 16 })
  }

  @Test func sumsAndCounts() {
    let x = spread(1001), y = spread(1001, seed: 2)
    #expect(abs(Kernels.dot(x, y, count: 1001) - zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }) < 1e-9)
    #expect(abs(Kernels.sum(x, count: 1001) - x.reduce(0.0) { $0 + Double($1) }) < 1e-9)
    #expect(Kernels.maximum(x, count: 1001) == x.max())
    #expect(Kernels.maximum([1, .nan, 2], count: 3).isNaN)
    #expect(Kernels.countNonFinite([0, .nan, .infinity, -.infinity, 1], count: 5) == 3)
  }

  @Test func instructionSetsAgreeBitForBit() {
    let original = Kernels.instructionSet
    defer { _ = Kernels.useInstructionSet(original) }
    func all() -> [UInt64] {
      var bits: [UInt64] = []
      for n in Self.lengths {
        let x = spread(n, seed: 11, scale: 12)
        for kernel in [Kernels.softmax, Kernels.geluTanh, Kernels.geluErf, Kernels.silu, Kernels.tanh] {
          var y = x
          kernel(&y, n)
          bits += y.map { UInt64($0.bitPattern) }
        }
        var y = x
        Kernels.layerNorm(x, gain: x, bias: x, epsilon: 1e-5, to: &y, count: n)
        bits += y.map { UInt64($0.bitPattern) }
        Kernels.rmsNorm(x, gain: x, epsilon: 1e-5, to: &y, count: n)
        bits += y.map { UInt64($0.bitPattern) }
        bits += [Kernels.logSumExp(x, count: n).bitPattern, Kernels.dot(x, x, count: n).bitPattern]
      }
      return bits
    }
    #expect(Kernels.useInstructionSet("portable"))
    let expected = all()
    for name in ["avx2", "avx512"] where Kernels.useInstructionSet(name) {
      #expect(Kernels.instructionSet == name)
      #expect(all() == expected)
    }
    #expect(!Kernels.useInstructionSet("abacus"))
  }
}
