import Files
import Glibc

extension ResultStore {
  /// Files in a folder that an atomic writer began and a killed process never finished.
  ///
  /// Their names hold the writer's process number (`.layerbook-<pid>-<n>.partial`). A file younger than a minute is left
  /// alone although its process seems to be gone: it may belong to a process of another machine or container.
  func abandonedPartials(in folder: String) -> [String] {
    guard let names = try? listing(folder) else { return [] }
    return names.filter { $0.hasPrefix(".layerbook-") && $0.hasSuffix(".partial") }
      .filter { name in
        guard let stamp = FileStamp(path: "\(folder)/\(name)") else { return false }
        return (clock() - stamp.changed).magnitude > 60_000_000_000 && !isWriterAlive(name)
      }
      .map { "\(folder)/\($0)" }
  }

  /// Removes them and returns their number.
  @discardableResult
  func removeAbandonedPartials(in folder: String) -> Int {
    var removed = 0
    for path in abandonedPartials(in: folder) where unlink(path) == 0 { removed += 1 }
    return removed
  }

  private func isWriterAlive(_ name: String) -> Bool {
    guard let process = name.split(separator: "-").dropFirst().first.flatMap({ pid_t($0) }), process > 0 else {
      return false
    }
    return kill(process, 0) == 0 || errno != ESRCH
  }
}
