import Files
import JSONText
import Reports
import Results

/// What the lists of a site were made of last, so that a render that changes nothing in them reads no other page.
///
/// It lies in the book's store. A list is made of the cards of its pages and of nothing else but the program and the
/// theme: where all of these are as they were, and the lists are those that were written, they need not be made again.
struct SiteMemo {
  /// A page with the digest of what the lists show of it.
  private struct Noted: Equatable {
    var page: String
    var card: String
  }

  private static let format = "layerbook.site/1"

  private let path: String
  private let digests: DigestMemo
  private let folder: String
  /// The program and the theme that made the lists.
  private let maker: String
  private var pages: [String: Noted] = [:]
  private var lists: [String: String] = [:]
  private var count = 0

  /// What a store knows of the site in a folder.
  init(of folder: String, theme: String, in store: ResultStore) {
    self.folder = folder
    path = "\(store.directory)/sites/\(sha256(Array(absolutePath(folder).utf8)).hex).json"
    digests = DigestMemo(directory: store.directory + "/digests")
    // A program that is being worked on keeps its version.
    let program = (try? fileStatus("/proc/self/exe")).map { "\($0)" } ?? ""
    maker = sha256(Array("\(Version.current) \(program) \(theme)".utf8)).hex
    read()
  }

  /// How many reports the lists name, where they are what the pages would give again; nil where they have to be made.
  mutating func reports(of names: [String]) -> Int? {
    guard count > 0, !lists.isEmpty, Set(pages.keys).isSubset(of: names) else { return nil }
    guard lists.allSatisfy({ digest($0.key) == $0.value }) else { return nil }
    var hasChanged = false
    for name in names {
      let now = digest(name)
      if now == pages[name]?.page { continue }
      guard let now, let old = pages[name], let bytes = try? readFile(folder + "/" + name),
        SiteIndex.cardDigest(path: name, page: bytes) == old.card
      else { return nil }
      pages[name]?.page = now
      hasChanged = true
    }
    if hasChanged { write() }
    return count
  }

  /// Notes lists that were just written, the pages that they were made of, and how many reports those are.
  mutating func note(_ written: [SiteIndex.Page], of read: [(path: String, bytes: [UInt8])], reports: Int) {
    count = reports
    lists = Dictionary(uniqueKeysWithValues: written.map { ($0.path, sha256($0.bytes).hex) })
    pages = [:]
    for (path, bytes) in read {
      pages[path] = Noted(page: sha256(bytes).hex, card: SiteIndex.cardDigest(path: path, page: bytes))
    }
    write()
  }

  private func digest(_ name: String) -> String? {
    let file = folder + "/" + name
    return isLink(file) ? nil : (try? digests.digest(ofFile: file))?.hex
  }

  // MARK: - On disk

  private mutating func read() {
    guard let json = (try? readFile(path)).flatMap({ try? JSON.parse($0) }), json["format"]?.stringValue == Self.format,
      json["maker"]?.stringValue == maker, let pages = json["pages"]?.objectValue,
      let lists = json["lists"]?.objectValue, let count = json["reports"]?.intValue
    else { return }
    self.count = count
    for (name, digest) in lists { self.lists[name] = digest.stringValue }
    for (name, noted) in pages {
      guard let page = noted["page"]?.stringValue, let card = noted["card"]?.stringValue else { continue }
      self.pages[name] = Noted(page: page, card: card)
    }
  }

  /// A note that is lost costs one reading of the pages.
  private func write() {
    var object = JSONObject()
    for (name, noted) in pages.sorted(by: { $0.key < $1.key }) {
      object[name] = ["page": .string(noted.page), "card": .string(noted.card)]
    }
    let json: JSONValue = [
      "format": .string(Self.format), "maker": .string(maker), "reports": .int(count), "pages": .object(object),
      "lists": .object(JSONObject(lists.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
    ]
    try? createDirectory(parentDirectory(of: path))
    try? AtomicFile.write(Array(JSON.write(json).utf8), to: path, durable: false)
  }
}
