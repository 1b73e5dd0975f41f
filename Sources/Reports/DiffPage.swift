import Charts
import JSONText
import Markup
import Results

/// A comparison of two states of a report as a page: what changed, by how much, and where.
public struct DiffPage {
  private let diff: ResultDiff
  private let generator: String

  /// How many changed values of one directive are listed.
  private static let limit = 40

  /// The page of a comparison.
  public init(diff: ResultDiff, generator: String) {
    self.diff = diff
    self.generator = generator
  }

  /// The file's text.
  public var html: String {
    var page = PageSkeleton(title: "What changed", body: body)
    page.subtitle = "\(diff.oldLabel) → \(diff.newLabel)"
    page.generator = generator
    page.headings = diff.pairs.indices.filter { !diff.pairs[$0].isSame }.map {
      PageSkeleton.Heading(level: 2, id: "change-\($0 + 1)", title: TrustedMarkup(text: diff.pairs[$0].id))
    }
    return page.html()
  }

  private var body: TrustedMarkup {
    MarkupWriter.make { writer in
      writer.element("p") {
        $0.element("strong", text: diff.isBeyond ? "Changed beyond tolerance. " : "Within tolerance. ")
        $0.text(diff.summary + ".")
      }
      if !diff.faults.isEmpty {
        writer.element("h2", text: "Not as recorded")
        writer.element("ul") { list in for fault in diff.faults { list.element("li", text: fault) } }
      }
      for (index, pair) in diff.pairs.enumerated() where !pair.isSame { write(pair, index, to: &writer) }
      list("Added", diff.added, to: &writer)
      list("Removed", diff.removed, to: &writer)
      let same = diff.pairs.filter(\.isSame)
      if !same.isEmpty {
        writer.element("h2", text: "Unchanged")
        writer.element("ul") { list in
          for pair in same { list.element("li") { $0.element("code", text: "<<\(pair.directive)>>") } }
        }
      }
      if !diff.prose.isEmpty {
        writer.element("h2", text: "Prose")
        writer.element("pre", text: diff.prose.lines.map(\.marked).joined(separator: "\n"))
      }
    }
  }

  private func list(_ title: String, _ entries: [ResultSet.Entry], to writer: inout MarkupWriter) {
    guard !entries.isEmpty else { return }
    writer.element("h2", text: title)
    writer.element("ul") { list in
      for entry in entries {
        list.element("li") {
          $0.text(entry.id + " ")
          $0.element("code", text: "<<\(entry.directive)>>")
        }
      }
    }
  }

  private func write(_ pair: ResultDiff.Pair, _ index: Int, to writer: inout MarkupWriter) {
    writer.newLine()
    writer.element("h2", ["id": "change-\(index + 1)"], text: pair.id)
    writer.element("p") { $0.element("code", text: "<<\(pair.directive)>>") }
    if let old = pair.oldDirective {
      writer.element("p") {
        $0.text("was ")
        $0.element("code", text: "<<\(old)>>")
      }
    }
    if !pair.inputs.isEmpty {
      writer.element("ul") { list in for change in pair.inputs { list.element("li", text: "input \(change)") } }
    }
    guard let values = pair.values else {
      writer.element("p", text: "The result changed; only its digest is at hand.")
      return
    }
    writer.element(
      "p",
      text: "\(values.changes.count) of \(values.cells) values changed, \(values.beyond) beyond \(pair.tolerance)."
        + (values.largest.map { " Largest change: \($0.line)." } ?? ""))
    for (number, map) in pair.maps.enumerated() where map.largest > 0 {
      writer.markup(Self.figure(map, id: "change-\(index + 1)-map-\(number + 1)"))
    }
    writer.markup(table(of: values, id: "change-\(index + 1)-values"))
  }

  /// New minus old, coloured symmetrically around zero.
  private static func figure(_ map: DeltaMap, id: String) -> TrustedMarkup {
    let chart = HeatmapChart(
      title: "Change of \(map.path)",
      matrix: CellMatrix(rows: map.rows, columns: map.columns, values: map.values),
      rows: .numbers("row", 0..<map.rows), columns: .numbers("column", 0..<map.columns),
      scale: .difference("new − old", reach: map.largest, format: .significant(2)))
    return FigureFrame(
      id: id, label: "", caption: TrustedMarkup(text: "Change of \(map.path), new minus old."),
      charts: [(chart: chart, caption: .empty)]
    ).html()
  }

  private func table(of values: ValueComparison, id: String) -> TrustedMarkup {
    let shown = values.changes.prefix(Self.limit)
    let rest = values.changes.count - shown.count
    let rows = shown.map { change -> [TableFigure.Cell] in
      [
        .text((change.isBeyond ? "" : "(within) ") + "\(change.path)"), .text(change.old.map { JSON.write($0) } ?? "–"),
        .text(change.new.map { JSON.write($0) } ?? "–"), change.absolute.map { .number($0) } ?? .text(""),
        change.relative.map { .number($0 * 100) } ?? .text(""),
      ]
    }
    return TableFigure(
      id: id, label: "",
      caption: TrustedMarkup(text: rest > 0 ? "The first \(shown.count) changes; \(rest) more." : ""),
      columns: [
        .text("place"), .text("old"), .text("new"), .init("change", format: .significant(3)),
        .init("change", unit: "%", format: .significant(3)),
      ], rows: Array(rows)
    ).html()
  }
}
