import Diagnostics

/// The value of one setting of a directive after reading and checking.
public enum SettingValue: Sendable, Hashable {
  /// A setting that was not given and has no default; engines choose, for example all texts of a dataset.
  case none
  /// `on` or `off`.
  case bool(Bool)
  case int(Int)
  case double(Double)
  /// A percentage in percent: 95 for `95%`.
  case percent(Double)
  /// A word of a closed list, or a name.
  case word(String)
  /// Free text.
  case text(String)
  /// Whole numbers in the order written.
  case ints([Int])
  /// Numbers in the order written.
  case doubles([Double])
  /// Names or words in the order written.
  case words([String])
  /// `0..11`, both ends included.
  case range(ClosedRange<Int>)
  /// `3->8`.
  case pair(from: Int, to: Int)
  /// `L28`, `L28.N29`, `L21.H19`.
  case unit(ModelUnit)

  /// The one spelling of the value that is used in canonical text; empty for `none`.
  ///
  /// Reading it back gives the same value: text that is not a bare word is put in quotes.
  public var canonicalText: String {
    switch self {
    case .none: ""
    case .bool(let value): value ? "on" : "off"
    case .int(let value): String(value)
    case .double(let value): NumberReading.text(value)
    case .percent(let value): NumberReading.text(value) + "%"
    case .word(let value): value
    case .text(let value): SettingValue.quoted(value)
    case .ints(let values): values.map(String.init).joined(separator: ",")
    case .doubles(let values): values.map(NumberReading.text).joined(separator: ",")
    case .words(let values):
      values.contains { $0.contains(where: { " \"`".contains($0) }) }
        ? SettingValue.quoted(values.joined(separator: ",")) : values.joined(separator: ",")
    case .range(let value): "\(value.lowerBound)..\(value.upperBound)"
    case .pair(let from, let to): "\(from)->\(to)"
    case .unit(let value): value.description
    }
  }

  /// A text in quotes, with `\"` and `\\`.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { result.unicodeScalars.append("\\") }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
