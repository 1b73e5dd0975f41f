import Diagnostics
import Directives

extension Expander {
  /// Copies text, with parameters in the place of their names: in prose as text, in directives as they are.
  mutating func text(_ range: Range<Int>, _ context: Context) {
    let bytes = context.tree.file.bytes
    var formulas = FormulaScan(bytes)
    var code = context.tree.code.partitioningIndex { $0.upperBound > range.lowerBound }
    var mark = context.tree.marks.partitioningIndex { $0.span.upper > range.lowerBound }
    var start = range.lowerBound
    var index = start
    while index < range.upperBound {
      while code < context.tree.code.count, context.tree.code[code].lowerBound < index { code += 1 }
      while mark < context.tree.marks.count, context.tree.marks[mark].span.lower < index { mark += 1 }
      if code < context.tree.code.count, context.tree.code[code].lowerBound == index {
        index = min(context.tree.code[code].upperBound, range.upperBound)
        continue
      }
      if mark < context.tree.marks.count, context.tree.marks[mark].span.lower == index {
        let end = min(context.tree.marks[mark].span.upper, range.upperBound)
        copy(start..<index, context)
        directive(index..<end, context)
        (start, index) = (end, end)
        continue
      }
      switch bytes[index] {
      case 0x5C: index += 2
      case 0x24: index = formulas.formula(at: index)?.end ?? index + 1
      case 0x7B:
        guard let (name, value, end) = parameter(bytes, index, range.upperBound, context, inProse: true) else {
          reportMisspelt(bytes, index, range.upperBound, context)
          index += 1
          continue
        }
        copy(start..<index, context)
        substitute(Self.escaped(value), for: index..<end, context)
        if context.values[name] == nil { used.insert(name) }
        (start, index) = (end, end)
      default: index += 1
      }
    }
    copy(start..<range.upperBound, context)
  }

  /// Copies a directive with the values of loops in it; other parameters are filled in where it is bound.
  private mutating func directive(_ range: Range<Int>, _ context: Context) {
    let bytes = context.tree.file.bytes
    var start = range.lowerBound
    var index = start
    while index < range.upperBound {
      guard bytes[index] == 0x7B,
        let (_, value, end) = parameter(bytes, index, range.upperBound, context, inProse: false)
      else {
        index += 1
        continue
      }
      copy(start..<index, context)
      substitute(value, for: index..<end, context)
      (start, index) = (end, end)
    }
    copy(start..<range.upperBound, context)
  }

  /// The parameter whose `{name}` begins at an offset.
  private func parameter(
    _ bytes: [UInt8], _ index: Int, _ limit: Int, _ context: Context, inProse: Bool
  ) -> (name: String, value: String, end: Int)? {
    guard let (text, end) = braced(bytes, index, limit),
      let value = context.values[text] ?? (inProse ? parameters[text] : nil)
    else { return nil }
    return (text, value, end)
  }

  /// What stands in the braces that begin at an offset, and the offset behind them.
  private func braced(_ bytes: [UInt8], _ index: Int, _ limit: Int) -> (text: String, end: Int)? {
    let inner = bytes[(index + 1)..<min(limit, index + 65)].prefix { $0 != 0x7D && $0 != 0x0A }
    guard inner.endIndex < limit, bytes[inner.endIndex] == 0x7D else { return nil }
    return (String(decoding: inner, as: UTF8.self), inner.endIndex + 1)
  }

  /// Says of `{whoo}` in prose that `{who}` may be meant: braces around a word that is near to no parameter are text.
  private mutating func reportMisspelt(_ bytes: [UInt8], _ index: Int, _ limit: Int, _ context: Context) {
    guard let (name, end) = braced(bytes, index, limit), name.utf8.count >= 3, FrontMatter.isParameterName(name),
      let hint = Spelling.hint(for: name, in: Set(parameters.keys).union(context.values.keys).sorted())
    else { return }
    // Said once, however often a loop turns.
    guard misspelt.insert("\(context.tree.file.path):\(index)").inserted else { return }
    fault(
      SourceSpan(lower: index, upper: end), in: context, "'{\(name)}' is no parameter and would be printed as it is",
      [hint, "write '\\{\(name)}' for literal text"])
  }

  /// A text with every parameter in it filled in.
  func filled(_ text: String, _ context: Context) -> String {
    guard text.utf8.contains(0x7B) else { return text }
    var result = text
    for (name, value) in parameters.merging(context.values, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
      result = result.replacing("{\(name)}", with: value)
    }
    return result
  }

  /// A directive with the values of loops in it, at its place.
  func filled(_ directive: Directive, _ context: Context) -> Directive? {
    var text = directive.source
    for (name, value) in context.values.sorted(by: { $0.key < $1.key }) {
      text = text.replacing("{\(name)}", with: value)
    }
    let piece = SourcePiece(
      start: 0, file: context.tree.file, span: directive.span, isVerbatim: text == directive.source,
      line: context.line)
    let file = SourceFile(path: context.tree.file.path, bytes: Array(text.utf8), pieces: [piece])
    return DirectiveParser.scan(file).marks.first?.directive
  }

  /// A value as text: what Markdown would read as a mark is escaped.
  private static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      if "\\`*[]<>~$@|&#!{}".unicodeScalars.contains(scalar) { text += "\\" }
      text.unicodeScalars.append(scalar == "\n" || scalar == "\r" ? " " : scalar)
    }
    return text
  }
}

extension Array {
  /// The index of the first element of which a condition holds that holds for all behind it, too.
  fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
