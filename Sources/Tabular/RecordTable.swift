import JSONText

/// A table as an author's file holds it: named columns, and rows of values.
public struct RecordTable: Sendable, Equatable {
  /// How a file spells a table.
  public enum Format: String, Sendable, CaseIterable {
    case csv, tsv, json, jsonl

    /// The format that a file's name ends in; nil for any other ending.
    public init?(path: String) {
      guard let format = Self.allCases.first(where: { path.hasSuffix("." + $0.rawValue) }) else { return nil }
      self = format
    }
  }

  /// One row.
  public struct Row: Sendable, Equatable {
    /// Where it stands in its file, to follow "in": `line 7` or `element 3`.
    public var place: String
    /// As many values as there are columns: null, a truth value, a number or a text.
    public var cells: [JSONValue]
  }

  /// The columns' names, each one once.
  public let columns: [String]
  public let rows: [Row]

  /// Reads a whole file's bytes.
  ///
  /// Fields of `csv` and `tsv` are texts, empty ones null. `json` is an array of objects, `jsonl` one object a line:
  /// a column for each member, in the order in which they first appear, and null where an object has none.
  ///
  /// - Throws: `TabularError` with line and column.
  public init(reading bytes: [UInt8], as format: Format) throws(TabularError) {
    if let foreign = ForeignFormat(bytes) { throw TabularError("the file is \(foreign.name)", hint: foreign.hint) }
    switch format {
    case .csv: self.init(try DelimitedText(reading: bytes))
    case .tsv: self.init(try DelimitedText(reading: bytes, separator: .tab))
    case .json: try self.init(objects: JSONRecords.elements(of: bytes))
    case .jsonl: try self.init(objects: JSONRecords.lines(of: bytes))
    }
  }

  /// The place of a column's name; nil where no column is called so.
  public func index(ofColumn name: String) -> Int? {
    columns.firstIndex { $0.utf8.elementsEqual(name.utf8) }
  }

  private init(_ text: DelimitedText) {
    columns = text.columns
    rows = text.rows.map { row in
      Row(place: "line \(row.line)", cells: row.fields.map { $0.map { .string($0) } ?? .null })
    }
  }

  private init(objects: [JSONRecords.Record]) throws(TabularError) {
    var columns: [String] = []
    var places: [[UInt8]: Int] = [:]
    for record in objects {
      for (name, value) in record.members {
        if places[Array(name.utf8)] == nil {
          places[Array(name.utf8)] = columns.count
          columns.append(name)
        }
        switch value {
        case .array, .object:
          throw TabularError(
            "'\(shown(name))' in \(record.place) is an \(value.typeName): a table holds texts and numbers")
        default: continue
        }
      }
    }
    self.columns = columns
    rows = objects.map { record in
      var cells = [JSONValue](repeating: .null, count: columns.count)
      for (name, value) in record.members { cells[places[Array(name.utf8), default: 0]] = value }
      return Row(place: record.place, cells: cells)
    }
  }
}
