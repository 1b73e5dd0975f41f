import Files
import JSONText

/// Everything a result depends on, and the digest under which the result is kept.
///
/// The digest is the SHA-256 of the canonical JSON of the inputs, so that `jq -cS . | sha256sum` of the same object
/// finds the same entry. The inputs are an allow-list: what is not in them must not influence the result.
public struct ResultKey: Hashable, Sendable {
  /// The inputs as given: directive with defaults filled in, engine and version, digests of model and data, and so on.
  public let inputs: JSONObject

  /// The canonical JSON of the inputs.
  public let canonical: String

  /// SHA-256 of the canonical JSON.
  public let digest: SHA256Digest

  public init(inputs: JSONObject) {
    self.inputs = inputs
    canonical = JSON.canonical(.object(inputs))
    digest = sha256(Array(canonical.utf8))
  }

  /// The digest as 64 hexadecimal digits.
  public var hex: String { digest.hex }

  public static func == (left: ResultKey, right: ResultKey) -> Bool { left.digest == right.digest }

  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

/// The SHA-256 that stands for a JSON value: two values share it when their canonical texts are the same.
///
/// It is what a page's manifest states of each result, and what decides whether a rebuilt result came out the same.
public func valueDigest(of value: JSONValue) -> SHA256Digest { sha256(Array(JSON.canonical(value).utf8)) }
