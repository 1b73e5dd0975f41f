import Blocks
import Directives
import Markup

/// The results of a page in the order in which its directives ask for them, each once.
///
/// A number in a sentence opens the row of its result, so the rows have anchors before anything is printed.
struct ResultRows {
  /// Which row a result has, by its key.
  private var places: [String: Int] = [:]

  init(_ answers: [Int: Evaluation]) {
    for mark in answers.keys.sorted() {
      guard let evaluation = answers[mark] else { continue }
      for part in [evaluation] + evaluation.comparison where places[part.key.hex] == nil {
        places[part.key.hex] = places.count
      }
    }
  }

  /// The anchor of a result's row: with a mark that no author can write into an id.
  func anchor(_ evaluation: Evaluation) -> String { Self.anchor(places[evaluation.key.hex] ?? 0) }

  static func anchor(_ row: Int) -> String { "r\u{B7}\(row)" }
}

/// A number in running text as its row says it: where it stands in the result, and all its digits.
struct OpenedNumber: Hashable {
  /// The quantity.
  let name: String
  let digits: String
  /// What is claimed of it, in the order of the page.
  private(set) var claims: [String]

  init(_ quantity: BoundQuantity, _ values: [Double?]) {
    name = "\(quantity.path)"
    let shown = values.prefix(Self.limit).map { NumberText.shortest($0) }
    digits = shown.joined(separator: ", ") + (values.count > Self.limit ? ", …" : "")
    claims = quantity.claim.map { ["\($0)"] } ?? []
  }

  /// All its digits and every claim.
  var text: String { digits + claims.map { " (\($0))" }.joined() }

  /// Takes over the claims of another number; false where it is not the same one.
  mutating func merge(_ other: OpenedNumber) -> Bool {
    guard (name, digits) == (other.name, other.digits) else { return false }
    claims += other.claims.filter { !claims.contains($0) }
    return true
  }

  /// How many numbers of a curve are listed.
  private static let limit = 64
}
