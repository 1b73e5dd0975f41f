import Files

/// One archived version of a report: a folder `NNNN-YYYYMMDD-<digest>` that is never changed again.
public struct ArchiveVersion: Sendable, Equatable, CustomStringConvertible {
  /// The report's name.
  public let report: String
  /// The place in the sequence of versions, from 1.
  public let number: Int
  /// The day of archiving as `YYYYMMDD`.
  public let date: String
  /// The first twelve digits of the SHA-256 of the version's tag manifest, and with it of every byte in it.
  public let digest: String
  public let path: String

  /// `report/NNNN`.
  public var description: String { "\(report)/\(ArchiveVersion.padded(number))" }

  public var pagePath: String { "\(path)/data/page.html" }

  /// The bytes of a file of the version, such as `page.html` or `results/fig-1.json`.
  ///
  /// - Throws: `ArchiveError` where it does not exist.
  public func contents(of name: String) throws(ArchiveError) -> [UInt8] {
    guard PortableName.isPath(name), FolderTree.kind("\(path)/data/\(name)") == .file else {
      throw ArchiveError(.notFound, "version \(self) has no file '\(name)'")
    }
    return try ArchiveError.wrap { () throws(FileError) in try readFile("\(path)/data/\(name)") }
  }

  /// The lines of `bag-info.txt`: label and value.
  public var info: [(label: String, value: String)] { Bag.readInfo((try? readFile("\(path)/bag-info.txt")) ?? []) }

  /// The files under `data/`, with sizes in bytes, by path.
  ///
  /// - Throws: `ArchiveError` where a folder cannot be listed.
  public func files() throws(ArchiveError) -> [(path: String, size: Int)] {
    let contents = try ArchiveError.wrap { () throws(FileError) in try FolderTree.contents("\(path)/data") }
    return contents.filter { $0.kind == .file }.map { file in
      (file.path, (try? fileStatus("\(path)/data/\(file.path)").size) ?? 0)
    }
  }

  /// The version in a folder of that name; nil where the name has another form.
  init?(report: String, folder: String, in directory: String) {
    let parts = folder.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, parts[0].utf8.count >= 4, parts[1].utf8.count == 8, parts[2].utf8.count == 12,
      (parts[0] + parts[1]).utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[0]),
      (1...Self.largestNumber).contains(number),
      parts[2].utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
    else { return nil }
    self.report = report
    self.number = number
    date = parts[1]
    digest = parts[2]
    path = "\(directory)/\(report)/\(folder)"
  }

  /// Beyond this a folder's name is no version's: the next number must be one, too.
  static let largestNumber = 999_999_999

  static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
