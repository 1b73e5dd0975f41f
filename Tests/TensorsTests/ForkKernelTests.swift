import Foundation
import Tensors
import Testing

/// Kernels for many short continuations of a text against plain sums in double precision, and the instruction sets against
/// each other.
@Suite(.serialized) struct ForkKernelTests {
  private static func product(
    _ m: Int, _ n: Int, _ k: Int, transposed: Bool, hasBias: Bool, adds: Bool
  ) -> (found: [Float], expected: [Double]) {
    let (a, b) = (spread(m * k, seed: 31), spread(k * n, seed: 32, scale: 1))
    let (bias, addend) = (spread(n, seed: 33), spread(m * n, seed: 34))
    let matrix = b.withUnsafeBufferPointer { b in
      b.baseAddress.map {
        PanelMatrix($0, inner: k, columns: n, stride: transposed ? k : n, transposed: transposed)
      }
    }
    var c = addend
    c.withUnsafeMutableBufferPointer { c in
      guard let c = c.baseAddress, let matrix else { return }
      a.withUnsafeBufferPointer { a in
        bias.withUnsafeBufferPointer { bias in
          guard let a = a.baseAddress else { return }
          // The addend may be the result itself.
          matrix.multiply(
            (a, k), rows: m, bias: hasBias ? bias.baseAddress : nil, adding: adds ? (UnsafePointer(c), n) : nil,
            to: (c, n))
        }
      }
    }
    let expected = (0..<m * n).map { place in
      let (row, column) = (place / n, place % n)
      let sum = (0..<k).reduce(0.0) {
        $0 + Double(a[row * k + $1]) * Double(transposed ? b[column * k + $1] : b[$1 * n + column])
      }
      return sum + (hasBias ? Double(bias[column]) : 0) + (adds ? Double(addend[place]) : 0)
    }
    return (c, expected)
  }

  @Test(arguments: [
    (1, 1, 1), (3, 32, 5), (14, 31, 8), (15, 33, 7), (57, 70, 12), (29, 128, 34), (120, 64, 3), (15, 40, 1100),
  ])
  func panelsMultiply(_ m: Int, _ n: Int, _ k: Int) {
    for transposed in [false, true] {
      for (hasBias, adds) in [(false, false), (true, false), (false, true), (true, true)] {
        let (found, expected) = Self.product(m, n, k, transposed: transposed, hasBias: hasBias, adds: adds)
        for place in found.indices {
          #expect(abs(Double(found[place]) - expected[place]) < 1e-5 * Double(k) * max(1, abs(expected[place])))
        }
      }
    }
  }

  /// A row is what it is beside any others.
  @Test func rowsDoNotDependOnEachOther() {
    let (many, _) = Self.product(120, 50, 33, transposed: true, hasBias: true, adds: false)
    for rows in [1, 2, 13, 14, 57] {
      let (few, _) = Self.product(rows, 50, 33, transposed: true, hasBias: true, adds: false)
      // The same numbers are drawn in the same order: the first rows are the same.
      #expect(few.elementsEqual(many.prefix(rows * 50)))
    }
  }

  /// Forwards and back, with heads of a width that fills no vector too.
  private static func attention(queries: Int, length: Int, heads: Int, width: Int) -> [[Float]] {
    let across = heads * width
    let attention = ShortAttention(
      heads: heads, headWidth: width, scale: 0.3, length: length, stride: 3 * across)
    let (rows, dz) = (spread(length * 3 * across, seed: 41, scale: 1), spread(queries * across, seed: 42, scale: 1))
    var patterns = [Float](repeating: 0, count: heads * queries * length)
    var (z, dp) = ([Float](repeating: 0, count: queries * across), [Float](repeating: 0, count: rows.count))
    rows.withUnsafeBufferPointer { rows in
      dp.withUnsafeMutableBufferPointer { dp in
        guard let rows = rows.baseAddress, let dp = dp.baseAddress else { return }
        attention.apply(
          (rows, rows + across, rows + 2 * across), queries: queries, patterns: &patterns, to: &z)
        attention.backward(
          (rows, rows + across, rows + 2 * across), queries: queries, patterns: patterns, dz: dz,
          to: (dp, dp + across, dp + 2 * across))
      }
    }
    return [z, patterns, dp]
  }

  @Test(arguments: [(1, 5, 2, 8), (9, 9, 4, 32), (3, 20, 2, 24), (1, 1, 1, 3)])
  func attentionEqualsItsFormula(_ queries: Int, _ length: Int, _ heads: Int, _ width: Int) {
    let across = heads * width
    let rows = spread(length * 3 * across, seed: 41, scale: 1).map(Double.init)
    let dz = spread(queries * across, seed: 42, scale: 1).map(Double.init)
    let found = Self.attention(queries: queries, length: length, heads: heads, width: width)
    var (z, dp) = ([Double](repeating: 0, count: queries * across), [Double](repeating: 0, count: rows.count))
    func place(_ row: Int, _ part: Int, _ head: Int) -> Int { (row * 3 + part) * across + head * width }
    for head in 0..<heads {
      for query in 0..<queries {
        var scores = (0..<length).map { row in
          0.3 * (0..<width).reduce(0.0) { $0 + rows[place(query, 0, head) + $1] * rows[place(row, 1, head) + $1] }
        }
        let top = scores.max() ?? 0
        scores = scores.map { exp($0 - top) }
        let sum = scores.reduce(0, +)
        let p = scores.map { $0 / sum }
        let own = query * across + head * width
        let asked = (0..<length).map { row in
          (0..<width).reduce(0.0) { $0 + dz[own + $1] * rows[place(row, 2, head) + $1] }
        }
        let mean = zip(p, asked).reduce(0.0) { $0 + $1.0 * $1.1 }
        for row in 0..<length {
          let slope = 0.3 * p[row] * (asked[row] - mean)
          for index in 0..<width {
            z[own + index] += p[row] * rows[place(row, 2, head) + index]
            dp[place(query, 0, head) + index] += slope * rows[place(row, 1, head) + index]
            dp[place(row, 1, head) + index] += slope * rows[place(query, 0, head) + index]
            dp[place(row, 2, head) + index] += p[row] * dz[own + index]
          }
        }
      }
    }
    for (values, expected) in [(found[0], z), (found[2], dp)] {
      for index in values.indices { #expect(abs(Double(values[index]) - expected[index]) < 2e-5) }
    }
  }

  @Test(arguments: [1, 15, 16, 17, 100]) func geluAndItsSlope(_ n: Int) {
    let x = spread(n, seed: 51, scale: 6)
    var (value, slope, together, both) = (x, x, x, [Float](repeating: 0, count: n))
    Float.activate(.geluErf, &value, count: n)
    slope.withUnsafeMutableBufferPointer { slope in
      guard let p = slope.baseAddress else { return }
      Float.slope(of: .geluErf, at: p, to: p, count: n)
    }
    Kernels.geluErfAndSlope(&together, to: &both, count: n)
    for index in 0..<n {
      #expect(abs(both[index] - value[index]) < 1e-6 && abs(together[index] - slope[index]) < 1e-6)
    }
  }

  @Test func everyInstructionSetGivesTheSameBits() {
    let before = Kernels.instructionSet
    defer { _ = Kernels.useInstructionSet(before) }
    var results: [[[Float]]] = []
    for name in ["portable", "avx2", "avx512"] where Kernels.useInstructionSet(name) {
      var (x, y) = (spread(37, seed: 52, scale: 6), [Float](repeating: 0, count: 37))
      Kernels.geluErfAndSlope(&x, to: &y, count: 37)
      results.append(
        [x, y, Self.product(23, 45, 30, transposed: true, hasBias: true, adds: true).found]
          + Self.attention(queries: 4, length: 7, heads: 2, width: 24))
    }
    for other in results.dropFirst() { #expect(other == results[0]) }
  }
}
