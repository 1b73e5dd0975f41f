import JSONText

/// The objects of a JSON array, or of JSON lines.
enum JSONRecords {
  /// One object and its place.
  struct Record {
    var place: String
    var members: JSONObject
  }

  /// The elements of an array.
  static func elements(of bytes: [UInt8]) throws(TabularError) -> [Record] {
    let value: JSONValue
    do { value = try JSON.parse(bytes) } catch {
      throw TabularError(line: error.line, column: error.column, "not JSON: \(error.message)")
    }
    guard case .array(let elements) = value else {
      throw TabularError("expected a JSON array of objects, found \(value.typeName)")
    }
    var records: [Record] = []
    for (index, element) in elements.enumerated() { records.append(try record(element, "element \(index)")) }
    return records
  }

  /// One object a line; blank lines are none.
  static func lines(of bytes: [UInt8]) throws(TabularError) -> [Record] {
    var records: [Record] = []
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { continue }
      let value: JSONValue
      do { value = try JSON.parse(Array(line)) } catch {
        throw TabularError(line: index + 1, column: error.column, "not JSON: \(error.message)")
      }
      records.append(try record(value, "line \(index + 1)"))
    }
    return records
  }

  private static func record(_ value: JSONValue, _ place: String) throws(TabularError) -> Record {
    guard case .object(let object) = value else {
      throw TabularError("\(place) is no object but \(value.typeName): a row is {\"column\": value, …}")
    }
    return Record(place: place, members: object)
  }
}
