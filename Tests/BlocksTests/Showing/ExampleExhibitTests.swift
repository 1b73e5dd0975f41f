import Blocks
import Charts
import Directives
import TestSupport
import Testing

/// Every view shows its own example, in both languages and both forms, without a model.
@Suite struct ExampleExhibitTests {
  @Test(arguments: Registry.standard.blocks.map(\.schema.name)) func showsItsExample(name: String) throws {
    let block = try #require(Registry.standard.block(name))
    var text = ""
    for language in Language.allCases {
      for form in [OutputForm.figure, .table] {
        for evaluation in try block.examples(as: form) {
          let exhibit = evaluation.exhibit(in: language)
          if form == .table { #expect(exhibit.kind == .table) }
          text += "## \(name) \(evaluation.bound.view.joined(separator: " ")), \(language), as \(exhibit.kind)\n"
          text += exhibit.caption + "\n" + exhibit.notes.map { "- " + $0 + "\n" }.joined()
          text += Self.content(exhibit, language) + "\n"
        }
      }
    }
    #expect(try Snapshot.difference(text, "BlocksTests/Snapshots/\(name).txt") == nil)
  }

  private static func content(_ exhibit: Exhibit, _ language: Language) -> String {
    switch exhibit.content {
    case .chart(let chart):
      // That it can be drawn; how it looks is for the tests of Charts.
      #expect(chart.svg(in: PlotContext(idPrefix: "f")).html.hasPrefix("<svg"))
      return chart.data(words: language.chartWords).csv
    case .table(let table):
      let heads = table.columns.map { $0.title.plainText + ($0.unit.isEmpty ? "" : " (\($0.unit))") }
      return ([heads] + table.rows.map { $0.map(Self.text) }).map { $0.joined(separator: " | ") }
        .joined(separator: "\n")
    }
  }

  private static func text(_ cell: TableFigure.Cell) -> String {
    switch cell {
    case .number(let value): value.map { "\($0)" } ?? "undefined"
    case .text(let text): text
    case .markup(let markup, _): markup.html
    }
  }

  @Test func everyFieldOfEveryResultSaysWhatItHolds() throws {
    for block in Registry.standard.blocks {
      for view in block.documentation {
        #expect(!view.fields.isEmpty, "\(block.schema.name) \(view.words)")
        for field in view.fields { #expect(!field.text.isEmpty, "\(block.schema.name).\(field.path)") }
      }
    }
  }
}
