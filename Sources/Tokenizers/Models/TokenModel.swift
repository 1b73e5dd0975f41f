/// The step that turns pieces of text into ids.
enum TokenModel: Sendable {
  case bytePair(BytePairModel)
  case unigram(UnigramModel)
  case wordLevel(WordLevelModel)
  case wordPiece(WordPieceModel)

  /// Appends the ids of every piece.
  ///
  /// - Throws: `EncodingFailure` where a unigram model has no unknown token and a piece needs it.
  func encode(_ pieces: Pieces, scratch: inout EncodingScratch, to ids: inout [Int]) throws(EncodingFailure) {
    for range in pieces.ranges where !range.isEmpty {
      switch self {
      case .bytePair(let model): model.encode(pieces.text, range, scratch: &scratch, to: &ids)
      case .unigram(let model): try model.encode(pieces.text, range, scratch: &scratch, to: &ids)
      case .wordLevel(let model): model.encode(pieces.text, range, to: &ids)
      case .wordPiece(let model): model.encode(pieces.text, range, to: &ids)
      }
    }
  }
}
