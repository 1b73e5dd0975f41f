import Diagnostics

/// Finds and reads directives; it never fails and never throws, it collects diagnostics.
public enum DirectiveParser {
  /// Takes every directive out of the body of a template and leaves placeholders.
  ///
  /// The scan knows nothing of Markdown: directives inside code and comments are taken out too and put back by the
  /// Markdown module, which knows where they stand. `<<` is a directive only where a letter follows at once, and
  /// `\<<` (an odd number of backslashes) is literal text.
  ///
  /// - Parameter bodyStartsAt: byte offset at which front matter ends.
  /// - Complexity: O(bytes) for ordinary text; at most 8192 bytes are read again for each `<<` that is never closed.
  public static func scan(_ file: SourceFile, bodyStartsAt: Int = 0) -> ScanResult {
    let check = TextCheck(file)
    var start = min(max(bodyStartsAt, 0), file.bytes.count)
    if start == 0, file.hasByteOrderMark { start = 3 }
    var scan = BodyScan(file: file, start: start)
    scan.run()
    var faults = check.diagnostics
    if let place = scan.stoppedAt {
      faults.append(
        Diagnostic(
          file: file, span: SourceSpan(lower: place, upper: place + 2),
          message: "more than \(BodyScan.mostDirectives) directives in one template",
          hints: ["make several templates of it"]))
    }
    return ScanResult(
      file: file, text: String(decoding: scan.output, as: UTF8.self), bodyStart: start,
      firstLine: file.position(ofByte: start).line,
      marks: scan.marks, diagnostics: faults)
  }

  /// Reads one directive given on its own, such as on the command line; the brackets may be left out.
  ///
  /// - Parameters:
  ///   - text: `<<heatmap r2 mean>>` or `heatmap r2 mean`.
  ///   - path: what diagnostics call the text.
  /// - Returns: the directive where the text is one, and what is wrong with it.
  public static func parse(directive text: String, path: String = "directive") -> (Directive?, [Diagnostic]) {
    let trimmed = trimmingSpaces(text)
    let source = trimmed.hasPrefix("<<") ? trimmed : "<<" + trimmed + ">>"
    let file = SourceFile(path: path, text: source)
    let check = TextCheck(file)
    var reader = DirectiveReader(file: file, at: 0, limit: file.bytes.count)
    let whole = SourceSpan(lower: 0, upper: file.bytes.count)
    switch reader.read() {
    case .none:
      let fault = Diagnostic(
        file: file, span: whole, message: "not a directive: expected '<<', a name that starts with a letter, and '>>'")
      return (nil, check.diagnostics + [fault])
    case .unclosed(_, let reason):
      return (nil, check.diagnostics + [Diagnostic(file: file, span: whole, message: "not a directive: \(reason)")])
    case .directive(let directive):
      guard directive.span.upper == file.bytes.count else {
        let rest = SourceSpan(lower: directive.span.upper, upper: file.bytes.count)
        let fault = Diagnostic(file: file, span: rest, message: "unexpected text after the directive")
        return (nil, check.diagnostics + [fault])
      }
      return (check.diagnostics.isEmpty ? directive : nil, check.diagnostics + directive.faults)
    }
  }

  private static func trimmingSpaces(_ text: String) -> String {
    var scalars = Substring(text).unicodeScalars
    while let first = scalars.first, first == " " || first == "\t" || first == "\n" { scalars.removeFirst() }
    while let last = scalars.last, last == " " || last == "\t" || last == "\n" { scalars.removeLast() }
    return String(scalars)
  }
}

/// One pass over the bytes of a body.
private struct BodyScan {
  let file: SourceFile
  let start: Int
  var output: [UInt8] = []
  var marks: [ScannedMark] = []
  private var landmarks: Landmarks

  init(file: SourceFile, start: Int) {
    self.file = file
    self.start = start
    self.landmarks = Landmarks(bytes: file.bytes)
    output.reserveCapacity(file.bytes.count - start)
  }

  /// The most directives of a template; what they cost beside their engines grows with their number.
  static let mostDirectives = 20_000
  /// Where the first one beyond them stands.
  var stoppedAt: Int?

  /// Longest directive in bytes: it bounds the work on a line full of `<<` that are never closed.
  static let longestDirective = 8192
  /// How far to read where it is known that nothing closes: enough for a name.
  static let longestName = 64

  mutating func run() {
    let bytes = file.bytes
    var index = start
    var backslashes = 0
    while index < bytes.count {
      if bytes[index] == 0x3C, index + 1 < bytes.count, bytes[index + 1] == 0x3C,
        stoppedAt == nil, let end = take(at: index, isEscaped: backslashes % 2 == 1)
      {
        index = end
        backslashes = 0
        continue
      }
      backslashes = bytes[index] == 0x5C ? backslashes + 1 : 0
      output.append(bytes[index])
      index += 1
    }
  }

  /// Replaces what stands at a `<<` and returns where to go on; nil where nothing was taken.
  private mutating func take(at index: Int, isEscaped: Bool) -> Int? {
    let hopeless = landmarks.hopeless(at: index)
    let longest = hopeless == nil ? BodyScan.longestDirective : BodyScan.longestName
    var reader = DirectiveReader(file: file, at: index, limit: min(file.bytes.count, index + longest))
    switch reader.read() {
    case .none:
      return nil
    case .unclosed(let end, let reason):
      // `\<<name` alone needs no help: Markdown reads the backslash itself.
      if isEscaped { return nil }
      return add(.unclosed(hopeless ?? reason), from: index, to: end)
    case .directive(let directive):
      guard isEscaped else { return add(.directive(directive), from: index, to: directive.span.upper) }
      output.removeLast()
      return add(.literal(directive.source), from: index - 1, to: directive.span.upper)
    }
  }

  private mutating func add(_ kind: ScannedMark.Kind, from lower: Int, to upper: Int) -> Int {
    if marks.count == BodyScan.mostDirectives { stoppedAt = lower }
    let span = SourceSpan(lower: lower, upper: upper)
    output.append(contentsOf: Placeholder.text(marks.count).utf8)
    marks.append(ScannedMark(kind: kind, span: span, source: file.text(span)))
    return upper
  }
}

/// Where the next `>>`, line end, backtick and quote stand: they tell without reading on that a `<<` cannot be closed.
///
/// Each place is looked for once and kept until the scan has passed it, so the whole costs O(bytes).
private struct Landmarks {
  let bytes: [UInt8]
  private var closing = -1
  private var lineEnd = -1
  private var tick = -1
  private var quote = -1

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Why a `<<` at an offset is certainly not closed; nil where it may be.
  mutating func hopeless(at index: Int) -> String? {
    if lineEnd < index { lineEnd = next(index) { $0 == 0x0A || $0 == 0x0D } }
    if closing < index { closing = nextClosing(index) }
    if closing >= lineEnd { return "'>>' is missing on its line" }
    if tick < index { tick = next(index) { $0 == 0x60 } }
    if quote < index { quote = next(index) { $0 == 0x22 } }
    return tick < closing && tick < quote ? "it holds a backtick outside quotes" : nil
  }

  private func next(_ index: Int, where matches: (UInt8) -> Bool) -> Int {
    bytes[index...].firstIndex(where: matches) ?? bytes.count
  }

  private func nextClosing(_ index: Int) -> Int {
    var index = index
    while index + 1 < bytes.count {
      if bytes[index] == 0x3E, bytes[index + 1] == 0x3E { return index }
      index += 1
    }
    return bytes.count
  }
}
