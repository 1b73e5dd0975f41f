import Tensors
import Testing

@Suite struct FactorizationTests {
  /// AᵀA + I, well conditioned.
  func positive(_ n: Int) -> DoubleMatrix {
    var g = gram(random(n, n + 5))
    for i in 0..<n { g[i, i] += 1 }
    return g
  }

  @Test(arguments: [1, 2, 10, 150, 385, 450]) func choleskySolves(_ n: Int) throws {
    let a = positive(n)
    let b = random(n, 3, seed: 9)
    var x = b
    let factor = try Cholesky(a)
    factor.solve(&x)
    #expect(largestDifference(multiply(a, x), b) < 1e-9)
    #expect(largestDifference(multiply(try factor.inverse(), a), .identity(n)) < 1e-9)
    let rcond = factor.reciprocalCondition()
    #expect(rcond > 1e-7 && rcond <= 1)
  }

  @Test func singularMatricesAreRefused() {
    let error = #expect(throws: LinearAlgebraError.self) {
      try Cholesky(DoubleMatrix(rows: 3, columns: 3, values: [1, 0, 0, 0, -1, 0, 0, 0, 1]))
    }
    #expect(
      error?.description
        == "Cholesky factorisation of a matrix of order 3 failed: its leading minor of order 2 is not positive definite"
    )
    let notFinite = #expect(throws: LinearAlgebraError.self) {
      try Cholesky(DoubleMatrix(rows: 1, columns: 1, values: [.nan]))
    }
    #expect(
      notFinite?.description
        == "Cholesky factorisation of a matrix of order 1 failed: it holds a number that is not finite")
  }

  @Test(arguments: [1, 2, 30]) func eigenvectorsRebuildTheMatrix(_ n: Int) throws {
    let a = positive(n)
    let eigen = try SymmetricEigen(a)
    var scaled = eigen.vectors
    for i in 0..<n { scaled.setRow(i, eigen.vectors.row(i).map { $0 * eigen.values[i] }) }
    #expect(largestDifference(multiply(eigen.vectors, scaled, transposeA: true), a) < 1e-10)
    #expect(eigen.values == eigen.values.sorted())
  }

  @Test(arguments: [[1, 1], [4, 9], [9, 4]]) func singularValuesRebuildTheMatrix(_ shape: [Int]) throws {
    let a = random(shape[0], shape[1])
    let svd = try SingularValues(a)
    var scaled = svd.vt
    for i in 0..<svd.values.count { scaled.setRow(i, svd.vt.row(i).map { $0 * svd.values[i] }) }
    #expect(largestDifference(multiply(svd.u, scaled), a) < 1e-12)
    #expect(svd.values == svd.values.sorted(by: >))
  }
}

@Suite struct RandomStreamTests {
  @Test func matchesThePublishedGenerators() {
    // The reference implementations' outputs for SplitMix64 from 1234567 and xoshiro256** from 1, 2, 3, 4.
    var state: UInt64 = 1_234_567
    let split = (0..<5).map { _ in RandomStream.splitMix(&state) }
    #expect(
      split == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
      ])
    var xoshiro = RandomStream(state: (1, 2, 3, 4))
    #expect((0..<4).map { _ in xoshiro.next() } == [11520, 0, 1_509_978_240, 1_215_971_899_390_074_240])
  }

  @Test func streamsDifferByNameAndSeed() {
    var a = RandomStream(seed: 42, stream: "svr"), b = RandomStream(seed: 42, stream: "mat")
    var c = RandomStream(seed: 43, stream: "svr"), d = RandomStream(seed: 42, stream: "svr")
    let first = a.next()
    #expect(first != b.next() && first != c.next() && first == d.next())
  }

  @Test func integersArePlausiblyUniformAndPermutationsComplete() {
    var random = RandomStream(seed: 42, stream: "test")
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[random.integer(below: 7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
    #expect(random.permutation(100).sorted() == Array(0..<100))
    #expect(Set(random.sample(30, below: 40)).count == 30)
    #expect((0..<1000).allSatisfy { _ in (0..<1).contains(random.uniform()) })
  }
}
