import Tensors
import Testing

/// A matrix of reproducible numbers between -1 and 1.
func random(_ rows: Int, _ columns: Int, seed: UInt64 = 1) -> DoubleMatrix {
  var stream = RandomStream(seed: seed, stream: "product tests")
  return DoubleMatrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in stream.uniform() * 2 - 1 })
}

/// The product by its definition.
func naiveProduct(_ a: DoubleMatrix, _ b: DoubleMatrix) -> DoubleMatrix {
  var c = DoubleMatrix(rows: a.rows, columns: b.columns)
  for i in 0..<a.rows {
    for j in 0..<b.columns {
      c[i, j] = (0..<a.columns).reduce(0.0) { $0 + a[i, $1] * b[$1, j] }
    }
  }
  return c
}

func largestDifference(_ a: DoubleMatrix, _ b: DoubleMatrix) -> Double {
  zip(a.values, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

@Suite(.serialized) struct ProductTests {
  static let shapes = [
    [1, 1, 1], [1, 70, 33], [70, 1, 33], [5, 7, 3], [64, 64, 64], [100, 333, 51], [3, 1100, 20],
  ]

  @Test(arguments: shapes) func productsMatchTheDefinition(_ shape: [Int]) {
    let a = random(shape[0], shape[2]), b = random(shape[2], shape[1], seed: 2)
    let expected = naiveProduct(a, b)
    #expect(largestDifference(multiply(a, b), expected) < 1e-12)
    #expect(largestDifference(multiply(a.transposed(), b, transposeA: true), expected) < 1e-12)
    #expect(largestDifference(multiply(a, b.transposed(), transposeB: true), expected) < 1e-12)
    #expect(
      largestDifference(multiply(a.transposed(), b.transposed(), transposeA: true, transposeB: true), expected) < 1e-12)
    #expect(largestDifference(multiply(a.single, b.single).double, expected) < 1e-4)
  }

  @Test func productsInPlaceAccumulate() {
    let a = random(9, 4), b = random(4, 6, seed: 2)
    var c = DoubleMatrix(rows: 9, columns: 6, values: Array(repeating: .nan, count: 54))
    multiply(a, b, into: &c)
    let expected = naiveProduct(a, b)
    #expect(largestDifference(c, expected) < 1e-14)
    multiply(a, b, scale: -2, into: &c, keep: 2)
    #expect(c.values.allSatisfy { abs($0) < 1e-13 })
  }

  /// Rows that are multiplied apart have the bits that they have among all, whatever the whole is cut into.
  @Test(arguments: [[30, 40, 16], [500, 700, 64], [1300, 260, 33]], [false, true])
  func rowsOfAPartRoundAsInTheWhole(_ shape: [Int], fillsTiles: Bool) {
    let (m, n, k) = (shape[0], shape[1], shape[2])
    let a = random(m, k).single, b = random(n, k, seed: 2).single
    func product(_ rows: Range<Int>, _ part: RowPart?) -> Matrix {
      Matrix(rows: rows.count, columns: n) { c in
        a.withUnsafePointer { a0 in
          b.withUnsafePointer { b0 in
            Products.gemm(
              transposeB: true, m: rows.count, n: n, k: k, a: a0 + rows.lowerBound * k, lda: k, b: b0, ldb: k, c: c,
              ldc: n, fillsTiles: fillsTiles, part: part)
          }
        }
      }
    }
    let whole = product(0..<m, nil)
    for cuts in [[0, m], [0, 1, m], [0, 17, 18, m - 1, m], [0, m / 3, m / 2, m]] {
      for (first, end) in zip(cuts, cuts.dropFirst()) {
        let part = product(first..<end, RowPart(first: first, whole: m))
        #expect(part == whole.rows(first..<end), "\(first)..<\(end)")
      }
    }
  }

  @Test func tilesOfAPartAreThoseOfTheWhole() {
    let all = RowPart(all: 10).tiles(of: 4, count: 10)
    #expect(all.map(\.rows) == [0..<4, 4..<8, 8..<10])
    #expect(all.map(\.part) == [RowPart(all: 4), RowPart(all: 4), RowPart(all: 2)])
    let some = RowPart(first: 3, whole: 10).tiles(of: 4, count: 6)
    #expect(some.map(\.rows) == [0..<1, 1..<5, 5..<6])
    #expect(some.map(\.part) == [RowPart(first: 3, whole: 4), RowPart(all: 4), RowPart(first: 0, whole: 2)])
    #expect(RowPart(first: 3, whole: 10).tiles(of: 4, count: 0).isEmpty)
  }

  @Test func emptyProducts() {
    #expect(multiply(DoubleMatrix(rows: 0, columns: 3), DoubleMatrix(rows: 3, columns: 2)).rows == 0)
    #expect(multiply(DoubleMatrix(rows: 2, columns: 0), DoubleMatrix(rows: 0, columns: 2)).values == [0, 0, 0, 0])
    #expect(gram(DoubleMatrix(rows: 2, columns: 0)).values == [0, 0, 0, 0])
  }

  @Test(arguments: [[1, 5], [20, 7], [400, 30], [700, 40]]) func gramIsTheProductWithItself(_ shape: [Int]) {
    let a = random(shape[0], shape[1])
    let expected = multiply(a, a, transposeB: true)
    #expect(largestDifference(gram(a), expected) < 1e-12)
    #expect(largestDifference(gram(a.transposed(), ofColumns: true), expected) < 1e-12)
    let g = gram(a)
    #expect(g == g.transposed())
  }

  /// The promise that every number in a report rests on.
  @Test func threadsChangeNoBit() throws {
    let before = Compute.threads
    defer { Compute.threads = before }
    func all() throws -> [[Double]] {
      let a = random(300, 700), b = random(700, 517, seed: 2)
      let g = gram(a)
      var regular = g
      for i in 0..<300 { regular[i, i] += 1 }
      var wide = gram(random(500, 600))
      for i in 0..<500 { wide[i, i] += 1 }
      var x = random(500, 100)
      let factor = try Cholesky(wide)
      factor.solve(&x)
      return [
        multiply(a, b).values, multiply(a.single, b.single).values.map(Double.init), g.values, x.values,
        multiply(a.rows(0..<1), b).values, try Cholesky(regular).inverse().values,
      ]
    }
    Compute.threads = 1
    let one = try all()
    for threads in [2, 3, 7] {
      Compute.threads = threads
      #expect(try all() == one)
    }
  }

  @Test func parallelForVisitsEachIndexOnceAndNests() {
    let before = Compute.threads
    defer { Compute.threads = before }
    Compute.threads = 4
    var counts = [Int](repeating: 0, count: 1000)
    counts.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      Compute.parallelFor(count: 10) { outer in
        Compute.parallelFor(count: 100, chunk: 30) { for inner in $0 { base[outer * 100 + inner] += 1 } }
      }
    }
    #expect(counts.allSatisfy { $0 == 1 })
    Compute.parallelFor(count: 0) { _ in Issue.record("no index to run") }
  }

  @Test func rowsAndColumns() {
    let a = random(7, 40)
    #expect(a.rows(at: [3, 0, 3]).row(2) == a.row(3))
    #expect(a.rows(2..<5).row(0) == a.row(2))
    #expect(a.columns(at: [39, 0]).column(0) == a.column(39))
    #expect(a.transposed().transposed() == a)
    #expect(DoubleMatrix.vertical([a.rows(0..<2), a.rows(2..<7)]) == a)
    #expect(multiply(a, a.row(1)).count == 7)
    #expect(abs(multiply(a, a.row(1))[1] - a.row(1).reduce(0) { $0 + $1 * $1 }) < 1e-12)
    #expect(DoubleMatrix.vertical([]).rows == 0)
  }
}
