import Books
import Files
import Foundation
import Results

/// Which templates a command works on, and where their pages go.
struct TemplateList {
  /// One template.
  struct Item {
    /// The template's path.
    var path: String
    /// The page's path below the output folder.
    var page: String
  }

  let items: [Item]

  /// The named templates, or every Markdown file of the book.
  init(named templates: [String], options: BookOptions) throws {
    if !templates.isEmpty {
      items = templates.map { template in
        let directory = BookReader.directory(above: template)
        return Item(path: template, page: Self.page(of: template, below: directory))
      }
      return
    }
    guard let directory = options.directory() else {
      throw CommandFailure(
        code: .usage,
        message: "error: no template was named and no book was found\n  hint: name a template, or the book with --book")
    }
    items = try Self.items(of: directory)
    guard !items.isEmpty else {
      throw CommandFailure(code: .usage, message: "error: no template (*.md) in '\(directory)'")
    }
  }

  /// Every template of a book.
  static func items(of directory: String) throws -> [Item] {
    try markdown(in: directory).map { Item(path: $0, page: page(of: $0, below: directory)) }
  }

  /// The folder of the template that a page was made of: of the one in the book that has its text.
  static func folder(of manifest: PageManifest, options: BookOptions) -> String? {
    let items = (try? TemplateList(named: [], options: options).items) ?? []
    return items.first { (try? readFile($0.path)) == Array(manifest.template.utf8) }
      .map { parentDirectory(of: $0.path) }
  }

  /// Every Markdown file below a folder in byte order of the paths.
  ///
  /// Files whose names begin with `_` are parts of others. Hidden folders are passed over, and so is a link that leads
  /// back to a folder it stands in: it would be followed as often as the system lets it.
  private static func markdown(in directory: String, below ancestors: [String] = []) throws -> [String] {
    let place = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
    guard !ancestors.contains(place) else { return [] }
    var found: [String] = []
    let names: [String]
    do { names = try listing(directory) } catch {
      throw CommandFailure(code: .usage, message: "error: \(error)\n  hint: name the book's folder with --book")
    }
    for name in names where !name.hasPrefix(".") {
      let path = directory + "/" + name
      if isDirectory(path) {
        found += try markdown(in: path, below: ancestors + [place])
      } else if name.hasSuffix(".md"), name != "README.md", !name.hasPrefix("_") {
        found.append(path)
      }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func page(of template: String, below directory: String?) -> String {
    var relative = template
    if let directory, directory != ".", let absolute = Self.suffix(of: template, after: directory) {
      relative = absolute
    } else if let name = template.split(separator: "/").last {
      relative = String(name)
    }
    return (relative.hasSuffix(".md") ? String(relative.dropLast(3)) : relative) + ".html"
  }

  private static func suffix(of path: String, after directory: String) -> String? {
    let whole = absolutePath(path)
    let folder = absolutePath(directory) + "/"
    return whole.hasPrefix(folder) ? String(whole.dropFirst(folder.count)) : nil
  }
}
