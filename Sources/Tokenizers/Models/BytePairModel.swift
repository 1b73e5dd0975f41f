/// Byte-pair encoding (Sennrich, Haddow and Birch 2016), over bytes or over characters.
struct BytePairModel: Sendable {
  /// From the bytes of a text to ids: in a byte-level model the bytes the entries stand for, else the entries.
  let table: ByteTable
  let merges: MergeTable
  /// Whether a piece that is an entry is taken whole, whatever the merges would make of it.
  let ignoresMerges: Bool
  /// The first symbols of a text.
  let alphabet: Alphabet

  /// How a piece falls into the symbols that merging starts from.
  enum Alphabet: Sendable {
    /// Each byte is a symbol, with the id of the byte at its place.
    case bytes([Int32])
    /// Each character is a symbol.
    case characters(Fallback)
  }

  /// What becomes of characters that are no entries.
  struct Fallback: Sendable {
    /// The ids of the entries `<0x00>` to `<0xFF>`, -1 where there is none; empty without byte fallback.
    var byteIDs: [Int32]
    var unknownID: Int32?
    /// Whether neighbouring unknown characters make one unknown token.
    var fusesUnknown: Bool
    /// The character that starts words, if no merge joins anything else with it on its right; a text without other
    /// splitting may then be encoded word by word, with the same result.
    var wordMark: [UInt8]?
    /// Written before every character of a piece but the first, to look it up.
    var continuation: [UInt8] = []
    /// Written behind the last character of a piece, to look it up.
    var ending: [UInt8] = []

    var hasAffixes: Bool { !continuation.isEmpty || !ending.isEmpty }
  }

  /// Appends the ids of one piece of text.
  func encode(_ text: [UInt8], _ range: Range<Int>, scratch: inout EncodingScratch, to ids: inout [Int]) {
    guard case .characters(let fallback) = alphabet, let mark = fallback.wordMark else {
      encodeWord(text, range, scratch: &scratch, to: &ids)
      return
    }
    var start = range.lowerBound
    var index = start
    var isAfterMark = true
    while index < range.upperBound {
      let isMark = text[index] == mark[0] && text[index..<range.upperBound].starts(with: mark)
      if isMark, !isAfterMark {
        encodeWord(text, start..<index, scratch: &scratch, to: &ids)
        start = index
      }
      isAfterMark = isMark
      index += isMark ? mark.count : UTF8Text.length(leadingByte: text[index])
    }
    encodeWord(text, start..<range.upperBound, scratch: &scratch, to: &ids)
  }

  private func encodeWord(_ text: [UInt8], _ range: Range<Int>, scratch: inout EncodingScratch, to ids: inout [Int]) {
    let hash = ByteTable.hash(text, range)
    if ignoresMerges, let id = table.find(text, range, hash: hash) {
      ids.append(id)
      return
    }
    let isShort = range.count <= PieceCache.longestPiece
    if isShort, scratch.cache.append(text, range, hash: hash, to: &ids) { return }
    let start = ids.count
    makeSymbols(text, range, &scratch.symbols)
    scratch.merge(using: merges)
    for symbol in scratch.symbols { ids.append(Int(symbol)) }
    if isShort { scratch.cache.insert(text, range, hash: hash, ids: ids[start...]) }
  }

  private func makeSymbols(_ text: [UInt8], _ range: Range<Int>, _ symbols: inout [Int32]) {
    symbols.removeAll(keepingCapacity: true)
    switch alphabet {
    case .bytes(let byteIDs):
      for index in range {
        let id = byteIDs[Int(text[index])]
        if id >= 0 { symbols.append(id) }
      }
    case .characters(let fallback): makeCharacterSymbols(text, range, fallback, &symbols)
    }
  }

  /// The order of unknown tokens and fallback bytes (an unknown one comes out after the bytes that follow it) is the
  /// reference implementation's.
  private func makeCharacterSymbols(
    _ text: [UInt8], _ range: Range<Int>, _ fallback: Fallback, _ symbols: inout [Int32]
  ) {
    var isUnknownPending = false
    let unknown = fallback.unknownID ?? -1
    var index = range.lowerBound
    while index < range.upperBound {
      let next = index + UTF8Text.length(leadingByte: text[index])
      defer { index = next }
      var key = text[index..<next]
      if fallback.hasAffixes {
        let before = index > range.lowerBound ? fallback.continuation : []
        key = (before + key + (next == range.upperBound ? fallback.ending : []))[...]
      }
      if let id = fallback.hasAffixes ? table.find(Array(key)) : table.find(text, index..<next) {
        if isUnknownPending { symbols.append(unknown) }
        isUnknownPending = false
        symbols.append(Int32(id))
      } else if !fallback.byteIDs.isEmpty, key.allSatisfy({ fallback.byteIDs[Int($0)] >= 0 }) {
        for byte in key { symbols.append(fallback.byteIDs[Int(byte)]) }
      } else if fallback.unknownID != nil {
        if isUnknownPending, !fallback.fusesUnknown { symbols.append(unknown) }
        isUnknownPending = true
      }
    }
    if isUnknownPending { symbols.append(unknown) }
  }
}
