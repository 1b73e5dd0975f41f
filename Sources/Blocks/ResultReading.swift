import JSONText
import Markup

extension JSONValue? {
  /// An array of numbers, nil where one is undefined.
  var doubles: [Double?] { self?.arrayValue?.map(\.doubleValue) ?? [] }

  /// An array of arrays of numbers.
  var rows: [[Double?]] { self?.arrayValue?.map { Optional($0).doubles } ?? [] }

  /// A number as text.
  func fixed(_ decimals: Int) -> String { NumberText.fixed(self?.doubleValue, decimals: decimals) }
}
