import Files
import JSONText

extension DatasetEntry {
  /// The objects of a file that has one JSON object a line, with the numbers of their lines.
  ///
  /// - Parameters:
  ///   - what: What the file must hold, for messages.
  ///   - example: A line as it should be.
  /// - Throws: `BookError` for a file that cannot be read, is of another format or not JSON.
  func jsonLines(of what: String, example: String) throws(BookError) -> [(line: Int, value: JSONValue)] {
    let bytes: [UInt8]
    do { bytes = try readFile(path) } catch {
      throw BookError("cannot read dataset '\(name)': \(error)", hint: "check its path in layerbook.yaml")
    }
    try requireKnownFormat(bytes.prefix(Self.headSize))
    guard format == .jsonl else {
      throw BookError(
        "dataset '\(name)' is read as \(format.rawValue), and \(what) stand one JSON object a line",
        hint: example + ", and format: jsonl in layerbook.yaml")
    }
    var found: [(line: Int, value: JSONValue)] = []
    for (number, line) in try Dataset.lines(of: Dataset.withoutByteOrderMark(bytes), entry: self) {
      found.append((number, try Dataset.parse(Array(line.utf8), self, "line \(number)")))
    }
    return found
  }
}
