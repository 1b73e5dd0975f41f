/// Estimates how wide text will be, so that labels can be placed without overlap before any browser sees them.
///
/// The advance widths are those of DejaVu Sans, one of the widest sans-serif faces in use, so the estimate errs on the
/// safe side for the system fonts of other machines. CJK characters count as one em.
package enum TextWidth {
  /// Advance widths of U+0020…U+007E in thousandths of an em.
  private static let ascii: [Int] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
    636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
    1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
    500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
    635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
  ]

  /// The width of one line of text in the unit of `size`.
  package static func width(_ text: String, size: Double) -> Double {
    var sum = 0
    for scalar in text.unicodeScalars { sum += width(of: scalar) }
    return Double(sum) / 1000 * size
  }

  /// The text itself where it fits, otherwise as much of its beginning as fits, with an ellipsis.
  static func fitted(_ text: String, width: Double, size: Double) -> String {
    if self.width(text, size: size) <= width { return text }
    var kept = ""
    for character in text {
      if self.width(kept + String(character) + "…", size: size) > width { break }
      kept.append(character)
    }
    return kept.isEmpty ? "" : kept + "…"
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20...0x7E: ascii[Int(scalar.value) - 0x20]
    case 0xB2, 0xB3, 0xB9, 0x2070...0x207F: 450
    case 0x202F, 0x2009, 0x200A: 200
    case 0x200B...0x200F, 0xFE00...0xFE0F, 0xE0100...0xE01EF: 0
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      1000
    default:
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark: 0
      case .mathSymbol, .otherSymbol, .control, .unassigned, .privateUse: 900
      default: 680
      }
    }
  }
}
