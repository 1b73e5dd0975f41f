import Books
import Diagnostics
import Directives
import Files
import Reports
import Results

/// The site that the templates of a book make together: which pages there are, and what each links to.
struct BookSites {
  /// One page of a book.
  private struct Member {
    var page: String
    var language: String
  }

  private var known: [String: [Member]] = [:]

  /// What the page of a template links to: the list of the book's reports, and the same report in other languages.
  ///
  /// A book with a single template has no list.
  mutating func site(of item: TemplateList.Item) -> PageManifest.Site {
    guard let directory = BookReader.directory(above: item.path) else { return PageManifest.Site() }
    let members = members(of: directory)
    guard members.count > 1, let own = members.first(where: { $0.page == item.page }) else {
      return PageManifest.Site()
    }
    let report = SiteIndex.report(own.page, own.language)
    let folder = own.page.split(separator: "/").dropLast().map { $0 + "/" }.joined()
    let home = own.page.hasPrefix(own.language + "/") ? own.language + "/index.html" : "index.html"
    return PageManifest.Site(
      index: SiteIndex.address(home, from: folder),
      editions: members.filter { $0.language != own.language && SiteIndex.report($0.page, $0.language) == report }.map {
        PageManifest.Site.Edition(language: $0.language, address: SiteIndex.address($0.page, from: folder))
      })
  }

  /// Makes the lists of the books' pages anew, of those that stand in the output folder.
  ///
  /// - Parameter store: where it is remembered of what they were made; nil makes them each time.
  /// - Returns: what to say of it; nil where no book has more than one template.
  /// - Throws: `FileError` where a list cannot be written.
  mutating func writeLists(for items: [TemplateList.Item], out: String, theme: String, store: ResultStore?) throws
    -> String?
  {
    var directories: [String] = []
    for item in items {
      guard let directory = BookReader.directory(above: item.path), !directories.contains(directory) else { continue }
      directories.append(directory)
    }
    let pages = directories.map { members(of: $0) }.filter { $0.count > 1 }.flatMap { $0 }.map(\.page)
    // An author who wrote the list has it already.
    guard !pages.isEmpty, !pages.contains("index.html") else { return nil }
    var memo = store.map { SiteMemo(of: out, theme: theme, in: $0) }
    if let count = memo?.reports(of: pages) { return Self.summary(count, out) }
    let read = Self.read(pages, in: out)
    let index = SiteIndex(pages: read, version: Version.current, theme: theme)
    let lists = index.lists.filter { !pages.contains($0.path) }
    for list in lists { try AtomicFile.update(list.bytes, at: out + "/" + list.path) }
    memo?.note(lists, of: read, reports: index.count)
    return index.count > 0 ? Self.summary(index.count, out) : nil
  }

  private static func summary(_ count: Int, _ out: String) -> String {
    "\(out)/index.html  \(counted(count, "report"))"
  }

  /// The list of some pages of a folder.
  static func index(of pages: [String], in folder: String, theme: String) -> SiteIndex {
    SiteIndex(pages: read(pages, in: folder), version: Version.current, theme: theme)
  }

  private static func read(_ pages: [String], in folder: String) -> [(path: String, bytes: [UInt8])] {
    pages.compactMap { page in (try? readFile(folder + "/" + page)).map { (path: page, bytes: $0) } }
  }

  private mutating func members(of directory: String) -> [Member] {
    if let members = known[directory] { return members }
    let items = (try? TemplateList.items(of: directory)) ?? []
    let members = items.map { item -> Member in
      guard let bytes = try? readFile(item.path) else { return Member(page: item.page, language: "en") }
      let matter = FrontMatter.parse(SourceFile(path: item.path, bytes: bytes)).0
      return Member(page: item.page, language: matter.lang?.value ?? "en")
    }
    known[directory] = members
    return members
  }
}
