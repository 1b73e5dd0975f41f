import Files
@preconcurrency import Glibc
import JSONText

/// The unused imports of every target's files.
func unusedImports(in targets: [PackageTarget]) -> [String] {
  let names = Dictionary(uniqueKeysWithValues: targets.map { ($0.module, PublicNames($0)) })
  var owners: [Substring: Int] = [:]
  for name in names.values.flatMap(\.members) { owners[name, default: 0] += 1 }
  return targets.flatMap(\.files).flatMap { file -> [String] in
    let mentions = file.mentions
    return file.imports.compactMap { module, line in
      guard let names = names[module] else { return nil }
      let own = names.members.filter { owners[$0] == 1 }
      guard mentions.isDisjoint(with: names.topLevel), mentions.isDisjoint(with: own) else { return nil }
      return "\(file.path):\(line): nothing of '\(module)' is used here"
    }
  }
}

do {
  let targets = try PackageTarget.read(try JSON.parse(try readStandardInput()))
  let programs = Set(targets.filter(\.isProgram).map(\.name))
  let modules = Set(targets.map(\.module))
  let faults = targets.flatMap { $0.faults(programs: programs, modules: modules) } + unusedImports(in: targets)
  for fault in faults { fputs("error: \(fault)\n", stderr) }
  exit(faults.isEmpty ? 0 : 1)
} catch {
  fputs("error: \(error)\n", stderr)
  exit(1)
}
