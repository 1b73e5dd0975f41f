/// A structure of numbers alone, many of which stand in a list.
public protocol NumberRow: Codable, Sendable {
  /// A row of its members as JSON names them; nil where one is missing or no number.
  init?(row member: (String) -> Double?)
}

/// A `Field` that holds a long list of rows: they are read without a container for each, which costs more than the numbers.
@propertyWrapper
public struct RowsField<Row: NumberRow>: Codable, Sendable {
  public var wrappedValue: [Row]
  public let documentation: String

  public init(wrappedValue: [Row], _ documentation: String) {
    self.wrappedValue = wrappedValue
    self.documentation = documentation
  }

  public init(from decoder: any Decoder) throws {
    // What is no row of numbers is left to the long way, which says where it stands.
    let rows = (decoder as? TreeDecoder).flatMap { Self.rows($0.value) }
    self.init(wrappedValue: try rows ?? Field<[Row]>(from: decoder).wrappedValue, "")
  }

  private static func rows(_ value: JSONValue) -> [Row]? {
    guard let entries = value.arrayValue else { return nil }
    var rows: [Row] = []
    rows.reserveCapacity(entries.count)
    for entry in entries {
      guard let object = entry.objectValue, let row = Row(row: { object[$0]?.doubleValue }) else { return nil }
      rows.append(row)
    }
    return rows
  }

  public func encode(to encoder: any Encoder) throws {
    try Field(wrappedValue: wrappedValue, documentation).encode(to: encoder)
  }
}

extension RowsField: Equatable where Row: Equatable {
  public static func == (left: RowsField, right: RowsField) -> Bool { left.wrappedValue == right.wrappedValue }
}
