import Files
import Reports

/// The folder of files beside a page: `site/tour.files` of `site/tour.html`.
struct PageFolder {
  private let path: String
  private let figures: [FigureFiles]
  /// What stood in it before.
  private let names: Set<String>

  init(_ page: RenderedPage, beside path: String) {
    self.path = parentDirectory(of: path) + "/" + page.folder
    figures = page.exhibitFiles
    names = Set((try? listing(self.path)) ?? [])
  }

  /// Whether every file is there, whatever it holds.
  var isThere: Bool { figures.allSatisfy(isThere) }

  private func isThere(_ figure: FigureFiles) -> Bool { figure.files.allSatisfy { names.contains($0.name) } }

  /// Writes every file that is not there or holds something else; each appears whole or not at all.
  ///
  /// - Parameter published: the page as it stands; the files of a figure that it has just so are as they were.
  func write(published: [UInt8]?) throws {
    let before = PublishedFigures(page: published ?? [])
    for figure in figures where !isThere(figure) || !before.hold(figure) {
      for file in figure.files { try AtomicFile.update(file.bytes, at: path + "/" + file.name) }
    }
  }

  /// Removes the files of exhibits that the page no longer has, and the folder where none is left.
  ///
  /// What has another ending was not put there by a render, and stays.
  func removeStale() throws {
    let wanted = Set(figures.flatMap(\.files).map(\.name))
    for name in names.sorted() where !wanted.contains(name) && (name.hasSuffix(".csv") || name.hasSuffix(".svg")) {
      try removeFile(path + "/" + name)
    }
    if figures.isEmpty { removeEmptyDirectory(path) }
  }
}
