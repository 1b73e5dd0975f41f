import JSONText

/// The RO-Crate 1.1 metadata of a version: what each file is, and which program made them from what.
///
/// The crate's root is the bag's payload folder, as RO-Crate's chapter on BagIt has it.
enum ResearchCrate {
  static let fileName = "ro-crate-metadata.json"

  struct File {
    var path: String
    var title: String
    var mediaType: String
    var size: Int
  }

  /// The JSON-LD text of `ro-crate-metadata.json`.
  static func text(_ description: ArchiveDescription, identifier: String, files: [File]) -> String {
    var graph: [JSONValue] = [descriptor, root(description, identifier: identifier, files: files)]
    graph += files.map(entity)
    for (place, name) in description.authors.enumerated() {
      graph.append(["@id": .string(authorID(place)), "@type": "Person", "name": .string(name)])
    }
    graph += [software(description), action(description, files: files), license(description)]
    return JSON.write(["@context": "https://w3id.org/ro/crate/1.1/context", "@graph": .array(graph)], pretty: true)
      + "\n"
  }

  private static let descriptor: JSONValue = [
    "@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": ["@id": "./"],
    "conformsTo": ["@id": "https://w3id.org/ro/crate/1.1"],
  ]

  private static func authorID(_ place: Int) -> String { "#author-\(place + 1)" }

  private static func reference(_ id: String) -> JSONValue { ["@id": .string(id)] }

  private static func root(_ description: ArchiveDescription, identifier: String, files: [File]) -> JSONValue {
    var object: JSONObject = [
      "@id": "./", "@type": "Dataset", "name": .string(description.title),
      "description": .string(description.summary), "datePublished": .string(description.date),
      "identifier": .string(identifier), "license": reference(licenseID(description)),
      "hasPart": .array(files.map { reference($0.path) }), "mentions": reference("#render"),
    ]
    if !description.authors.isEmpty {
      object["author"] = .array(description.authors.indices.map { reference(authorID($0)) })
    }
    if files.contains(where: { $0.path == "page.html" }) { object["mainEntity"] = reference("page.html") }
    return .object(object)
  }

  private static func entity(_ file: File) -> JSONValue {
    [
      "@id": .string(file.path), "@type": "File", "name": .string(file.title),
      "encodingFormat": .string(file.mediaType), "contentSize": .string(String(file.size)),
    ]
  }

  private static func software(_ description: ArchiveDescription) -> JSONValue {
    [
      "@id": "#layerbook", "@type": "SoftwareApplication", "name": "Layerbook", "version": .string(description.version),
    ]
  }

  /// Sources go in, everything else comes out.
  private static func action(_ description: ArchiveDescription, files: [File]) -> JSONValue {
    let sources = ["template.md", "book.json", "environment.json"]
    let isSource = { (file: File) in sources.contains(file.path) || file.path.hasPrefix("sources/") }
    return [
      "@id": "#render", "@type": "CreateAction", "name": "Render the report", "instrument": reference("#layerbook"),
      "endTime": .string(description.date), "object": .array(files.filter(isSource).map { reference($0.path) }),
      "result": .array(files.filter { !isSource($0) }.map { reference($0.path) }),
    ]
  }

  private static func licenseID(_ description: ArchiveDescription) -> String {
    guard let license = description.license, isURL(license) else { return "#license" }
    return license
  }

  private static func license(_ description: ArchiveDescription) -> JSONValue {
    let words = description.license ?? "No licence is stated; ask the authors before using this work."
    return [
      "@id": .string(licenseID(description)), "@type": "CreativeWork",
      "name": .string(description.license ?? "No licence stated"), "description": .string(words),
    ]
  }

  private static func isURL(_ text: String) -> Bool { text.hasPrefix("https://") || text.hasPrefix("http://") }
}
