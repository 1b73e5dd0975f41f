import Files
import Reports

/// The folder of files beside a page: `site/tour.files` of `site/tour.html`.
struct PageFolder {
  private let path: String
  private let files: [PageFile]

  init(_ page: RenderedPage, beside path: String) {
    self.path = parentDirectory(of: path) + "/" + page.folder
    files = page.exhibitFiles
  }

  /// Whether every file is there, whatever it holds.
  var isThere: Bool {
    let names = Set((try? listing(path)) ?? [])
    return files.allSatisfy { names.contains($0.name) }
  }

  /// Writes every file that is not there or holds something else; each appears whole or not at all.
  ///
  /// - Parameter published: the page as it stands; the files of a figure that it has just so are as they were.
  func write(published: [UInt8]?) throws {
    guard !files.isEmpty else { return }
    try createDirectory(path)
    removeAbandonedPartials(in: path)
    let before = PublishedFigures(page: published ?? [])
    let names = Set((try? listing(path)) ?? [])
    for file in files {
      let origin = file.origin
      if names.contains(file.name), before.hold(origin.figure, id: origin.id, keys: origin.keys) { continue }
      let bytes = file.bytes
      let target = path + "/" + file.name
      if isLink(target) || (try? readFile(target)) != bytes {
        try AtomicFile.write(bytes, to: target, followsLinks: false)
      }
    }
  }

  /// Removes the files of exhibits that the page no longer has, and the folder where none is left.
  ///
  /// What has another ending was not put there by a render, and stays.
  func removeStale() throws {
    guard let names = try? listing(path) else { return }
    let wanted = Set(files.map(\.name))
    for name in names where !wanted.contains(name) && (name.hasSuffix(".csv") || name.hasSuffix(".svg")) {
      try removeFile(path + "/" + name)
    }
    if files.isEmpty { removeEmptyDirectory(path) }
  }
}
