import Files

extension Model {
  /// SHA-256 of the unembedding U and its bias as single-precision numbers, row after row.
  ///
  /// It says whether two heads read a state alike, whatever files and precisions they are kept in: what maps to the last
  /// state and trained lenses must agree on.
  ///
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public func unembeddingDigest() throws(ModelError) -> SHA256Digest {
    var hasher = SHA256Hasher()
    try forEachUnembeddingBlock { rows, weights in
      hasher.update(UnsafeRawBufferPointer(start: weights, count: rows.count * configuration.width * 4))
    }
    if let bias = try unembeddingBias() { bias.withUnsafeBytes { hasher.update($0) } }
    return hasher.finish()
  }
}
