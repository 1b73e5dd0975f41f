/// The most probable segmentation under a unigram language model (Kudo 2018), as in SentencePiece.
struct UnigramModel: Sendable {
  let table: ByteTable
  let tree: PrefixTree
  /// The logarithm of each token's probability.
  let scores: [Double]
  let unknownID: Int?
  /// The ids of `<0x00>` to `<0xFF>`, -1 where there is none; empty without byte fallback.
  let byteIDs: [Int32]
  /// The score of a character that no token covers.
  let unknownScore: Double

  /// Longer tokens, in bytes, are refused: they would make long texts take a time that grows with their product.
  static let longestToken = 4_096

  /// So much less probable than the least probable token an unknown character is.
  private static let unknownPenalty = 10.0

  /// A model whose token of id n is `vocabulary.token(n)` with score `scores[n]`.
  init(vocabulary: Vocabulary, scores: [Double], unknownID: Int?, byteIDs: [Int32]) {
    table = vocabulary.table
    self.scores = scores
    self.unknownID = unknownID
    self.byteIDs = byteIDs
    unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
    let tokens = scores.indices.map { vocabulary.token($0) ?? [] }
    var tree = PrefixTree(capacity: tokens.reduce(0) { $0 + $1.count })
    for (id, token) in tokens.enumerated() where !token.isEmpty { tree.insert(token, value: id) }
    self.tree = tree
  }

  /// The best way to a place of a piece.
  struct Step: Sendable {
    var score = 0.0
    /// Where the last token starts; -1 while no way is known.
    var start: Int32 = -1
    var id: Int32 = 0
  }

  /// Appends the ids of one piece.
  ///
  /// - Throws: `EncodingFailure` where a character is unknown and the model has no unknown token.
  func encode(
    _ text: [UInt8], _ range: Range<Int>, scratch: inout EncodingScratch, to ids: inout [Int]
  ) throws(EncodingFailure) {
    let hash = ByteTable.hash(text, range)
    let isShort = range.count <= PieceCache.longestPiece
    if isShort, scratch.cache.append(text, range, hash: hash, to: &ids) { return }
    let first = ids.count
    try findBestWay(text, range, &scratch.steps)
    for token in tokens(range, scratch.steps) { try append(text, token, to: &ids) }
    if isShort { scratch.cache.insert(text, range, hash: hash, ids: ids[first...]) }
  }

  /// Fills `steps` with the best way to every place, counted from the start of the range (Viterbi).
  private func findBestWay(
    _ text: [UInt8], _ range: Range<Int>, _ steps: inout [Step]
  ) throws(EncodingFailure) {
    steps.removeAll(keepingCapacity: true)
    steps.append(contentsOf: repeatElement(Step(), count: range.count + 1))
    var start = 0
    while start < range.count {
      let length = UTF8Text.length(leadingByte: text[range.lowerBound + start])
      let score = steps[start].score
      var coversCharacter = false
      var node = PrefixTree.root
      var end = start
      while end < range.count {
        node = tree.child(node, text[range.lowerBound + end])
        guard node >= 0 else { break }
        end += 1
        let id = tree.value(node)
        guard id >= 0 else { continue }
        Self.offer(score + scores[Int(id)], from: start, id, to: &steps[end])
        if end - start == length { coversCharacter = true }
      }
      if !coversCharacter {
        guard let unknownID else {
          throw EncodingFailure(
            .inconsistent, "the text has a character that no token covers, and there is no unknown token")
        }
        Self.offer(score + unknownScore, from: start, Int32(unknownID), to: &steps[start + length])
      }
      start += length
    }
  }

  @inline(__always)
  private static func offer(_ score: Double, from start: Int, _ id: Int32, to step: inout Step) {
    guard step.start < 0 || score > step.score else { return }
    step = Step(score: score, start: Int32(start), id: id)
  }

  /// The tokens of the best way; neighbouring unknown ones are one.
  private func tokens(_ range: Range<Int>, _ steps: [Step]) -> [Range<Int>] {
    var tokens: [Range<Int>] = []
    var end = range.count
    var wasUnknown = false
    while end > 0 {
      let step = steps[end]
      let isUnknown = Int(step.id) == unknownID
      let token = range.lowerBound + Int(step.start)..<range.lowerBound + end
      if isUnknown, wasUnknown, let last = tokens.last {
        tokens[tokens.count - 1] = token.lowerBound..<last.upperBound
      } else {
        tokens.append(token)
      }
      wasUnknown = isUnknown
      end = Int(step.start)
    }
    return tokens.reversed()
  }

  private func append(_ text: [UInt8], _ token: Range<Int>, to ids: inout [Int]) throws(EncodingFailure) {
    if let id = table.find(text, token) {
      ids.append(id)
    } else if !byteIDs.isEmpty, text[token].allSatisfy({ byteIDs[Int($0)] >= 0 }) {
      for byte in text[token] { ids.append(Int(byteIDs[Int(byte)])) }
    } else if let unknownID {
      ids.append(unknownID)
    }
  }
}
