import Diagnostics
import Yams

/// Reads YAML into values with places; the one file that knows Yams.
public enum YAMLDocument {
  /// Reads a whole file.
  public static func parse(_ file: SourceFile) -> (YAMLValue?, [Diagnostic]) {
    parse(file, bytes: (file.hasByteOrderMark ? 3 : 0)..<file.bytes.count)
  }

  /// Reads a byte range of a file as one YAML document.
  ///
  /// - Returns: nil and no diagnostic where the document is empty; nil and one error where it is not YAML.
  public static func parse(_ file: SourceFile, bytes range: Range<Int>) -> (YAMLValue?, [Diagnostic]) {
    var reading = Reading(file: file, range: range)
    return (reading.value(), reading.diagnostics)
  }

  /// One document being read.
  private struct Reading {
    let file: SourceFile
    let range: Range<Int>
    /// Offsets of the lines as YAML 1.1 counts them: NEL, LS and PS end a line there but nowhere else.
    let lineStarts: [Int]
    var diagnostics: [Diagnostic] = []
    var budget = 100_000

    init(file: SourceFile, range: Range<Int>) {
      self.file = file
      self.range = range
      self.lineStarts = Reading.findLines(file.bytes, range)
    }

    mutating func value() -> YAMLValue? {
      let text = String(decoding: file.bytes[range], as: UTF8.self)
      do {
        // What a plain scalar means is for its reader to say; the rules by which Yams would guess are regular expressions.
        guard let node = try Yams.compose(yaml: text, .basic) else { return nil }
        let value = convert(node)
        return diagnostics.isEmpty ? value : nil
      } catch let error as YamlError {
        return fail(error)
      } catch {
        return fail(at: range.lowerBound, "not valid YAML")
      }
    }

    private mutating func convert(_ node: Node) -> YAMLValue {
      let start = offset(node.mark)
      budget -= 1
      if budget < 0 {
        if budget == -1 { _ = fail(at: start, "more than 100000 values; aliases may not multiply") }
        return YAMLValue(content: .list([]), span: SourceSpan(lower: start, upper: start), file: file)
      }
      switch node {
      case .scalar(let scalar):
        let isPlain = scalar.style == .plain || scalar.style == .any
        return YAMLValue(
          content: .scalar(text: scalar.string, isPlain: isPlain), span: span(of: scalar, at: start), file: file)
      case .sequence(let sequence):
        return YAMLValue(content: .list(sequence.map { convert($0) }), span: point(start), file: file)
      case .mapping(let mapping):
        return YAMLValue(content: .map(mapping.compactMap { entry($0.key, $0.value) }), span: point(start), file: file)
      case .alias:
        _ = fail(at: start, "aliases are not supported")
        return YAMLValue(content: .list([]), span: point(start), file: file)
      }
    }

    private mutating func entry(_ key: Node, _ value: Node) -> YAMLEntry? {
      let converted = convert(key)
      guard budget >= 0 else { return nil }
      guard let text = converted.text else {
        _ = fail(at: converted.span.lower, "a key must be text, found \(converted.wording)")
        return nil
      }
      return YAMLEntry(key: text, keySpan: converted.span, value: convert(value))
    }

    private func point(_ start: Int) -> SourceSpan {
      SourceSpan(lower: start, upper: min(start + 1, range.upperBound))
    }

    /// Where a scalar stands: the text as written, a quoted text with its quotes, else the rest of the line.
    private func span(of scalar: Node.Scalar, at start: Int) -> SourceSpan {
      let text = Array(scalar.string.utf8)
      let bytes = file.bytes
      if bytes[start..<range.upperBound].starts(with: text) {
        return SourceSpan(lower: start, upper: start + text.count)
      }
      var end = start
      if start < range.upperBound, bytes[start] == 0x22 || bytes[start] == 0x27 {
        end += 1
        while end < range.upperBound, bytes[end] != bytes[start], bytes[end] != 0x0A {
          end += bytes[end] == 0x5C && bytes[start] == 0x22 && end + 1 < range.upperBound ? 2 : 1
        }
        return SourceSpan(lower: start, upper: min(end + 1, range.upperBound))
      }
      while end < range.upperBound, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
      return SourceSpan(lower: start, upper: end)
    }

    private mutating func fail(_ error: YamlError) -> YAMLValue? {
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        return fail(at: offset(mark), "not valid YAML: \(problem)")
      case .duplicatedKeysInMapping(let keys, let context):
        return fail(at: offset(context.mark), "key '\(keys.first ?? "")' is given twice")
      case .reader(let problem, _, _, _):
        return fail(at: range.lowerBound, "not valid YAML: \(problem)")
      default:
        return fail(at: range.lowerBound, "not valid YAML")
      }
    }

    private mutating func fail(at offset: Int, _ message: String) -> YAMLValue? {
      diagnostics.append(Diagnostic(file: file, span: point(offset), message: message))
      return nil
    }

    /// The byte offset of the library's 1-based line and column, columns in Unicode scalars.
    private func offset(_ mark: Mark?) -> Int {
      guard let mark, mark.line >= 1 else { return range.lowerBound }
      guard mark.line <= lineStarts.count else { return max(range.lowerBound, range.upperBound - 1) }
      var offset = lineStarts[mark.line - 1]
      var column = 1
      while offset < range.upperBound, column < mark.column {
        offset += 1
        while offset < range.upperBound, file.bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        column += 1
      }
      return offset
    }

    private static func findLines(_ bytes: [UInt8], _ range: Range<Int>) -> [Int] {
      var starts = [range.lowerBound]
      for index in range {
        switch bytes[index] {
        case 0x0A: starts.append(index + 1)
        case 0x0D where index + 1 == range.upperBound || bytes[index + 1] != 0x0A: starts.append(index + 1)
        case 0x85 where index > range.lowerBound && bytes[index - 1] == 0xC2: starts.append(index + 1)
        case 0xA8, 0xA9:
          if index >= range.lowerBound + 2, bytes[index - 2] == 0xE2, bytes[index - 1] == 0x80 {
            starts.append(index + 1)
          }
        default: break
        }
      }
      return starts
    }
  }
}
