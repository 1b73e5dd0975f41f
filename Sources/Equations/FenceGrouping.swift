/// Puts what stands between two delimiters, and the delimiters, into one row where the closing one has scripts.
///
/// `\lVert x\rVert^2` is a closing sign with an exponent to TeX. A browser that is told the same stretches the sign as
/// the base of the exponent, away from its partner and below the line; an exponent of the whole group stays where it
/// belongs.
enum FenceGrouping {
  /// The atoms, with such groups as rows.
  ///
  /// - Complexity: O(atoms).
  static func apply(to atoms: [MathAtom]) -> [MathAtom] {
    guard atoms.contains(where: isClosingWithScripts) else { return atoms }
    var result: [MathAtom] = []
    // Where in the result delimiters are open, innermost last.
    var open: [Int] = []
    for atom in atoms {
      if atom.kind == .opening { open.append(result.count) }
      guard atom.kind == .closing, isDelimiter(atom), let start = open.popLast() else {
        result.append(atom)
        continue
      }
      guard isClosingWithScripts(atom) else {
        result.append(atom)
        continue
      }
      var end = atom
      (end.lower, end.upper) = (nil, nil)
      let group = Array(result[start...]) + [end]
      result.removeSubrange(start...)
      result.append(
        MathAtom(nucleus: .row(group), kind: .closing, lower: atom.lower, upper: atom.upper, opens: true))
    }
    return result
  }

  private static func isClosingWithScripts(_ atom: MathAtom) -> Bool {
    atom.kind == .closing && (atom.lower != nil || atom.upper != nil) && isDelimiter(atom)
  }

  /// Whether an atom of the closing class is a delimiter: `!` and `?` are in that class, too.
  private static func isDelimiter(_ atom: MathAtom) -> Bool {
    switch atom.nucleus {
    case .sign(let text, _): text != "!" && text != "?"
    case .sizedDelimiter: true
    default: false
    }
  }
}
