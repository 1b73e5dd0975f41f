import Foundation

/// Where the package stands on disk, so that tests find fixtures whatever the working directory is.
public enum ProjectRoot {
  /// The folder that holds Package.swift.
  public static let path: String = {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.path
  }()

  /// The path of a committed fixture, such as `fixture("gpt2/config.json")`.
  public static func fixture(_ name: String) -> String { path + "/Tests/Fixtures/" + name }

  /// The path of something under `assets/`, such as `asset("models/atlas-llama")`.
  public static func asset(_ name: String) -> String { path + "/assets/" + name }

  /// The checkpoint that reference values of a name belong to: an embedded one, or an earlier one kept for its values.
  public static func referenceModel(_ name: String) -> String {
    let kept = fixture(name)
    return FileManager.default.fileExists(atPath: kept + "/model.safetensors") ? kept : asset("models/" + name)
  }
}

/// Larger reference material that is not part of the repository; tests on it skip where it is absent.
public enum SharedMaterial {
  /// The folder, from `LAYERBOOK_SHARED` or beside the package; nil where there is none.
  public static let directory: String? = {
    let named = ProcessInfo.processInfo.environment["LAYERBOOK_SHARED"]
    let candidate = named ?? ProjectRoot.path + "/../shared"
    return FileManager.default.fileExists(atPath: candidate + "/reference") ? candidate : nil
  }()

  /// Whether the material is there: for `.enabled(if:)`.
  public static var isPresent: Bool { directory != nil }

  /// The path of a file in it; empty where the material is absent.
  public static func path(_ name: String) -> String { (directory ?? "") + "/" + name }
}

/// A folder for one test, removed when the value goes away.
public final class TemporaryDirectory {
  /// The folder's path.
  public let path: String
  private var disks: [MountedFolder] = []

  /// Makes a new empty folder.
  public init() throws {
    path = NSTemporaryDirectory() + "layerbook-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Mounts an empty file system on a folder in it; it goes away with the folder.
  public func mount(_ name: String, megabytes: Int) throws -> MountedFolder {
    let disk = try MountedFolder(at: path + "/" + name, megabytes: megabytes)
    disks.append(disk)
    return disk
  }

  deinit {
    // A folder on which something is mounted cannot be removed.
    for disk in disks { disk.unmount() }
    try? FileManager.default.removeItem(atPath: path)
  }
}
