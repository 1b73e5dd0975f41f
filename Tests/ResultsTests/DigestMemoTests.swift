import Files
import Glibc
import Results
import TestSupport
import Testing

@Suite struct DigestMemoTests {
  @Test func readsAFileAtRestOnce() throws {
    let folder = try TemporaryDirectory()
    let file = folder.path + "/model.safetensors"
    try AtomicFile.write(Array("weights".utf8), to: file)
    let clock = TestClock()
    clock.advance(seconds: 10)
    let memo = DigestMemo(directory: folder.path + "/memo") { clock.now }
    for _ in 0..<3 { #expect(try memo.digest(ofFile: file) == sha256(Array("weights".utf8))) }
    #expect(memo.filesRead == 1)
    let other = DigestMemo(directory: folder.path + "/memo") { clock.now }
    #expect(try other.digest(ofFile: file) == sha256(Array("weights".utf8)))
    #expect(other.filesRead == 0)
  }

  @Test func fileJustWrittenIsNotTrusted() throws {
    let folder = try TemporaryDirectory()
    let file = folder.path + "/f"
    let memo = DigestMemo(directory: folder.path + "/memo")
    for round in 0..<20 {
      // Same size, same inode, and often the same time of modification.
      let bytes = [UInt8](repeating: UInt8(round), count: 5)
      try overwrite(file, bytes)
      #expect(try memo.digest(ofFile: file) == sha256(bytes))
    }
    #expect(memo.filesRead == 20)
  }

  @Test func changeWithItsTimeSetBackIsNoticed() throws {
    let folder = try TemporaryDirectory()
    let file = folder.path + "/f"
    try overwrite(file, [1, 2, 3])
    setModified(file, seconds: 1_700_000_000)
    let clock = TestClock()
    clock.advance(seconds: 10)
    let memo = DigestMemo(directory: folder.path + "/memo") { clock.now }
    #expect(try memo.digest(ofFile: file) == sha256([1, 2, 3]))
    usleep(20_000)
    try overwrite(file, [4, 5, 6])
    setModified(file, seconds: 1_700_000_000)
    #expect(try memo.digest(ofFile: file) == sha256([4, 5, 6]))
  }

  @Test func fileFromTheFutureIsReadAgain() throws {
    let folder = try TemporaryDirectory()
    let file = folder.path + "/f"
    try overwrite(file, [1])
    let memo = DigestMemo(directory: folder.path + "/memo") { 0 }
    _ = try memo.digest(ofFile: file)
    _ = try memo.digest(ofFile: file)
    #expect(memo.filesRead == 2)
  }

  @Test func tornNoteIsIgnored() throws {
    let folder = try TemporaryDirectory()
    let (file, notes) = (folder.path + "/f", folder.path + "/memo")
    try overwrite(file, [1])
    let clock = TestClock()
    clock.advance(seconds: 10)
    _ = try DigestMemo(directory: notes) { clock.now }.digest(ofFile: file)
    let note = notes + "/" + (try #require(try listing(notes).first))
    var text = try readFile(note)
    let place = try #require(text.firstIndex(of: UInt8(ascii: "4")))
    text[place] = UInt8(ascii: "5")
    for torn in [[], Array(text.dropLast(5)), text] {
      try AtomicFile.write(torn, to: note)
      let memo = DigestMemo(directory: notes) { clock.now }
      #expect(try memo.digest(ofFile: file) == sha256([1]))
      #expect(memo.filesRead == 1)
    }
  }

  @Test func memoThatCannotBeWrittenStillAnswers() throws {
    let folder = try TemporaryDirectory()
    let file = folder.path + "/f"
    try overwrite(file, [1])
    let memo = DigestMemo(directory: file + "/memo")
    #expect(try memo.digest(ofFile: file) == sha256([1]))
  }

  @Test func missingFilesAndFoldersAreErrors() throws {
    let folder = try TemporaryDirectory()
    let memo = DigestMemo(directory: folder.path + "/memo")
    let missing = #expect(throws: FileError.self) { try memo.digest(ofFile: folder.path + "/none") }
    #expect(missing?.isMissing == true)
    let folderError = #expect(throws: FileError.self) { try memo.digest(ofFile: folder.path) }
    #expect(folderError?.description == "cannot read '\(folder.path)': it is not a regular file")
  }

  /// Writes in place, keeping the inode.
  private func overwrite(_ path: String, _ bytes: [UInt8]) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    try #require(file >= 0)
    #expect(write(file, bytes, bytes.count) == bytes.count)
    close(file)
  }
}
