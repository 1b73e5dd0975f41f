/// The character properties of regular expressions, from the same Unicode version on every machine.
///
/// The regular-expression library brings tables of its own, whose version depends on the system; the ids of a model
/// must not. What its tables of another version would answer differently is therefore defined anew under names that
/// are used in place of `\p{L}`, `\w`, `\d` and so on.
enum PatternProperties {
  /// The properties of `unicode16Properties`, in the order of its bits.
  static let names = [
    "L", "M", "N", "P", "S", "C", "Lu", "Ll", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl", "No", "Po", "So", "Han", "Alpha",
    "Word",
  ]

  /// Longer names of the same properties, without case, spaces, hyphens and underscores.
  private static let longNames = [
    "letter": "L", "mark": "M", "combiningmark": "M", "number": "N", "punctuation": "P", "symbol": "S", "other": "C",
    "uppercaseletter": "Lu", "lowercaseletter": "Ll", "modifierletter": "Lm", "otherletter": "Lo",
    "nonspacingmark": "Mn", "spacingmark": "Mc", "decimalnumber": "Nd", "digit": "Nd", "letternumber": "Nl",
    "othernumber": "No", "otherpunctuation": "Po", "othersymbol": "So", "hani": "Han", "alphabetic": "Alpha",
  ]

  private static let positions: [String: Int] = {
    var positions: [String: Int] = [:]
    for (position, name) in names.enumerated() { positions[name.lowercased()] = position }
    for (long, short) in longNames { positions[long] = positions[short.lowercased()] }
    return positions
  }()

  /// The name under which a property is defined for the library; nil where its own definition serves.
  static func definedName(of property: String) -> String? {
    let plain = property.lowercased().filter { $0 != " " && $0 != "-" && $0 != "_" }
    return positions[plain].map(definedName)
  }

  /// Letters only, and none that the library knows.
  private static func definedName(_ position: Int) -> String {
    "Layerbook" + names[position]
  }

  /// Every property with the name it is to be defined by and its ranges: their number, then first and last code point
  /// of each.
  static func definitions() -> [(name: String, ranges: [UInt32])] {
    var ranges = [[UInt32]](repeating: [], count: names.count)
    var start: UInt32 = 0
    for word in unicode16Properties.utf8.split(separator: UInt8(ascii: " ")) {
      let parts = word.split(separator: UInt8(ascii: ":"))
      let end = start + UInt32(Base36.value(parts[0]))
      let flags = Base36.value(parts[1])
      for position in names.indices where flags >> position & 1 == 1 {
        if let last = ranges[position].last, last + 1 == start {
          ranges[position][ranges[position].count - 1] = end - 1
        } else {
          ranges[position] += [start, end - 1]
        }
      }
      start = end
    }
    return names.indices.map { (definedName($0), [UInt32(ranges[$0].count / 2)] + ranges[$0]) }
  }
}
