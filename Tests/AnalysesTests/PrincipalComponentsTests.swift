import Analyses
import Tensors
import Testing

@Suite struct PrincipalComponentsTests {
  private func rows(_ n: Int, _ d: Int, seed: Int) -> Matrix {
    var stream = RandomStream(seed: seed, stream: "test.components")
    return Matrix(rows: n, columns: d, values: (0..<n * d).map { _ in Float(stream.uniform() - 0.5) })
  }

  @Test func sharesAddUpAndDistancesAreKept() throws {
    let states = rows(6, 3, seed: 1)
    let found = try PrincipalComponents(of: states)
    #expect(abs(found.explained.compactMap { $0 }.reduce(0, +) - 1) < 1e-12, "three directions hold all of three")
    func squared(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    let (a, b) = (states.row(0).map(Double.init), states.row(5).map(Double.init))
    #expect(abs(squared(a, b) - squared(found.coordinates[0], found.coordinates[5])) < 1e-9)
    #expect(try PrincipalComponents(of: rows(6, 40, seed: 2)).explained.compactMap { $0 }.reduce(0, +) < 1)
  }

  /// Neither the order of the rows nor a constant added to all of them moves a path.
  @Test func orderAndOffsetDecideNothing() throws {
    let states = rows(7, 12, seed: 3)
    let found = try PrincipalComponents(of: states)
    let turned = try PrincipalComponents(of: states.rows(at: [3, 1, 6, 0, 2, 5, 4]))
    for (place, row) in [3, 1, 6, 0, 2, 5, 4].enumerated() {
      for axis in 0..<3 { #expect(abs(turned.coordinates[place][axis] - found.coordinates[row][axis]) < 1e-9) }
    }
    let moved = try PrincipalComponents(
      of: Matrix(rows: 7, columns: 12, values: states.values.enumerated().map { $1 + Float($0 % 12) }))
    for row in 0..<7 {
      for axis in 0..<3 { #expect(abs(moved.coordinates[row][axis] - found.coordinates[row][axis]) < 1e-5) }
    }
  }

  @Test func unitLengthLeavesDirectionsAlone() throws {
    let states = rows(5, 6, seed: 4)
    let longer = Matrix(rows: 5, columns: 6, values: states.values.enumerated().map { $1 * Float(1 + $0 / 6) })
    let (a, b) = (
      try PrincipalComponents(of: states, scaling: .unit), try PrincipalComponents(of: longer, scaling: .unit)
    )
    for row in 0..<5 { for axis in 0..<3 { #expect(abs(a.coordinates[row][axis] - b.coordinates[row][axis]) < 1e-6) } }
  }

  @Test func missingComponentsAreZeroAndEqualRowsHaveNone() throws {
    let two = try PrincipalComponents(of: rows(2, 5, seed: 5))
    #expect(two.coordinates.allSatisfy { abs($0[1]) < 1e-6 && $0[2] == 0 })
    let equal = try PrincipalComponents(of: Matrix(rows: 3, columns: 4, values: Array(repeating: 2, count: 12)))
    #expect(equal.explained == [nil, nil, nil])
  }
}
