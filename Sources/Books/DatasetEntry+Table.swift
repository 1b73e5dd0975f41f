import Files
import Tabular

extension DatasetEntry {
  /// How many of a file's first bytes tell what it is.
  public static let headSize = 1 << 16
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Endings of files that are never text, and what to do about them.
  private static let foreignEndings: [(ending: String, format: ForeignFormat)] = [
    (".gz", .gzip), (".zst", .zstandard), (".parquet", .parquet), (".arrow", .arrow), (".feather", .arrow),
    (".xlsx", .workbook), (".zip", .workbook),
  ]

  /// Stops where the file cannot be read as its entry says, as far as its name and its first bytes tell: compressed or
  /// binary formats, and tables without the column that is asked for.
  ///
  /// - Throws: `BookError` with the command that converts, or the columns there are.
  public func requireReadable() throws(BookError) {
    let head: [UInt8]
    do {
      let file = try MappedFile(path: path)
      head = file.bytes(0..<min(file.count, Self.headSize))
    } catch { throw BookError("cannot read dataset '\(name)': \(error)", hint: "check its path in layerbook.yaml") }
    try requireKnownFormat(head[...])
    guard format == .csv || format == .tsv else { return }
    let line = head.prefix { $0 != 0x0A && $0 != 0x0D }
    // A header with a line end inside quotes is read with the whole file.
    guard let header = try? DelimitedText(reading: Array(line), separator: separator) else { return }
    _ = try column(of: header)
  }

  /// Whether a byte order mark begins the file, which older versions took for part of the first text.
  public var hasByteOrderMark: Bool {
    guard let file = try? MappedFile(path: path), file.count >= 3 else { return false }
    return file.bytes(0..<3) == Self.byteOrderMark
  }

  func requireKnownFormat(_ head: ArraySlice<UInt8>) throws(BookError) {
    // A pointer is text: read as one it would give three texts, and numbers for them.
    guard !LargeFilePointer.isPointer(head) else {
      throw BookError("dataset '\(name)': cannot read '\(path)': \(LargeFilePointer.explanation)")
    }
    let named = Self.foreignEndings.first { path.hasSuffix($0.ending) }?.format
    guard let foreign = ForeignFormat(head) ?? named else { return }
    let hint = foreign.hint.replacing("FILE", with: path)
    throw BookError("dataset '\(name)': '\(path)' is \(foreign.name), not text", hint: hint)
  }

  /// The file as a table.
  func table(_ bytes: [UInt8]) throws(BookError) -> DelimitedText {
    do { return try DelimitedText(reading: bytes, separator: separator) } catch {
      throw BookError("dataset '\(name)': '\(path)': \(error)", hint: error.hint)
    }
  }

  /// The place of the column that holds the text.
  func column(of table: DelimitedText) throws(BookError) -> Int {
    if let index = table.index(ofColumn: field) { return index }
    let columns = table.columns.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
    throw BookError(
      "dataset '\(name)': '\(path)' has no column '\(field)'; its columns are \(columns)",
      hint: "name the column in layerbook.yaml: field: \(table.columns[0])")
  }

  private var separator: DelimitedText.Separator { format == .tsv ? .tab : .comma }
}
