import Blocks
import Testing

@Suite struct QuantityTests {
  @Test func pathsLeadToNumbers() throws {
    let asker = Asker()
    let distance = try asker.ask("<<convergence n=5>>").result["distance"]?.arrayValue ?? []
    #expect(distance.count == 6)
    #expect(try asker.value("<<value convergence.distance[-1] n=5>>") == distance[5].doubleValue)
    #expect(try asker.value("<<value convergence.distance[0] n=5>>") == distance[0].doubleValue)
    #expect(try asker.value("<<value heatmap.mat[0][1] r2 mat n=40>>") != nil)
    #expect(try asker.value("<<value heatmap.mat[1][0] r2 mat n=40>>") == nil)
  }

  @Test(arguments: [
    ("<<value convergence.distance[6] n=5>>", "'convergence.distance' has 6 entries, and [6] is none of them"),
    ("<<value convergence.distance[-7] n=5>>", "'convergence.distance' has 6 entries, and [-7] is none of them"),
    ("<<value convergence.distance n=5>>", "'convergence.distance' is not one number"),
    ("<<value convergence.score[0] n=5>>", "'convergence.score' is no list"),
    ("<<value convergence.nothing n=5>>", "'convergence' has no 'nothing'"),
  ])
  func pathsThatLeadNowhereSaySo(text: String, message: String) throws {
    #expect { try Asker().value(text) } throws: { ($0 as? EngineError)?.message == message }
  }
}
