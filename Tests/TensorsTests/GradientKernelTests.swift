import Tensors
import Testing

/// The single-precision kernels of reverse mode against the double-precision ones, which are held to central differences
/// where they are used, and the instruction sets against each other.
@Suite(.serialized) struct GradientKernelTests {
  static let lengths = [1, 2, 15, 16, 17, 31, 64, 100, 769]

  @Test(arguments: ActivationFunction.allCases, lengths)
  func slopesMatchDouble(_ function: ActivationFunction, _ n: Int) {
    let x = spread(n, seed: 21, scale: 9)
    var found = x
    var expected = x.map { Double($0) }
    found.withUnsafeMutableBufferPointer { buffer in
      guard let p = buffer.baseAddress else { return }
      Float.slope(of: function, at: p, to: p, count: n)
    }
    expected.withUnsafeMutableBufferPointer { buffer in
      guard let p = buffer.baseAddress else { return }
      Double.slope(of: function, at: p, to: p, count: n)
    }
    for i in 0..<n { #expect(abs(Double(found[i]) - expected[i]) < 2e-6) }
    let zero: [Float] = [0, .nan]
    var slopes: [Float] = [7, 7]
    Float.slope(of: function, at: zero, to: &slopes, count: 2)
    #expect(slopes[1].isNaN)
    #expect(abs(slopes[0] - (function == .relu ? 0 : function == .tanh ? 1 : 0.5)) < 1e-6)
  }

  @Test(arguments: lengths) func softmaxAndNormsMatchDouble(_ n: Int) {
    let (x, gain, dy) = (spread(n, seed: 22), spread(n, seed: 23, scale: 2), spread(n, seed: 24, scale: 1))
    for centres in [false, true] {
      let statistics = Float.normStatistics(x, centres: centres, epsilon: 1e-2, count: n)
      let wide = Double.normStatistics(x.map { Double($0) }, centres: centres, epsilon: 1e-2, count: n)
      #expect(abs(statistics.inverse - wide.inverse) < 1e-6 * wide.inverse)
      var (dx, dgain) = ([Float](repeating: 0, count: n), [Float](repeating: 0, count: n))
      var (wideX, wideGain) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
      Float.normGradient(x, statistics, gain: gain, offset: 1, gradient: dy, to: &dx, count: n)
      Double.normGradient(
        x.map { Double($0) }, wide, gain: gain.map { Double($0) }, offset: 1, gradient: dy.map { Double($0) },
        to: &wideX, count: n)
      Float.normParameterGradient(x, statistics, gradient: dy, gain: &dgain, bias: nil, count: n)
      Double.normParameterGradient(
        x.map { Double($0) }, wide, gradient: dy.map { Double($0) }, gain: &wideGain, bias: nil, count: n)
      for i in 0..<n {
        #expect(abs(Double(dx[i]) - wideX[i]) < 5e-6 * max(1, wide.inverse))
        #expect(abs(Double(dgain[i]) - wideGain[i]) < 5e-6 * max(1, abs(wideGain[i])))
      }
    }
    var p = x
    Float.softmax(&p, count: n)
    var (dp, wideP) = (dy, dy.map { Double($0) })
    Float.softmaxGradient(p, gradient: &dp, scale: 0.5, count: n)
    Double.softmaxGradient(p.map { Double($0) }, gradient: &wideP, scale: 0.5, count: n)
    for i in 0..<n { #expect(abs(Double(dp[i]) - wideP[i]) < 1e-6) }
  }

  @Test func everyInstructionSetGivesTheSameBits() {
    let before = Kernels.instructionSet
    defer { _ = Kernels.useInstructionSet(before) }
    let n = 103
    let (x, gain, dy) = (spread(n, seed: 25), spread(n, seed: 26), spread(n, seed: 27, scale: 1))
    var results: [[UInt32]] = []
    for name in ["portable", "avx2", "avx512"] where Kernels.useInstructionSet(name) {
      var all: [Float] = []
      for function in ActivationFunction.allCases {
        var y = x
        Float.slope(of: function, at: x, to: &y, count: n)
        all += y
      }
      let statistics = Float.normStatistics(x, centres: true, epsilon: 1e-5, count: n)
      var (dx, dgain, dp) = (dy, dy, dy)
      Float.normGradient(x, statistics, gain: gain, offset: 0, gradient: dy, to: &dx, count: n)
      Float.normParameterGradient(x, statistics, gradient: dy, gain: &dgain, bias: nil, count: n)
      Float.softmaxGradient(gain, gradient: &dp, scale: 0.3, count: n)
      var (first, second, parameters) = (x.map(abs), gain.map(abs), x)
      var span = parameters.mutableSpan
      ParameterUpdates.adamW(
        &span, gradient: dy.span, first: &first, second: &second,
        AdamWFactors(keep: 0.99, blend: 0.1, beta2: 0.9, fresh: 0.1, root: 0.7, epsilon: 1e-6, step: -0.1))
      results.append((all + dx + dgain + dp + first + second + parameters).map(\.bitPattern))
    }
    let isSame = results.allSatisfy { $0 == results[0] }
    #expect(isSame && !results.isEmpty)
  }
}
