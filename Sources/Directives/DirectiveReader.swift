import Diagnostics

/// Reads one directive from the bytes of a file.
///
/// ```
/// directive = "<<" name *( SP arg ) ">>"     one line; name = ALPHA *(ALNUM / "-" / "_")
/// arg       = value / key "=" value
/// value     = quoted / bare                  quoted: "…" with \" and \\ ; bare: no space, quote, backtick or ">>"
/// ```
/// A quoted value may hold `>>`, and backticks in pairs, so that a caption can hold code and mathematics.
struct DirectiveReader {
  /// What stands at a `<<`.
  enum Outcome {
    /// Not the beginning of a directive.
    case none
    /// `<<name` that is not closed; the byte offset after the name and the reason.
    case unclosed(end: Int, reason: String)
    case directive(Directive)
  }

  private let file: SourceFile
  private let limit: Int
  private let start: Int
  private var index: Int
  private var arguments: [DirectiveArgument] = []
  private var faults: [Diagnostic] = []

  /// Prepares to read at the offset of `<<`; `limit` is the offset at which the text ends.
  init(file: SourceFile, at start: Int, limit: Int) {
    self.file = file
    self.limit = limit
    self.start = start
    self.index = start + 2
  }

  /// Reads the directive.
  mutating func read() -> Outcome {
    guard index < limit, isLetter(byte(index)) else { return .none }
    let nameStart = index
    while index < limit, isNameByte(byte(index)) { index += 1 }
    let nameEnd = index
    if let reason = readMalformedName(from: nameStart) { return .unclosed(end: nameEnd, reason: reason) }
    let nameSpan = SourceSpan(lower: nameStart, upper: index)
    while true {
      while index < limit, isSpace(byte(index)) { index += 1 }
      if isClosing(index) { break }
      if let reason = stopReason() { return .unclosed(end: nameEnd, reason: reason) }
      if byte(index) == 0x3C, index + 2 < limit, byte(index + 1) == 0x3C, isLetter(byte(index + 2)) {
        return .unclosed(end: nameEnd, reason: "another directive starts before it is closed")
      }
      if let reason = readArgument() { return .unclosed(end: nameEnd, reason: reason) }
    }
    let span = SourceSpan(lower: start, upper: index + 2)
    return .directive(
      Directive(
        name: file.text(nameSpan), nameSpan: nameSpan, arguments: arguments, span: span, source: file.text(span),
        file: file, faults: faults))
  }

  /// Takes the rest of a name that holds something a name may not hold, such as `fig:heat`.
  private mutating func readMalformedName(from nameStart: Int) -> String? {
    guard index < limit, !isSpace(byte(index)), !isClosing(index) else { return nil }
    while index < limit, !isSpace(byte(index)), !isClosing(index) {
      if let reason = stopReason() { return reason }
      index += 1
    }
    if let reason = stopReason() { return reason }
    let span = SourceSpan(lower: nameStart, upper: index)
    fault(
      span, "'\(file.text(span))' is not a directive name; expected letters, digits, '-' and '_'",
      hints: ["write '\\<<' for literal text"])
    return nil
  }

  private mutating func readArgument() -> String? {
    let argumentStart = index
    var keySpan: SourceSpan?
    if byte(index) != quote, isLetter(byte(index)) {
      var cursor = index
      while cursor < limit, isNameByte(byte(cursor)) { cursor += 1 }
      if cursor < limit, byte(cursor) == 0x3D {
        keySpan = SourceSpan(lower: index, upper: cursor)
        index = cursor + 1
      }
    }
    let valueStart = index
    var value = ""
    var isQuoted = false
    if index < limit, byte(index) == quote {
      if let reason = readQuoted(&value) { return reason }
      isQuoted = true
    } else if let reason = readBare(&value) {
      return reason
    }
    let valueSpan = SourceSpan(lower: valueStart, upper: index)
    if !isQuoted, value.isEmpty, let keySpan {
      fault(keySpan, "key '\(file.text(keySpan))' has no value")
    }
    arguments.append(
      DirectiveArgument(
        key: keySpan.map(file.text), keySpan: keySpan, value: value, valueSpan: valueSpan, isQuoted: isQuoted,
        span: SourceSpan(lower: argumentStart, upper: index)))
    return nil
  }

  private mutating func readBare(_ value: inout String) -> String? {
    let from = index
    while index < limit, !isSpace(byte(index)), !isClosing(index) {
      if let reason = stopReason() { return reason }
      if byte(index) == quote {
        fault(
          SourceSpan(lower: index, upper: index + 1), "quote inside a bare value",
          hints: ["put the whole value in quotes; inside quotes write \\\" for a quote"])
      }
      index += 1
    }
    if let reason = stopReason() { return reason }
    value = file.text(SourceSpan(lower: from, upper: index))
    return nil
  }

  private mutating func readQuoted(_ value: inout String) -> String? {
    let from = index
    var text: [UInt8] = []
    var ticks = 0
    index += 1
    while index < limit, byte(index) != quote, byte(index) != 0x0A, byte(index) != 0x0D {
      if byte(index) == 0x60 { ticks += 1 }
      if byte(index) == 0x5C, index + 1 < limit, byte(index + 1) == quote || byte(index + 1) == 0x5C { index += 1 }
      text.append(byte(index))
      index += 1
    }
    guard index < limit, byte(index) == quote else { return recoverFromOpenQuote(from, &value) }
    index += 1
    if ticks % 2 == 1 { return "it holds a single backtick" }
    value = String(decoding: text, as: UTF8.self)
    if index < limit, !isSpace(byte(index)), !isClosing(index) {
      if let reason = stopReason() { return reason }
      let end = index
      while index < limit, !isSpace(byte(index)), !isClosing(index), stopReason() == nil { index += 1 }
      fault(SourceSpan(lower: end, upper: index), "expected a space after the closing quote")
    }
    return nil
  }

  /// An open quote swallows the line; where a `>>` follows, the fault is the quote, not a missing `>>`.
  private mutating func recoverFromOpenQuote(_ from: Int, _ value: inout String) -> String? {
    index = from + 1
    while !isClosing(index) {
      if let reason = stopReason() { return reason }
      index += 1
    }
    value = file.text(SourceSpan(lower: from + 1, upper: index))
    fault(
      SourceSpan(lower: from, upper: from + 1), "quote is not closed", hints: ["inside quotes write \\\" for a quote"])
    return nil
  }

  /// Why reading cannot go on here; nil where it can.
  private func stopReason() -> String? {
    guard index < limit else { return "'>>' is missing on its line" }
    switch byte(index) {
    case 0x0A, 0x0D: return "'>>' is missing on its line"
    case 0x60: return "it holds a backtick outside quotes"
    default: return nil
    }
  }

  private let quote: UInt8 = 0x22

  private func byte(_ index: Int) -> UInt8 { file.bytes[index] }

  private func isClosing(_ index: Int) -> Bool {
    index + 1 < limit && byte(index) == 0x3E && byte(index + 1) == 0x3E
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

  private func isNameByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || byte >= 0x30 && byte <= 0x39 || byte == 0x2D || byte == 0x5F
  }

  private mutating func fault(_ span: SourceSpan, _ message: String, hints: [String] = []) {
    faults.append(Diagnostic(file: file, span: span, message: message, hints: hints))
  }
}
