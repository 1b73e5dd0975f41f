import Analyses
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// A head whose logits are the state itself.
private struct IdentityHead: Head {
  func logits(of states: Matrix) -> Matrix { states }
}

@Suite struct ShortcutTests {
  /// Logits ln 6, ln 3, ln 1 and ln 1: probabilities 6, 3, 1 and 1 of 11.
  private let final = Matrix(rows: 1, columns: 4, values: [0, 1.0986123, 1.7917595, 0])

  @Test(arguments: [(2, 1, 11.0 / 6), (1, 2, 11.0 / 3), (0, 3, 11.0), (3, 4, 11.0)])
  func placesAndSurprisals(token: Int, place: Int, inverse: Double) throws {
    let outcome = try ShortcutJudge.outcomes(of: [[token]], final: final, head: IdentityHead())[0]
    #expect(outcome.places == [place])
    #expect(abs(exp(outcome.surprisals[0]) - inverse) < 1e-5)
    #expect(outcome.precision(at: place) == 1 && outcome.precision(at: place - 1) == 0)
  }

  @Test func whatNamesNoTokenAgreesWithNothing() throws {
    let two = Matrix(rows: 2, columns: 2, values: [1, 0, 0, 1])
    let outcome = try ShortcutJudge.outcomes(of: [[0, nil]], final: two, head: IdentityHead())[0]
    #expect(outcome.overflows == 1 && outcome.surprisal == nil)
    #expect(outcome.precision(at: 1) == 0.5 && outcome.precision(at: 1000) == 0.5)
  }

  @Test func aStateThatOverflowsNamesNoToken() throws {
    let model = try Model.open(ProjectRoot.fixture("gpt2"))
    let texts = [[1, 2, 3], [4, 5], [6]]
    let run = ReplacedRun(model, texts: texts, positions: [2, 0, 0], memory: 1 << 20)
    let exact = try run.top([])
    #expect(exact.allSatisfy { $0 != nil })
    let breaking = Tap.write(.residualOut, blocks: [0], positions: .each([[2], [], []])) { _, states in
      states.setRow(0, states.row(0).map { _ in Float.infinity })
    }
    let broken = try run.top([breaking])
    #expect(broken[0] == nil && broken[1] == exact[1] && broken[2] == exact[2])
    let curves = try run.tops(from: [[], [breaking]])
    #expect(curves[0].allSatisfy { $0 == exact })
    #expect(curves[1][0] == broken && curves[1][1] == exact)
  }

  @Test func confidencesOfKnownDistributions() throws {
    let reading = try LensReading.read(final, through: IdentityHead())
    #expect(abs(reading.maximum[0] - 6.0 / 11) < 1e-6)
    #expect(abs(reading.gap[0] - 3.0 / 11) < 1e-6)
    // H = ln 11 - (6 ln 6 + 3 ln 3) / 11.
    #expect(abs(reading.certainty[0] - (1 - 1.1209504 / 1.3862944)) < 1e-5)
    let even = try LensReading.read(Matrix(rows: 1, columns: 3, values: [2, 2, 2]), through: IdentityHead())
    #expect(even.confidence(.entropy)[0] < 1e-12 && even.confidence(.gap) == [0])
    let certain = try LensReading.read(Matrix(rows: 1, columns: 3, values: [0, 900, 0]), through: IdentityHead())
    for measure in ExitRule.Confidence.allCases { #expect(certain.confidence(measure) == [1]) }
  }

  @Test func mapsAddTheirConstants() {
    let map = AffineMap(weights: Matrix(rows: 2, columns: 2, values: [0, 1, 2, 0]), intercept: [10, 20])
    let image = map.apply(Matrix(rows: 2, columns: 2, values: [1, 2, 3, 4]))
    #expect(image == Matrix(rows: 2, columns: 2, values: [14, 21, 18, 23]))
  }

  @Test func schedulesCountTheirBlocks() {
    let schedule = AlternationSchedule(run: 2, jump: 3)
    #expect(schedule.jumps(blocks: 12) == [2..<5, 7..<10])
    #expect(schedule.executed(blocks: 12) == 6)
    #expect(AlternationSchedule(run: 1, jump: 4).jumps(blocks: 8) == [1..<5, 6..<8])
    #expect(AlternationSchedule(run: 0, jump: 3).executed(blocks: 7) == 0)
    #expect(AlternationSchedule(run: 9, jump: 1).executed(blocks: 7) == 7)
  }
}

@Suite struct BootstrapTests {
  /// For many samples the band is the normal one: 1.96 standard errors to either side.
  @Test func bandsAreAsWideAsTheNormalOnes() {
    let values = (0..<2000).map { $0 % 10 < 3 ? 1.0 : 0.0 }
    let band = Bootstrap(seed: 42).bands(of: [values], stream: "test")[0]
    let half = 1.96 * (0.3 * 0.7 / 2000).squareRoot()
    #expect(abs(band.low - (0.3 - half)) < 0.1 * half && abs(band.high - (0.3 + half)) < 0.1 * half)
  }

  @Test func curvesShareTheirDraws() {
    let values = (0..<50).map { Double($0 * $0 % 17) }
    let bootstrap = Bootstrap(seed: 1)
    let bands = bootstrap.bands(of: [values, values.map { 2 * $0 + 1 }, values.map { _ in 4 }], stream: "test")
    #expect(abs(bands[1].low - (2 * bands[0].low + 1)) < 1e-9 && abs(bands[1].high - (2 * bands[0].high + 1)) < 1e-9)
    #expect(bands[2] == Band(low: 4, high: 4))
    #expect(bootstrap.bands(of: [values], stream: "test") == [bands[0]])
    #expect(bootstrap.bands(of: [values], stream: "other") != [bands[0]])
    #expect(Bootstrap(seed: 2).bands(of: [values], stream: "test") != [bands[0]])
  }
}
