import Files
import JSONText
import Tabular
import Tensors

/// The texts of a dataset in the order of its entry.
public struct Dataset: Sendable {
  /// The entry it was read from.
  public let entry: DatasetEntry
  public let texts: [String]

  /// Reads, shuffles and cuts a dataset as its entry says.
  ///
  /// - Throws: `BookError` naming the file, and the line or the element that cannot be read.
  public init(reading entry: DatasetEntry) throws(BookError) {
    let bytes: [UInt8]
    do { bytes = try readFile(entry.path) } catch {
      throw BookError("cannot read dataset '\(entry.name)': \(error)", hint: "check its path in layerbook.yaml")
    }
    try entry.requireKnownFormat(bytes.prefix(DatasetEntry.headSize))
    var texts = try Self.texts(in: Self.withoutByteOrderMark(bytes), entry: entry)
    if let seed = entry.shuffle {
      var stream = RandomStream(seed: seed, stream: "dataset.shuffle")
      stream.shuffle(&texts)
    }
    if let take = entry.take { texts = Array(texts.prefix(take)) }
    self.entry = entry
    self.texts = texts
  }

  /// The mark is no part of the first text.
  static func withoutByteOrderMark(_ bytes: [UInt8]) -> [UInt8] {
    bytes.starts(with: DatasetEntry.byteOrderMark) ? Array(bytes[3...]) : bytes
  }

  private static func texts(in bytes: [UInt8], entry: DatasetEntry) throws(BookError) -> [String] {
    switch entry.format {
    case .lines:
      return try lines(of: bytes, entry: entry).map(\.text)
    case .text:
      return try paragraphs(of: lines(of: bytes, entry: entry, keepingBlank: true).map(\.text))
    case .jsonl:
      var texts: [String] = []
      for (number, line) in try lines(of: bytes, entry: entry) {
        texts.append(try text(of: parse(Array(line.utf8), entry, "line \(number)"), entry, "line \(number)"))
      }
      return texts
    case .csv, .tsv:
      let table = try entry.table(bytes)
      let column = try entry.column(of: table)
      return table.rows.map { $0.fields[column] ?? "" }
    case .json:
      guard case .array(let elements) = try parse(bytes, entry, nil) else {
        throw BookError("dataset '\(entry.name)': expected a JSON array in '\(entry.path)'")
      }
      var texts: [String] = []
      for (index, element) in elements.enumerated() { texts.append(try text(of: element, entry, "element \(index)")) }
      return texts
    }
  }

  static func lines(
    of bytes: [UInt8], entry: DatasetEntry, keepingBlank: Bool = false
  ) throws(BookError) -> [(number: Int, text: String)] {
    var found: [(number: Int, text: String)] = []
    var pieces = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if pieces.last?.isEmpty == true { pieces.removeLast() }
    for (index, piece) in pieces.enumerated() {
      let line = piece.last == 0x0D ? piece.dropLast() : piece
      guard let text = String(validating: line, as: UTF8.self) else {
        throw BookError("dataset '\(entry.name)': line \(index + 1) of '\(entry.path)' is not UTF-8")
      }
      if keepingBlank || !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { found.append((index + 1, text)) }
    }
    return found
  }

  private static func paragraphs(of lines: [String]) -> [String] {
    var paragraphs: [String] = []
    var current: [String] = []
    for line in lines + [""] {
      if line.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
        if !current.isEmpty { paragraphs.append(current.joined(separator: "\n")) }
        current = []
      } else {
        current.append(line)
      }
    }
    return paragraphs
  }

  static func parse(_ bytes: [UInt8], _ entry: DatasetEntry, _ place: String?) throws(BookError) -> JSONValue {
    do { return try JSON.parse(bytes) } catch {
      let at = place.map { $0 + " of " } ?? ""
      throw BookError("dataset '\(entry.name)': \(at)'\(entry.path)' is not JSON: \(error)")
    }
  }

  private static func text(of value: JSONValue, _ entry: DatasetEntry, _ place: String) throws(BookError) -> String {
    if let text = value.stringValue { return text }
    if let text = value[entry.field]?.stringValue { return text }
    throw BookError(
      "dataset '\(entry.name)': \(place) of '\(entry.path)' has no text in field '\(entry.field)'",
      hint: "name the field in layerbook.yaml: field: …")
  }
}
