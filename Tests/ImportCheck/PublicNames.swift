/// The names a module gives to those who import it.
struct PublicNames {
  /// Types, functions and values at the top level of a file.
  private(set) var topLevel: Set<Substring> = []
  /// What stands inside types and extensions, cases and a protocol's requirements included.
  private(set) var members: Set<Substring> = []

  private static let keywords: Set<Substring> = [
    "struct", "class", "enum", "protocol", "actor", "typealias", "func", "var", "let", "associatedtype",
  ]

  init(_ target: PackageTarget) {
    for file in target.files { read(file) }
  }

  private mutating func read(_ file: SourceText) {
    var isInPublicProtocol = false
    for line in file.lines {
      let isPublic = line.words.contains { ["public", "package", "open"].contains($0) }
      if !line.isIndented, !line.words.isEmpty { isInPublicProtocol = isPublic && line.words.contains("protocol") }
      if line.isIndented, line.words.first == "case" {
        members.formUnion(line.words.dropFirst().prefix { $0 != "let" })
      }
      guard isPublic || isInPublicProtocol, let place = line.words.firstIndex(where: Self.keywords.contains),
        place + 1 < line.words.count
      else { continue }
      // `class func` and `static var` have a keyword before the one that counts.
      let name = line.words[(place + 1)...].first { !Self.keywords.contains($0) }
      if let name, line.isIndented { members.insert(name) } else if let name { topLevel.insert(name) }
    }
  }
}
