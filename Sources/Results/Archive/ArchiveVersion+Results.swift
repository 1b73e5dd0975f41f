import JSONText

extension ArchiveVersion {
  /// The version's results, those that the manifest leaves out read from `results/<id>.json`.
  ///
  /// - Throws: `ArchiveError` where the manifest is missing or cannot be read.
  public func results() throws(ArchiveError) -> ResultSet {
    let manifest = try manifest()
    var results: [String: JSONValue] = [:]
    for (entry, name) in zip(manifest.entries, manifest.fileNames) where entry.result == nil {
      let bytes = try contents(of: "results/\(name).json")
      results[entry.id] = try? JSON.parse(bytes)
    }
    return ResultSet(label: "\(self)", manifest: manifest, results: results)
  }

  /// The version's manifest, from `manifest.json`.
  ///
  /// - Throws: `ArchiveError` where it is missing or cannot be read.
  public func manifest() throws(ArchiveError) -> PageManifest {
    let bytes = try contents(of: "manifest.json")
    do {
      return try PageManifest(json: try JSON.parse(bytes))
    } catch {
      throw ArchiveError(.notFound, "the manifest of version \(self) cannot be read: \(error)")
    }
  }
}

extension ArchiveItem {
  /// The files of a version: page, template, book, environment, manifest, and each result as JSON and CSV.
  ///
  /// A result that makes one table is `results/<id>.csv`, one that makes several `results/<id>.<table>.csv`.
  ///
  /// - Parameters:
  ///   - sources: The files beside the template that the page was made of, by their paths; they go under `sources/`.
  ///   - results: Results by id, for entries of which the manifest carries the digest only.
  public static func version(
    page: [UInt8], template: String, book: JSONValue, environment: JSONValue, manifest: PageManifest,
    sources: [(path: String, bytes: [UInt8])] = [], results: [String: JSONValue] = [:]
  ) -> [ArchiveItem] {
    func json(_ path: String, _ title: String, _ value: JSONValue) -> ArchiveItem {
      ArchiveItem(path: path, title: title, content: .bytes(Array((JSON.write(value, pretty: true) + "\n").utf8)))
    }
    var items = [
      ArchiveItem(path: "page.html", title: "Report \(manifest.report)", content: .bytes(page)),
      ArchiveItem(path: "template.md", title: "Template", content: .bytes(Array(template.utf8))),
      json("book.json", "Book entries of the models and datasets used", book),
      json("environment.json", "Programs, libraries and settings of the run", environment),
      json("manifest.json", "Keys, digests and printed values", .object(manifest.json)),
    ]
    var names = UniqueNames()
    for file in sources {
      let parts = file.path.split(separator: "/").filter { $0 != "." }
        .map { $0 == ".." ? "up" : PortableName.make(from: String($0)) }
      let path = names.claim("sources/" + parts.joined(separator: "/"))
      items.append(ArchiveItem(path: path, title: "The template's file \(file.path)", content: .bytes(file.bytes)))
    }
    for (entry, id) in zip(manifest.entries, manifest.fileNames) {
      guard let result = entry.result ?? results[entry.id] else { continue }
      items.append(json("results/\(id).json", "Result of \(entry.directive)", result))
      let tables = CSVTable.tables(of: result)
      for table in tables {
        let name = names.claim(tables.count == 1 ? id : "\(id).\(PortableName.make(from: table.name))")
        items.append(
          ArchiveItem(
            path: "results/\(name).csv", title: "Result of \(entry.directive): \(table.name)",
            content: .bytes(Array(table.text.utf8))))
      }
    }
    return items
  }
}

extension PageManifest {
  /// The name under `results/` of each entry: its id where that is a portable name and no other entry has it.
  fileprivate var fileNames: [String] {
    var names = UniqueNames()
    return entries.map { names.claim(PortableName.make(from: $0.id)) }
  }
}

/// Hands out names that differ in more than the case of letters.
private struct UniqueNames {
  private var taken: Set<String> = []

  mutating func claim(_ wanted: String) -> String {
    var name = wanted
    var number = 2
    while !taken.insert(name.lowercased()).inserted {
      name = "\(wanted)-\(number)"
      number += 1
    }
    return name
  }
}
