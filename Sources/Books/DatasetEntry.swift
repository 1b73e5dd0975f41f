import JSONText

/// How a dataset's file is cut into texts.
public enum DatasetFormat: String, Sendable, CaseIterable {
  /// One text a line.
  case lines
  /// Texts separated by blank lines.
  case text
  /// A JSON array of strings, or of objects of which one field is the text.
  case json
  /// One JSON string or object a line.
  case jsonl
  /// Comma-separated values with a header (RFC 4180), of which one column is the text.
  case csv
  /// The same with tabs.
  case tsv

  /// The format a file's name suggests.
  public static func suggested(byPath path: String) -> DatasetFormat {
    if path.hasSuffix(".jsonl") { return .jsonl }
    if path.hasSuffix(".json") { return .json }
    if path.hasSuffix(".csv") { return .csv }
    if path.hasSuffix(".tsv") || path.hasSuffix(".tab") { return .tsv }
    return .lines
  }
}

/// One dataset of the book.
public struct DatasetEntry: Sendable {
  /// Its name in the book, or the path it was given by.
  public var name: String
  public var path: String
  /// How the file is cut into texts.
  public var format: DatasetFormat
  /// The field or column that holds the text, for objects and tables.
  public var field: String
  /// Only the first so many texts, after shuffling.
  public var take: Int?
  /// Seed of a shuffle; nil = file order.
  public var shuffle: Int?

  /// An entry with the defaults of a file given by its path.
  public init(
    name: String, path: String, format: DatasetFormat? = nil, field: String = "text", take: Int? = nil,
    shuffle: Int? = nil
  ) {
    self.name = name
    self.path = path
    self.format = format ?? .suggested(byPath: path)
    self.field = field
    self.take = take
    self.shuffle = shuffle
  }

  /// What decides which texts the file yields, in which order.
  public var selection: JSONValue {
    .object([
      "format": .string(format.rawValue), "field": .string(field), "take": take.map { JSONValue.int($0) } ?? .null,
      "shuffle": shuffle.map { JSONValue.int($0) } ?? .null,
    ])
  }
}
