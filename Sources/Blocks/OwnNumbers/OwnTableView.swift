import Charts
import Diagnostics
import Directives
import JSONText
import Markup

extension Block {
  /// `<<table results.csv>>`: an author's own table.
  static let table = Block(
    "table", "a table of your own: a .csv, .tsv, .json or .jsonl file beside the template or in the book's folder",
    views: [OwnTableView()], takesModel: false,
    examples: ["<<table results.csv>>", "<<table results.csv columns=\"model,accuracy\" rows=20 digits=2>>"])
}

struct OwnTableView: FileView {
  /// The result.
  struct Cells: Codable, Sendable {
    @Field("how many rows the file has") var rows = 0
    @Field("the names of the columns, in the order shown") var names: [String] = []
    @Field("the cells of each column by its name: numbers, words, null where there is nothing") var columns: JSONValue =
      .object([:])
  }

  static let file = Key.file("file", "the table: a header, then one row a line")
  static let columns = Key<String?>.text("columns", "which columns, and in which order, separated by commas")
  static let rows = Key.int("rows", in: 1...1000, standard: 40, "how many rows are shown", unit: "rows").presentation
  static let digits = Key<Int?>.int("digits", in: 0...12, "decimals of numbers; as many as the file has by default")
    .presentation
  let keys: [any KeyDeclaration] = [file, columns, rows, digits]
  let engine = EngineIdentity("table", version: 1)
  var isTable: Bool { true }

  /// The most cells that a result holds.
  private static let limit = 200_000

  func example(_: BoundDirective) -> Cells {
    Cells(rows: 2, names: ["run", "accuracy"], columns: ["run": ["a", "b"], "accuracy": [0.93, nil]])
  }

  /// The columns are those of the file.
  func shape(of bound: BoundDirective) -> ResultShape {
    .object(["rows": .number, "names": .list(.text), "columns": .open])
  }

  func faults(of bound: BoundDirective) -> [Diagnostic] { OwnTable.faults(of: Self.file, in: bound) }

  func read(_ bound: BoundDirective, on bench: Workbench) throws -> Cells {
    let table = try OwnTable(bound[Self.file].first ?? "", of: bound, on: bench)
    let names = bound[Self.columns]?.namesBetweenCommas ?? table.columns
    guard names.count * table.rowCount <= Self.limit else {
      throw EngineError(
        "'\(table.file)' has \(NumberText.integer(names.count * table.rowCount)) cells, and a page's table "
          + "\(NumberText.integer(Self.limit)) at most", hint: "choose some with columns=")
    }
    var columns = JSONObject()
    for name in names {
      guard columns.append(.array(try table.column(name).cells), forKey: name) else {
        throw EngineError("columns= names '\(quotable(name))' twice")
      }
    }
    return Cells(rows: table.rowCount, names: names, columns: .object(columns))
  }

  func exhibit(_ shown: Shown<Cells>, in say: Language) -> Exhibit {
    let columns = shown.names.map {
      OwnTable.Column($0, shown.result.columns[$0]?.arrayValue ?? []).shown(digits: shown[Self.digits])
    }
    let count = min(shown.rows, shown[Self.rows])
    let file = code(shown[Self.file].first ?? "")
    let notes =
      count == shown.rows
      ? []
      : [
        say(
          "The first \(NumberText.integer(count)) of \(NumberText.integer(shown.rows)) rows; all of them are in \(file).",
          "\(file) の全 \(NumberText.integer(shown.rows)) 行のうち最初の \(NumberText.integer(count)) 行。")
      ]
    var exhibit = Exhibit(
      chart: nil, table: Table(0..<count, columns),
      caption: Exhibit.Caption(say("The rows of \(file).", "\(file) の各行。")), notes: Exhibit.Notes(notes))
    if count < shown.rows { exhibit.rest = Table(0..<shown.rows, columns) }
    return exhibit
  }
}

extension OwnTable.Column {
  /// The column as it is shown, its numbers with so many decimals, or as many as they are written with.
  fileprivate func shown(digits: Int?) -> TableColumn<Int> {
    guard isNumeric else {
      let texts = texts
      return .text(name) { texts.indices.contains($0) ? texts[$0] : "" }
    }
    // Whole numbers, such as a layer's, stay whole.
    let shown = decimals == 0 ? 0 : digits ?? min(6, decimals)
    return .number(name, { cells.indices.contains($0) ? cells[$0].doubleValue : nil }, decimals: shown)
  }
}
