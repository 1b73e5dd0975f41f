/// The cleaning that BERT's tokenizer begins with.
struct BertNormalizer: Sendable {
  /// Drops control characters and turns white space into spaces.
  var cleansText: Bool
  /// Puts spaces around Chinese characters.
  var spacesChineseCharacters: Bool
  /// Decomposes and drops nonspacing marks.
  var stripsAccents: Bool
  var lowercases: Bool

  /// Cleans a text.
  func apply(to text: inout NormalizedText) {
    let classes = UnicodeClassTable.shared
    if cleansText {
      text.filter { !classes[$0].contains(.control) }
      text.map { $0.map { classes[$0].contains(.space) ? 0x20 : $0 } }
    }
    if spacesChineseCharacters { text.map(Self.spaced) }
    if stripsAccents {
      text.map(NormalForms.shared.decomposed)
      text.filter { $0 < 0x300 || !classes[$0].contains(.accent) }
    }
    if lowercases { text.map(Normalizer.lowercased) }
  }

  private static func spaced(_ scalars: [UInt32]) -> [UInt32] {
    guard scalars.contains(where: isChinese) else { return scalars }
    var result: [UInt32] = []
    for scalar in scalars {
      result.append(contentsOf: isChinese(scalar) ? [0x20, scalar, 0x20] : [scalar])
    }
    return result
  }

  /// The blocks of CJK ideographs, with the start of the fifth extension where the reference implementation has it.
  private static func isChinese(_ scalar: UInt32) -> Bool {
    guard scalar >= 0x3400 else { return false }
    switch scalar {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F, 0x2B920...0x2CEAF,
      0xF900...0xFAFF, 0x2F800...0x2FA1F:
      return true
    default: return false
    }
  }
}
