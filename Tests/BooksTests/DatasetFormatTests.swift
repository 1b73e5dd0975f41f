import Books
import Files
import TestSupport
import Testing

/// Datasets as files have them: tables, marks at the beginning, formats that are none.
@Suite struct DatasetFormatTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func entry(_ name: String, _ bytes: [UInt8], field: String = "text") throws -> DatasetEntry {
    try AtomicFile.write(bytes, to: folder.path + "/" + name)
    return DatasetEntry(name: "d", path: folder.path + "/" + name, field: field)
  }

  private func refusal(_ entry: DatasetEntry) -> BookError? {
    do throws(BookError) {
      try entry.requireReadable()
      _ = try Dataset(reading: entry)
      return nil
    } catch { return error }
  }

  @Test func tablesAreReadByTheirColumn() throws {
    let csv = "id,text\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n2,d\r\n3,\r\n"
    #expect(try Dataset(reading: entry("a.csv", Array(csv.utf8))).texts == ["a, \"b\"\r\nc", "d", ""])
    let tsv = "sentence\tn\nx \"y\"\t1\nz\t2\n"
    #expect(try Dataset(reading: entry("a.tsv", Array(tsv.utf8), field: "sentence")).texts == ["x \"y\"", "z"])
  }

  @Test func aMissingColumnNamesThoseThereAre() throws {
    let error = refusal(try entry("b.csv", Array("id,sentence\n1,a\n".utf8)))
    #expect(error?.message.hasSuffix("has no column 'text'; its columns are 'id', 'sentence'") == true)
    #expect(error?.hint == "name the column in layerbook.yaml: field: id")
    #expect(refusal(try entry("c.csv", Array("text\n\"a\n".utf8)))?.message.contains("never closed") == true)
    #expect(refusal(try entry("d.csv", Array("text,n\na\n".utf8)))?.message.contains("1 field") == true)
  }

  @Test func aByteOrderMarkIsNoText() throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    for name in ["a.txt", "a.jsonl", "a.json", "a.csv"] {
      let text = [
        "a.txt": "one\ntwo", "a.jsonl": "\"one\"\n\"two\"", "a.json": "[\"one\",\"two\"]", "a.csv": "text\none\ntwo",
      ]
      let entry = try entry(name, mark + Array((text[name] ?? "").utf8))
      #expect(try Dataset(reading: entry).texts == ["one", "two"], "\(name)")
      #expect(entry.hasByteOrderMark)
    }
  }

  @Test(arguments: ["a.txt", "a.jsonl", "a.csv", "a.jsonl.gz"])
  func aPointerIsNotTheFile(name: String) throws {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    let entry = try entry(name, Array(pointer.utf8))
    for error in [refusal(entry), Result { try Dataset(reading: entry) }.failure as? BookError] {
      #expect(
        error?.message.hasSuffix(
          "/\(name)': it is a pointer of Git LFS, not the file itself; fetch it with 'git lfs pull'") == true)
    }
    #expect(throws: BookError.self) { try FactSet(reading: entry) }
  }

  @Test(arguments: [
    ("a.txt", [0x1F, 0x8B, 8, 0] as [UInt8], "compressed by gzip", "gunzip"),
    ("a.jsonl.gz", [0x61], "compressed by gzip", "gunzip"),
    ("a.txt", Array("PAR1…".utf8), "a Parquet file", "read_parquet"),
    ("x.parquet", [], "a Parquet file", "read_parquet"),
    ("u.txt", [0xFF, 0xFE, 0x61, 0], "text in UTF-16", "iconv"),
  ])
  func otherFormatsAreRefusedWithTheCommandThatConverts(name: String, bytes: [UInt8], what: String, command: String)
    throws
  {
    let entry = try entry(name, bytes)
    for error in [refusal(entry), Result { try Dataset(reading: entry) }.failure as? BookError] {
      #expect(error?.message.contains("is \(what), not text") == true)
      #expect(error?.hint?.contains(command) == true && error?.hint?.contains(entry.path) == true)
    }
  }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}
