import Foundation

/// Compares with a committed file; LAYERBOOK_RECORD=1 writes it anew.
public enum Snapshot {
  /// What differs from the file; nil where nothing does.
  ///
  /// - Parameter path: the file, below `Tests`.
  public static func difference(_ text: String, _ path: String) throws -> String? {
    let file = ProjectRoot.path + "/Tests/" + path
    if ProcessInfo.processInfo.environment["LAYERBOOK_RECORD"] == "1" {
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: file).deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      return nil
    }
    let known = try String(contentsOfFile: file, encoding: .utf8)
    guard known != text else { return nil }
    let lines = zip(known.split(separator: "\n"), text.split(separator: "\n")).first { $0.0 != $0.1 }
    return "\(path) changed: '\(lines?.0 ?? "")' is now '\(lines?.1 ?? "")'; record with LAYERBOOK_RECORD=1 if intended"
  }
}
