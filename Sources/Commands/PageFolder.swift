import Files
import Reports

/// The folder of files beside a page: `site/tour.files` of `site/tour.html`.
///
/// A file's name stands for what it holds. New ones are written before the page, old ones go after it, so that at no
/// moment a page that is there links to what is not.
struct PageFolder {
  private let path: String
  private let files: [PageFile]
  /// What stood in it before.
  private let names: Set<String>

  init(_ page: RenderedPage, beside path: String) {
    self.path = parentDirectory(of: path) + "/" + page.folder
    files = page.exhibitFiles
    names = Set((try? listing(self.path)) ?? [])
  }

  /// Writes the files that are not there yet; each appears whole or not at all.
  func write() throws {
    for file in files where !names.contains(file.name) {
      try AtomicFile.update(file.bytes, at: path + "/" + file.name)
    }
  }

  /// Removes the files of exhibits that the page no longer has, and the folder where none is left.
  ///
  /// What has another ending was not put there by a render, and stays.
  func removeStale() throws {
    let wanted = Set(files.map(\.name))
    for name in names.sorted() where !wanted.contains(name) && (name.hasSuffix(".csv") || name.hasSuffix(".svg")) {
      try removeFile(path + "/" + name)
    }
    if files.isEmpty { removeEmptyDirectory(path) }
  }

  /// What contradicts the page in the files beside it; nil where it stands alone, as one that was sent to somebody.
  func contradictions() -> [String]? {
    guard isDirectory(path) else { return nil }
    return files.compactMap { file in
      guard let bytes = AtomicFile.contents(of: path + "/" + file.name) else {
        return "beside the page there is no file '\(file.name)', to which it links"
      }
      return bytes == file.bytes ? nil : "beside the page, '\(file.name)' does not hold what its results give"
    }
  }

  /// How many files it should hold.
  var count: Int { files.count }
}
