/// Reads numbers exactly as an author may write them: ASCII digits, no spaces, no `inf`, no hexadecimal.
public enum NumberReading {
  /// A whole number such as `-12`; nil for anything else, also where it does not fit.
  public static func int(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    let digits = bytes.first == 0x2D ? bytes.dropFirst() : bytes[...]
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return Int(text)
  }

  /// A finite number such as `0.5`, `-3`, `.5`, `1e-3`; nil for anything else.
  public static func double(_ text: String) -> Double? {
    var rest = Array(text.utf8)[...]
    if rest.first == 0x2D || rest.first == 0x2B { rest.removeFirst() }
    let whole = takeDigits(&rest)
    var fraction = 0
    if rest.first == 0x2E {
      rest.removeFirst()
      fraction = takeDigits(&rest)
    }
    guard whole + fraction > 0 else { return nil }
    if let mark = rest.first, mark == 0x65 || mark == 0x45 {
      rest.removeFirst()
      if rest.first == 0x2D || rest.first == 0x2B { rest.removeFirst() }
      guard takeDigits(&rest) > 0 else { return nil }
    }
    guard rest.isEmpty, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The shortest text that reads back as the same number: `5` for 5.0, `0.86`.
  public static func text(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return String(value)
  }

  /// Number of digits after the decimal point as written, the exponent taken into account; 0 for whole numbers.
  public static func decimals(_ text: String) -> Int {
    let lowered = text.lowercased()
    let parts = lowered.split(separator: "e", omittingEmptySubsequences: false)
    let mantissa = parts.first.map(String.init) ?? lowered
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let fraction = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let digits = fraction.count > 1 ? fraction[1].utf8.count : 0
    return max(0, digits - exponent)
  }

  /// ` from 1`, ` up to 9`, ` from 1 to 9`, or nothing, for messages.
  public static func wording(_ limits: ClosedRange<Int>) -> String {
    switch (limits.lowerBound == Int.min, limits.upperBound == Int.max) {
    case (true, true): ""
    case (false, true): " from \(limits.lowerBound)"
    case (true, false): " up to \(limits.upperBound)"
    case (false, false): " from \(limits.lowerBound) to \(limits.upperBound)"
    }
  }

  private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> Int {
    let count = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
    rest.removeFirst(count)
    return count
  }
}
