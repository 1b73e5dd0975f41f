import Blocks
import Testing

@Suite struct SeveralModelsTests {
  @Test func otherModelsStandUnderVersus() throws {
    let asker = Asker()
    let two = try asker.ask("<<convergence bert vs=causal n=5>>")
    #expect(two.json["vs"]?["model"]?["name"]?.stringValue == "causal")
    #expect(try asker.ask("<<convergence models=bert,causal n=5>>").json == two.json)
    #expect(two.exhibits(in: .english).map(\.model) == ["bert"])
    #expect(two.comparison.map(\.color) == [1])
  }

  @Test func viewsThatCannotOverlayHaveAnExhibitEach() throws {
    let asker = Asker()
    let maps = try asker.ask("<<heatmap r2 mat models=bert,causal n=60 position=random>>")
    #expect(maps.exhibits(in: .english).map(\.model) == ["bert", "causal"])
    #expect(maps.exhibits(in: .english).allSatisfy { $0.exhibit.kind == .figure })
    let table = try asker.ask("<<heatmap r2 mat models=bert,causal n=60 position=random as=table>>")
    let exhibits = table.exhibits(in: .english)
    #expect(exhibits.count == 1)
    guard case .table(let joined)? = exhibits.first?.exhibit.content else { return #expect(Bool(false)) }
    #expect(joined.rows.count == 7 + 13)
    #expect(joined.columns.map(\.title.html) == ["model", "source depth"] + (0...12).map { "\($0)" })
    let alone = try asker.ask("<<heatmap r2 mat causal n=60 position=random>>")
    #expect(maps.comparison.first?.result == alone.result)
  }
}
