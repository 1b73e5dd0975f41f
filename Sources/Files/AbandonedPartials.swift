import Glibc

/// Files in a folder that an atomic writer began and a killed process never finished.
///
/// Their names hold the writer's process number (`.layerbook-<pid>-<n>.partial`). A file younger than a minute is left
/// alone although its process seems to be gone: it may belong to a process of another machine or container.
///
/// - Parameters:
///   - folder: The folder; one that cannot be listed has none.
///   - now: The time in nanoseconds since 1970; nil for the system's clock.
public func abandonedPartials(in folder: String, now: Int64? = nil) -> [String] {
  guard let names = try? listing(folder) else { return [] }
  let now = now ?? currentTime()
  return names.filter { $0.hasPrefix(".layerbook-") && $0.hasSuffix(".partial") }
    .filter { name in
      var info = stat()
      guard lstat("\(folder)/\(name)", &info) == 0 else { return false }
      return (now - nanoseconds(info.st_ctim)).magnitude > 60_000_000_000 && !isWriterAlive(name)
    }
    .map { "\(folder)/\($0)" }
}

/// Removes them and returns their number.
@discardableResult
public func removeAbandonedPartials(in folder: String, now: Int64? = nil) -> Int {
  var removed = 0
  for path in abandonedPartials(in: folder, now: now) where unlink(path) == 0 { removed += 1 }
  return removed
}

private func isWriterAlive(_ name: String) -> Bool {
  guard let process = name.split(separator: "-").dropFirst().first.flatMap({ pid_t($0) }), process > 0 else {
    return false
  }
  return kill(process, 0) == 0 || errno != ESRCH
}
