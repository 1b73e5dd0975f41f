import JSONText
import Results

/// The numbers that a page shows as computed: its `<data>` elements, which only the program writes.
struct ShownNumbers {
  /// One element.
  struct Number: Equatable {
    /// The exact number as its attribute has it; empty where it is undefined.
    var value: String
    /// What readers see.
    var text: String
  }

  /// The elements in the order of the page.
  let numbers: [Number]

  init(page: [UInt8]) {
    let text = String(decoding: page, as: UTF8.self)
    numbers = text.components(between: "<data ", and: "</data>").map { element in
      let value = element.components(between: "value=\"", and: "\"").first ?? ""
      return Number(value: value, text: element.split(separator: ">", maxSplits: 1).last.map(String.init) ?? "")
    }
  }

  /// What contradicts the numbers that the results printed.
  func contradictions(printed: [PageManifest.Printed]) -> [String] {
    var open: [String: Int] = [:]
    for number in printed { open[number.text, default: 0] += 1 }
    return numbers.compactMap { number in
      let exact: JSONValue = Double(number.value).map { .double($0) } ?? .null
      if !PrintedNumber.isRounding(number.text, of: exact) {
        return "the page shows '\(number.text)' for '\(number.value)'"
      }
      guard let left = open[number.text], left > 0 else {
        return "the page shows '\(number.text)' as computed, which none of its results printed"
      }
      open[number.text] = left - 1
      return nil
    }
  }
}

extension String {
  /// The texts between two marks, one after the other.
  fileprivate func components(between opening: String, and closing: String) -> [String] {
    split(separator: opening, omittingEmptySubsequences: false).dropFirst().compactMap { rest in
      rest.firstRange(of: closing).map { String(rest[..<$0.lowerBound]) }
    }
  }
}
