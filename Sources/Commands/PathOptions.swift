import ArgumentParser

/// Paths on the command line.
enum PathOptions {
  /// Refuses an empty path: it comes from a variable that is not set, and would mean the root of the file system.
  static func check(_ option: String, _ path: String?) throws {
    if path == "" { throw ValidationError("\(option) needs a path, found an empty one") }
  }
}
