import Blocks
import Directives
import TestSupport
import Testing

@Suite struct ExhibitTests {
  private static func exhibit(_ text: String, _ language: Language = .english) throws -> Exhibit {
    try Asker().ask(text).exhibit(in: language)
  }

  @Test func captionsSayOnlyWhatIsShown() throws {
    let reference = Asker(bert: ProjectRoot.referenceModel("atlas-bert"))
    let both = try reference.ask("<<heatmap r2 both n=40>>").exhibit(in: .english).caption
    #expect(both.hasSuffix("Colours begin at 0: “≤ 0” stands for 23 of 56 cells. The diagonal is 1 by definition."))
    let table = try Self.exhibit("<<heatmap r2 both n=40 as=table>>").caption
    #expect(!table.contains("olour"))
    #expect(table.hasSuffix("The diagonal is 1 by definition."))
    #expect(try Self.exhibit("<<heatmap r2 diff n=40>>").caption.hasSuffix("The diagonal is 0 by definition."))
    #expect(try Self.exhibit("<<earlyexit 95% n=40>>").caption.hasSuffix("every sample leaves after the same block."))
    #expect(try Self.exhibit("<<earlyexit 95% n=40 as=table>>").caption.hasSuffix("percentage points."))
  }

  @Test(arguments: [("95%", "95%"), ("99.5%", "99.50%"), ("100%", "100%"), ("0.1%", "0.10%")])
  func theAskedShareIsNotRounded(asked: String, printed: String) throws {
    let caption = try Self.exhibit("<<earlyexit \(asked) n=40>>").caption
    #expect(caption.hasPrefix("Early exit at \(printed) agreement with the full model"))
  }

  @Test func fewerSamplesThanDimensionsAreSaid() throws {
    let notes = try Self.exhibit("<<heatmap r2 mat n=40>>").notes
    #expect(notes.contains("Fewer training samples than dimensions: the maps are minimum-norm solutions."))
    #expect(try Self.exhibit("<<heatmap r2 mat n=400>>").notes.isEmpty)
  }

  @Test func japaneseExhibitsSpeakJapanese() throws {
    for text in ["<<convergence n=5>>", "<<heatmap r2 mean solver=ridge n=30>>", "<<earlyexit 95% n=40>>"] {
      #expect(try Self.exhibit(text, .japanese).caption.hasSuffix("。"))
    }
  }

  @Test func provenanceNamesEverySettingOnce() throws {
    let evaluation = try Asker().ask("<<heatmap r2 mean n=30 train=20 test=10>>")
    let items = Provenance.items(evaluation, in: .english)
    let names = items.map(\.name).filter { !$0.isEmpty }
    #expect(
      names == [
        "model", "data", "texts", "positions", "train / test", "states", "split", "max-tokens", "standardize", "C",
        "epsilon", "solver", "pairs", "seed", "engine",
      ])
    #expect(items.first { $0.name == "C" }?.value == "1")
    #expect(items.first { $0.name == "train / test" }?.value == "20 / 10")
    let ridge = Provenance.items(try Asker().ask("<<heatmap r2 mean solver=ridge n=30>>"), in: .english)
    #expect(!ridge.contains { $0.name == "C" || $0.name == "epsilon" })
  }
}
