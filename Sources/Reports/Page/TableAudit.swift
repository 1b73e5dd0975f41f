import JSONText
import Results

/// How many of the numbers in a page's tables are roundings of a number of its results.
///
/// For pages that cannot be made again: a share or a difference that is computed for a table stands in no result, so a
/// number that is found nowhere is to be looked at, and proves nothing.
public struct TableAudit: Equatable {
  /// Numbers in cells.
  public private(set) var numbers = 0
  /// Those that no result has, as they are printed.
  public private(set) var unknown: [String] = []

  public init(page: [UInt8], manifest: PageManifest, kept: [String: JSONValue] = [:]) {
    var exact: [Double] = []
    for entry in manifest.entries { if let result = entry.result ?? kept[entry.id] { Self.collect(result, &exact) } }
    let values = Array(Set(exact)).sorted().map { JSONValue.double($0) }
    let text = String(decoding: page, as: UTF8.self)
    for cell in text.split(separator: "<td", omittingEmptySubsequences: false).dropFirst() {
      guard let open = cell.firstIndex(of: ">"), let close = cell.firstRange(of: "</td>") else { continue }
      let shown = Self.text(cell[cell.index(after: open)..<close.lowerBound])
      guard shown.contains(where: \.isNumber), PrintedNumber.isNumber(shown) else { continue }
      numbers += 1
      if !values.contains(where: { PrintedNumber.isRounding(shown, of: $0) }) { unknown.append(shown) }
    }
  }

  private static func collect(_ value: JSONValue, _ numbers: inout [Double]) {
    switch value {
    case .number(let number): if let number = number.asDouble { numbers.append(number) }
    case .array(let entries): for entry in entries { collect(entry, &numbers) }
    case .object(let object): for (_, member) in object { collect(member, &numbers) }
    default: break
    }
  }

  /// A cell without its tags.
  private static func text(_ markup: Substring) -> String {
    var text = ""
    var isTag = false
    for letter in markup {
      if letter == "<" { isTag = true } else if letter == ">" { isTag = false } else if !isTag { text.append(letter) }
    }
    return text
  }
}
