import Files
import TestSupport
import Testing

@Suite struct HashTests {
  @Test(arguments: [
    // FIPS 180-4 examples and the two lengths around a block's edge, by coreutils' sha256sum.
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func knownDigests(text: String, hex: String) throws {
    #expect(sha256(Array(text.utf8)).hex == hex)
    var hasher = SHA256Hasher()
    for byte in text.utf8 { hasher.update([byte]) }
    #expect(hasher.finish().hex == hex)
    #expect(SHA256Digest(hex: hex.uppercased())?.hex == hex)
  }

  @Test(arguments: ["", "ab", String(repeating: "g", count: 64), String(repeating: "é", count: 32)])
  func rejectsWhatIsNoDigest(hex: String) { #expect(SHA256Digest(hex: hex) == nil) }

  @Test func fileEqualsBytes() throws {
    let folder = try TemporaryDirectory()
    let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try AtomicFile.write(bytes, to: folder.path + "/big", durable: false)
    #expect(try sha256(ofFile: folder.path + "/big") == sha256(bytes))
  }
}

@Suite struct AtomicWriteTests {
  @Test func replacesAndLeavesNothingBeside() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/f"
    try AtomicFile.write(Array("one".utf8), to: path)
    try AtomicFile.write(Array("two".utf8), to: path)
    #expect(try readFile(path) == Array("two".utf8))
    #expect(try listing(folder.path) == ["f"])
  }

  @Test func droppedWriterLeavesTheOldFile() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/f"
    try AtomicFile.write([1], to: path)
    do {
      let writer = try AtomicFileWriter(path: path)
      try writer.write([2, 3])
      #expect(try listing(folder.path).count == 2)
      withExtendedLifetime(writer) {}
    }
    #expect(try readFile(path) == [1])
    #expect(try listing(folder.path) == ["f"])
  }

  // In a process of its own: the removal would take the partial files of tests running beside it.
  @Test func signalRemovalDeletesWhatIsUnfinishedOnly() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryDirectory()
      preparePartialFileRemoval()
      let done = try AtomicFileWriter(path: folder.path + "/done")
      try done.commit()
      let open = try AtomicFileWriter(path: folder.path + "/open")
      try open.write([1])
      try #require(try listing(folder.path).count == 2)
      removePartialFiles()
      try #require(try listing(folder.path) == ["done"])
      try #require(throws: FileError.self) { try open.commit() }
    }
  }

  @Test func updateWritesWhatIsNotThereYet() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/new/f"
    #expect(try !AtomicFile.update([1], at: path))
    let before = try fileStatus(path)
    #expect(try AtomicFile.update([1], at: path))
    #expect(try fileStatus(path) == before)
    #expect(try !AtomicFile.update([2], at: path))
    #expect(try readFile(path) == [2])
    #expect(try listing(folder.path + "/new") == ["f"])
  }

  @Test func updateReplacesALinkThoughItLeadsToTheSame() throws {
    let folder = try TemporaryDirectory()
    try AtomicFile.write([1], to: folder.path + "/real")
    try #require(link(folder.path + "/real", folder.path + "/link"))
    #expect(try !AtomicFile.update([1], at: folder.path + "/link"))
    #expect(!isLink(folder.path + "/link"))
    #expect(AtomicFile.contents(of: folder.path + "/link") == [1])
    #expect(AtomicFile.contents(of: folder.path + "/none") == nil)
  }

  @Test func followsALinkInsteadOfReplacingIt() throws {
    let folder = try TemporaryDirectory()
    try AtomicFile.write([1], to: folder.path + "/real")
    try #require(link(folder.path + "/real", folder.path + "/link"))
    try AtomicFile.write([2], to: folder.path + "/link")
    #expect(try readFile(folder.path + "/real") == [2])
  }

  @Test func writesADeviceDirectly() throws {
    try AtomicFile.write([1], to: "/dev/null")
    #expect(try fileStatus("/dev/null").kind == .other)
  }

  @Test func errorsNameThePath() throws {
    let folder = try TemporaryDirectory()
    let missing = folder.path + "/no/such"
    let error = try #require(throws: FileError.self) { try AtomicFile.write([1], to: missing) }
    #expect(error.description == "cannot write '\(missing)': no such file or directory")
    #expect(error.isMissing)
    let onFolder = try #require(throws: FileError.self) { try AtomicFile.write([1], to: folder.path) }
    #expect(onFolder.description == "cannot write '\(folder.path)': is a directory")
  }
}

@Suite struct MappingTests {
  @Test func mapsWhatIsThere() throws {
    let folder = try TemporaryDirectory()
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    try AtomicFile.write(bytes, to: folder.path + "/f")
    let file = try MappedFile(path: folder.path + "/f")
    #expect(file.count == bytes.count)
    file.release(0..<file.count)
    #expect(file.bytes(5000..<9000) == Array(bytes[5000..<9000]))
    file.release(-10..<5)
    #expect(file.withBytes { $0.elementsEqual(bytes) })
    try AtomicFile.write([9], to: folder.path + "/f")
    #expect(file.bytes(0..<3) == [0, 1, 2], "a mapping outlives the replacing of its file")
  }

  @Test func emptyFile() throws {
    let folder = try TemporaryDirectory()
    try AtomicFile.write([], to: folder.path + "/f")
    #expect(try MappedFile(path: folder.path + "/f").count == 0)
    #expect(try readFile(folder.path + "/f").isEmpty)
  }

  @Test func refusesFoldersAndDevices() throws {
    let folder = try TemporaryDirectory()
    let error = try #require(throws: FileError.self) { try MappedFile(path: folder.path) }
    #expect(error.description == "cannot open '\(folder.path)': it is a folder")
    #expect(throws: FileError.self) { try MappedFile(path: "/dev/null") }
    #expect(throws: FileError.self) { try MappedFile(path: "a\u{0}b") }
  }
}

@Suite struct DirectoryTests {
  @Test func makesParentsAndListsByBytes() throws {
    let folder = try TemporaryDirectory()
    try createDirectory(folder.path + "/a/b/c/")
    try createDirectory(folder.path + "/a/b/c")
    for name in ["z", "é", "A", "a"] { try AtomicFile.write([], to: folder.path + "/a/b/c/" + name) }
    #expect(try listing(folder.path + "/a/b/c") == ["A", "a", "z", "é"])
    #expect(throws: FileError.self) { try createDirectory(folder.path + "/a/b/c/z/w") }
  }

  @Test func statusTellsAReplacedFile() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/f"
    try AtomicFile.write([1], to: path)
    let before = try fileStatus(path)
    let keeper = try MappedFile(path: path)
    try AtomicFile.write([2], to: path)
    let after = try fileStatus(path)
    #expect(before.size == after.size && before != after && keeper.count == 1)
    #expect(isFile(path) && isDirectory(folder.path) && !isFile(folder.path))
    try removeFile(path)
    try removeFile(path)
    #expect(!isFile(path))
  }

  @Test(arguments: [("a/b/c", "a/b", "c"), ("a", ".", "a"), ("/a", "/", "a"), ("/", "/", "/"), ("a/b/", "a", "b")])
  func partsOfPaths(path: String, parent: String, name: String) {
    #expect(parentDirectory(of: path) == parent)
    #expect(fileName(of: path) == name)
  }
}
