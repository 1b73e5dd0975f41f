import Citations
import Diagnostics
import Images
import Tabular

/// A table of an author's, in every spelling: each row has a value, or none, for every column.
func readTable(_ bytes: [UInt8]) {
  for format in RecordTable.Format.allCases {
    guard let table = try? RecordTable(reading: bytes, as: format) else { continue }
    precondition(table.rows.allSatisfy { $0.cells.count == table.columns.count }, "a row of another width")
    precondition(Set(table.columns.map { Array($0.utf8) }).count == table.columns.count, "two columns of one name")
  }
}

/// An image of an author's: what is embedded comes back from its address, and nothing is left to take out of it.
func readImage(_ bytes: [UInt8]) {
  guard let image = try? EmbeddedImage(bytes) else { return }
  precondition(EmbeddedImage.bytes(ofAddress: image.address) == image.bytes, "an address holds another image")
  guard image.mediaType == "image/svg+xml", image.bytes.count <= EmbeddedImage.largest else { return }
  let again = try? EmbeddedImage(image.bytes)
  precondition(again != nil, "a cleaned image that is none")
  precondition(again?.leftOut == [], "a cleaned image that is not clean")
}

/// A bibliography in both spellings, cited and listed.
func readBibliography(_ bytes: [UInt8]) {
  for name in ["fuzz.bib", "fuzz.json"] {
    var works = Bibliography()
    for fault in works.read(SourceFile(path: name, bytes: bytes)) { _ = fault.rendered() }
    let keys = Set(works.works.map(\.key))
    precondition(keys.count == works.works.count, "two works of one key")
    let style = CitationStyle(works, citing: keys)
    _ = style.list(of: keys)
    _ = style.bracketed(works.works.map { CitationStyle.Item(key: $0.key, locator: "p. 3") })
    for work in works.works { _ = style.narrative(work.key) }
  }
}
