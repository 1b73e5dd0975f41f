/// A JSON number that keeps the text it was written with.
public struct JSONNumber: Sendable, Equatable, CustomStringConvertible {
  /// The number as written, valid JSON always.
  public let text: String

  /// Wraps text already known to follow the grammar of JSON numbers.
  init(checked text: String) {
    self.text = text
  }

  public init(_ value: Int) {
    text = String(value)
  }

  /// A finite number in its shortest text that reads back to the same bits; nil for NaN and the infinities.
  public init?(_ value: Double) {
    guard value.isFinite else { return nil }
    text = value.description
  }

  /// The number as an `Int`: nil when it has a fraction or an exponent in its text, or does not fit.
  public var asInt: Int? { Int(text) }

  /// The nearest `Double`: nil when the number is beyond the largest one.
  public var asDouble: Double? {
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The number as written.
  public var description: String { text }

  /// One text for all spellings of the same number: `1`, `1.0` and `10e-1` are `1`, and `0.10` is `0.1`.
  ///
  /// Whole numbers written without fraction and exponent keep every digit; the others become the shortest text that
  /// reads back to the same `Double`. A number beyond the largest `Double` keeps its text.
  public var canonicalText: String {
    if !text.utf8.contains(where: { $0 == 0x2E || $0 == 0x65 || $0 == 0x45 }) { return text == "-0" ? "0" : text }
    guard let value = asDouble else { return text }
    let exactlyCounted = 9_007_199_254_740_992.0
    if value.rounded() == value, value.magnitude < exactlyCounted { return String(Int(value)) }
    return value.description
  }

  /// Equality of the texts: `1` and `1.0` differ.
  public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }
}
