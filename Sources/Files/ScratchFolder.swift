import Glibc

/// A folder of this process alone, for what another program is handed; it goes with its owner, or with Ctrl-C.
public final class ScratchFolder {
  public let path: String
  private var slots: [Int?] = []
  private var names: [String] = []

  /// Makes a folder below `TMPDIR`, or `/tmp`, that nobody else may look into.
  ///
  /// - Throws: `FileError` where none can be made.
  public init() throws(FileError) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    var template = Array(((parent.isEmpty ? "/tmp" : parent) + "/layerbook-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw FileError(.createDirectory, path: parent, number: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    slots.append(PartialFiles.register(path))
  }

  /// The path of a file in it, which is removed with it.
  public func file(_ name: String) -> String {
    let file = path + "/" + name
    slots.append(PartialFiles.register(file))
    names.append(file)
    return file
  }

  /// Lets somebody write files into it, which are removed with it.
  public func fill(_ write: (_ folder: String) throws -> Void) throws {
    defer { for name in (try? listing(path)) ?? [] where !names.contains(path + "/" + name) { _ = file(name) } }
    try write(path)
  }

  deinit {
    for name in names { unlink(name) }
    rmdir(path)
    for slot in slots { PartialFiles.unregister(slot) }
  }
}
