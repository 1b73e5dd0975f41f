import Foundation

/// The local Hugging Face cache: where a model downloaded by its name lies.
///
/// Nothing is ever downloaded.
public struct HubCache: Sendable {
  /// The folder that holds `models--ORG--NAME` folders.
  public let directory: String

  /// The cache in a given folder.
  public init(directory: String) { self.directory = directory }

  /// The cache the environment names: `HF_HUB_CACHE`, then `HF_HOME`, then `XDG_CACHE_HOME`, then the home folder.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    func named(_ key: String) -> String? {
      guard let value = environment[key], !value.isEmpty else { return nil }
      return value
    }
    let home = named("HOME") ?? "~"
    if let cache = named("HF_HUB_CACHE") {
      directory = cache
    } else if let hubHome = named("HF_HOME") {
      directory = hubHome + "/hub"
    } else if let cache = named("XDG_CACHE_HOME") {
      directory = cache + "/huggingface/hub"
    } else {
      directory = home + "/.cache/huggingface/hub"
    }
  }

  /// The folder of a model's files; nil where the model or the revision is not in the cache.
  ///
  /// - Parameters:
  ///   - name: `ORG/NAME`, as on the hub.
  ///   - revision: a branch, a tag or a commit; a branch or tag is looked up in `refs`, a commit in `snapshots`.
  public func snapshot(of name: String, revision: String = "main") -> String? {
    let folder = directory + "/models--" + name.split(separator: "/").joined(separator: "--")
    let isSafe = !revision.isEmpty && !revision.split(separator: "/").contains("..")
    guard isSafe else { return nil }
    var commit = revision
    if let text = try? String(contentsOfFile: folder + "/refs/" + revision, encoding: .utf8) {
      commit = String(text.filter { !$0.isWhitespace })
    }
    let snapshot = folder + "/snapshots/" + commit
    return FileManager.default.fileExists(atPath: snapshot + "/config.json") ? snapshot : nil
  }

  /// Whether a text has the form of a name on the hub: `ORG/NAME`.
  public static func isName(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { part in
        !part.isEmpty && part != "." && part != ".." && !part.hasPrefix("~")
          && part.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)) || "-_.".unicodeScalars.contains($0)
          }
      }
  }

  /// The command that brings a model into the cache.
  public static func downloadCommand(for name: String, revision: String = "main") -> String {
    revision == "main" ? "hf download \(name)" : "hf download \(name) --revision \(revision)"
  }
}
