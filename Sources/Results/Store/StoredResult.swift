import Files
import JSONText

/// What the store keeps under a key: a JSON value and, where there is bulk, named blobs.
public struct StoredResult: Sendable {
  /// The result as JSON.
  public let value: JSONValue

  /// Bulk data in a fixed order, names unique.
  public let blobs: [Blob]

  /// SHA-256 of the canonical JSON of `value`: a result that comes out the same stops the rebuild above it.
  public let valueDigest: SHA256Digest

  /// A result that was just computed.
  ///
  /// - Precondition: no two blobs share a name.
  public init(value: JSONValue, blobs: [Blob] = []) {
    self.init(value: value, blobs: blobs, valueDigest: Results.valueDigest(of: value))
  }

  init(value: JSONValue, blobs: [Blob], valueDigest: SHA256Digest) {
    for (place, blob) in blobs.enumerated() {
      let isNew = !blobs[..<place].contains { $0.name.utf8.elementsEqual(blob.name.utf8) }
      precondition(isNew, "two blobs are named '\(blob.name)'")
    }
    self.value = value
    self.blobs = blobs
    self.valueDigest = valueDigest
  }

  /// The blob of that name.
  public subscript(blob name: String) -> Blob? { blobs.first { $0.name.utf8.elementsEqual(name.utf8) } }
}

/// The answer of `ResultStore.value`: the result, and whether it had to be computed.
public struct Retrieval: Sendable {
  /// The result; where it was stored, its blobs are mapped from the entry.
  public let result: StoredResult

  /// Whether the store had it, or another process computed it while this one waited.
  public let wasHit: Bool
}
