import Diagnostics
import Directives
import Files
import JSONText
import Tabular

/// A table of an author's own as its file holds it, and what its columns are.
struct OwnTable {
  /// One column, all of its cells numbers, or not.
  struct Column {
    let name: String
    /// The cells: null where there is nothing, numbers where all the others are numbers.
    let cells: [JSONValue]
    /// Whether every cell is a number or nothing, and some cell is a number.
    let isNumeric: Bool

    init(_ name: String, _ cells: [JSONValue]) {
      (self.name, self.cells) = (name, cells)
      isNumeric = cells.contains { $0.doubleValue != nil } && cells.allSatisfy { $0.isNull || $0.doubleValue != nil }
    }

    /// The numbers; nil where there is none.
    var numbers: [Double?] { cells.map(\.doubleValue) }
    /// The cells as words; empty where there is nothing.
    var texts: [String] { cells.map { $0.stringValue ?? ($0.isNull ? "" : JSON.write($0)) } }
    /// The most decimals that a number is written with.
    var decimals: Int {
      cells.compactMap { if case .number(let number) = $0 { NumberReading.decimals(number.text) } else { nil } }.max()
        ?? 0
    }
  }

  /// How large a file may be, in bytes.
  private static let limit = 64 << 20

  /// The file as the directive names it.
  let file: String
  private let table: RecordTable

  /// Reads the file that a directive names.
  ///
  /// - Throws: `EngineError` with file, line and column.
  init(_ file: String, of bound: BoundDirective, on bench: Workbench) throws(EngineError) {
    self.file = file
    do {
      let mapped = try MappedFile(path: bench.path(file, for: bound))
      guard mapped.count <= Self.limit else {
        throw EngineError("'\(file)' has \(mapped.count >> 20) MiB, and a table \(Self.limit >> 20) at most")
      }
      let bytes = mapped.bytes(0..<mapped.count)
      guard !LargeFilePointer.isPointer(bytes) else {
        throw EngineError("cannot read '\(file)': \(LargeFilePointer.explanation)")
      }
      table = try RecordTable(reading: bytes, as: RecordTable.Format(path: file) ?? .csv)
    } catch let error as EngineError {
      throw error
    } catch let error as TabularError {
      throw EngineError("'\(file)': \(error)", hint: error.hint)
    } catch {
      throw EngineError("\(error)", hint: "the path is taken from the template's folder, then from the book's")
    }
  }

  /// What is wrong with the name of a file that should hold a table.
  static func faults(of key: Key<[String]>, in bound: BoundDirective) -> [Diagnostic] {
    guard let file = bound[key].first, RecordTable.Format(path: file) == nil else { return [] }
    let span = bound.directive.arguments.first { $0.value == file }?.valueSpan ?? bound.directive.span
    return [
      bound.directive.diagnostic(
        at: span, "'\(quotable(file))' is no table: expected a file that ends in .csv, .tsv, .json or .jsonl")
    ]
  }

  var columns: [String] { table.columns }
  var rowCount: Int { table.rows.count }

  /// Where a row stands in the file, such as `line 7`.
  func place(_ row: Int) -> String { table.rows[row].place }

  /// The column of a name.
  func column(_ name: String) throws(EngineError) -> Column {
    guard let index = table.index(ofColumn: name) else {
      throw EngineError(
        "'\(file)' has no column '\(quotable(name))'",
        hint: Spelling.hints(for: name, in: table.columns.map { quotable($0) }, noun: "columns").first)
    }
    let read = Column(name, table.rows.map { Self.read($0.cells[index]) })
    // A column of words keeps its cells as they are written, `007` among them.
    return read.isNumeric ? read : Column(name, table.rows.map { $0.cells[index] })
  }

  /// The column of a name, all of whose cells must be numbers or nothing.
  func numbers(_ name: String) throws(EngineError) -> [Double?] {
    let column = try column(name)
    if column.isNumeric { return column.numbers }
    for (row, cell) in column.cells.enumerated() where !Self.read(cell).isNull && Self.read(cell).doubleValue == nil {
      let shown = cell.stringValue.map { quotable($0, limit: 40) } ?? JSON.write(cell)
      throw EngineError("'\(file)', \(place(row)): '\(quotable(name))' is '\(shown)', which is no number")
    }
    return column.numbers.map { _ in nil }
  }

  /// What programs write where they have no number.
  private static let undefined: Set<String> = ["", "NaN", "nan", "NA", "null", "None"]

  /// A cell as a number where it is written as one, and as nothing where it says so.
  private static func read(_ cell: JSONValue) -> JSONValue {
    guard let text = cell.stringValue else { return cell }
    if undefined.contains(text) { return .null }
    guard let value = NumberReading.double(text) else { return cell }
    return (try? JSON.parse(text)) ?? .double(value)
  }
}
