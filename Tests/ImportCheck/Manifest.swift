import JSONText

/// One target of Package.swift.
struct PackageTarget {
  let name: String
  /// Its folder, from the package's root.
  let folder: String
  /// Names of the targets and products it depends on.
  let dependencies: [String]
  let isProgram: Bool
  let files: [SourceText]

  /// The module's name as files import it.
  var module: String { name.split(separator: "-").joined(separator: "_") }

  /// Reads one entry of `swift package dump-package`; nil for a target without Swift files, such as one in C.
  init?(_ json: JSONValue) throws {
    guard let name = json["name"]?.stringValue, let type = json["type"]?.stringValue else { return nil }
    self.name = name
    folder = json["path"]?.stringValue ?? (type == "test" ? "Tests/" : "Sources/") + name
    isProgram = type == "executable"
    dependencies = (json["dependencies"]?.arrayValue ?? []).compactMap { entry in
      ["target", "byName", "product"].compactMap { entry[$0]?[0]?.stringValue }.first
    }
    files = try SourceText.all(in: folder)
    if files.isEmpty { return nil }
  }

  /// The targets of a package.
  static func read(_ manifest: JSONValue) throws -> [PackageTarget] {
    try (manifest["targets"]?.arrayValue ?? []).compactMap { try PackageTarget($0) }
  }

  /// What stands in the manifest and not in the files, and the other way round.
  ///
  /// - Parameters:
  ///   - programs: targets that are depended on to be built, not to be imported.
  ///   - modules: the package's own modules.
  func faults(programs: Set<String>, modules: Set<String>) -> [String] {
    let imported = Set(files.flatMap(\.imports).map(\.module))
    let unused = dependencies.filter { !imported.contains($0) && !programs.contains($0) }
      .map { "Package.swift: no file of '\(name)' imports '\($0)'" }
    let undeclared = files.flatMap { file in
      file.imports.filter { modules.contains($0.module) && !dependencies.contains($0.module) }
        .map { "\(file.path):\($0.line): '\(name)' imports '\($0.module)', which Package.swift does not say" }
    }
    return unused + undeclared
  }
}
