import JSONText

extension CSVTable {
  /// The tables of a result, by one rule for every directive.
  ///
  /// 1. Names of nested members are joined by dots: `mat.layers`.
  /// 2. A single value is a column of the table `values`, which has one row.
  /// 3. An array of single values (or of equally long arrays of them) is a column of the table of all arrays of the same
  ///    shape, which has one row for each element, found by the index columns `i`, `j`, `k`, from 0. The table is named
  ///    after its first such column.
  /// 4. A list of objects is a table named after the list, with one row for each object, found by `i`. Lists inside its
  ///    objects are tables of their own, with the indices of the outer list before their own.
  /// 5. Anything else (a ragged or mixed array) is one cell that holds its JSON.
  ///
  /// Tables and columns stand in the order in which the result first mentions them.
  public static func tables(of result: JSONValue) -> [CSVTable] {
    var collector = CSVCollector()
    collector.walk(result, name: [], indices: [], group: CSVCollector.values)
    return collector.groups.map(\.table)
  }

  /// All of a result in one table: `quantity`, index columns as needed, and `value`; the quantities are named as the
  /// columns of `tables(of:)` are, with the names of lists before those of their members.
  public static func long(of result: JSONValue) -> CSVTable {
    var collector = CSVCollector()
    collector.walk(result, name: [], indices: [], group: CSVCollector.values)
    let cells = collector.groups.flatMap { group in group.cells.map { (group.qualified($0.column), $0) } }
    let depth = cells.map(\.1.indices.count).max() ?? 0
    let rows = cells.map { name, cell -> [JSONValue] in
      let places = (0..<depth).map { $0 < cell.indices.count ? JSONValue.int(cell.indices[$0]) : .null }
      return [.string(name)] + places + [cell.value]
    }
    return CSVTable(name: "", columns: ["quantity"] + indexNames(depth) + ["value"], rows: rows)
  }

  fileprivate static func indexNames(_ depth: Int) -> [String] {
    (0..<depth).map {
      $0 < 6 ? String(decoding: [UInt8(ascii: "i") + UInt8(truncatingIfNeeded: $0)], as: UTF8.self) : "i\($0)"
    }
  }
}

/// Sorts the single values of a result into tables.
private struct CSVCollector {
  static let values = "values"

  struct Cell {
    var column: String
    var indices: [Int]
    var value: JSONValue
  }

  /// A table in the making; the cells of a list leave out the list's name.
  struct Group {
    var id: String
    var list: String?
    var depth: Int
    var columns: [String] = []
    var columnPlaces: [String: Int] = [:]
    var cells: [Cell] = []
  }

  private(set) var groups: [Group] = []
  private var places: [String: Int] = [:]

  mutating func walk(_ value: JSONValue, name: [String], indices: [Int], group: String, list: String? = nil) {
    let path = name.joined(separator: ".")
    switch value {
    case .object(let object):
      for (key, member) in object { walk(member, name: name + [key], indices: indices, group: group, list: list) }
    case .array(let elements) where !elements.isEmpty && elements.allSatisfy { $0.objectValue != nil }:
      for (place, element) in elements.enumerated() {
        walk(element, name: name, indices: indices + [place], group: "list \(path)", list: path)
      }
    case .array:
      guard let shape = CSVCollector.shape(value), !shape.isEmpty else {
        return add(value, path, indices, group, list)
      }
      let id = list == nil ? "array \(shape)" : "array \(path)"
      declare(path, id, list, depth: indices.count + shape.count)
      spread(value, path: path, indices: indices, group: id, list: list)
    default:
      add(value, path, indices, group, list)
    }
  }

  private mutating func spread(_ value: JSONValue, path: String, indices: [Int], group: String, list: String?) {
    guard case .array(let elements) = value else { return add(value, path, indices, group, list) }
    for (place, element) in elements.enumerated() {
      spread(element, path: path, indices: indices + [place], group: group, list: list)
    }
  }

  private mutating func add(_ value: JSONValue, _ path: String, _ indices: [Int], _ id: String, _ list: String?) {
    declare(path, id, list, depth: indices.count)
    guard let place = places[id] else { return }
    groups[place].cells.append(Cell(column: column(path, list), indices: indices, value: value))
  }

  /// Makes sure that the table and the column exist, even where no row follows.
  private mutating func declare(_ path: String, _ id: String, _ list: String?, depth: Int) {
    if places[id] == nil {
      places[id] = groups.count
      groups.append(Group(id: id, list: list, depth: depth))
    }
    guard let place = places[id] else { return }
    let column = column(path, list)
    if groups[place].columnPlaces[column] == nil {
      groups[place].columnPlaces[column] = groups[place].columns.count
      groups[place].columns.append(column)
    }
  }

  private func column(_ path: String, _ list: String?) -> String {
    let column = list.flatMap { $0.isEmpty ? nil : String(path.dropFirst($0.count + 1)) } ?? path
    return column.isEmpty ? "value" : column
  }

  /// The lengths of a rectangular array of single values; [] for a single value, nil for anything else.
  static func shape(_ value: JSONValue) -> [Int]? {
    switch value {
    case .object: return nil
    case .array(let elements):
      guard let first = elements.first else { return [0] }
      guard let inner = shape(first), elements.allSatisfy({ shape($0) == inner }) else { return nil }
      return [elements.count] + inner
    default: return []
    }
  }
}

extension CSVCollector.Group {
  func qualified(_ column: String) -> String { (list ?? "").isEmpty ? column : "\(list ?? "").\(column)" }

  var table: CSVTable {
    var rowPlaces: [[Int]: Int] = [:]
    for cell in cells where rowPlaces[cell.indices] == nil { rowPlaces[cell.indices] = rowPlaces.count }
    var rows = [[JSONValue]](repeating: Array(repeating: .null, count: depth + columns.count), count: rowPlaces.count)
    for cell in cells {
      guard let row = rowPlaces[cell.indices], let column = columnPlaces[cell.column] else { continue }
      for (place, index) in cell.indices.enumerated() { rows[row][place] = .int(index) }
      rows[row][depth + column] = cell.value
    }
    return CSVTable(name: name, columns: CSVTable.indexNames(depth) + columns, rows: rows)
  }

  private var name: String {
    if id == CSVCollector.values { return id }
    if id.hasPrefix("array ") { return qualified(columns.first ?? "") }
    return list ?? ""
  }
}
