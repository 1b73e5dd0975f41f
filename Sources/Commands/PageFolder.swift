import Files
import Reports

/// The folder of files beside a page: `site/tour.files` of `site/tour.html`.
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

  /// Whether every file is there, whatever it holds.
  var isThere: Bool { files.allSatisfy { names.contains($0.name) } }

  /// Writes every file that is not there or holds something else; each appears whole or not at all.
  ///
  /// - Parameter published: the page as it stands; the files of a figure that it has just so are as they were.
  func write(published: [UInt8]?) throws {
    let before = PublishedFigures(page: published ?? [])
    for file in files {
      let origin = file.origin
      if names.contains(file.name), before.hold(origin.figure, id: origin.id, keys: origin.keys) { continue }
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
}
