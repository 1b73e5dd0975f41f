import Diagnostics

/// The work of finding the meaning of `<<value …>>`, `<<expect …>>` and `<<spark …>>`.
///
/// The first bare argument is the quantity. `value` and `expect` take their own keys and the claim; everything else
/// goes to the directive the quantity names, as if it stood there: `<<value heatmap.mean[3] r2 mean n=64>>` binds
/// `<<heatmap r2 mean n=64>>`. A view that is not written is taken from the path: `heatmap.mean[3]` means
/// `heatmap r2 mean`.
struct QuantityBinding {
  let directive: Directive
  let schema: DirectiveSchema
  let binder: DirectiveBinder
  /// What is wrong so far.
  var faults: [Diagnostic] = []
  private var claim: Claim?
  private var claimSpan: SourceSpan?

  init(directive: Directive, schema: DirectiveSchema, binder: DirectiveBinder) {
    self.directive = directive
    self.schema = schema
    self.binder = binder
  }

  /// Reads everything; nil where there was an error.
  mutating func bind() -> BoundQuantity? {
    guard let (path, argument) = readPath() else { return nil }
    guard let target = target(path, argument) else { return nil }
    var rest = directive.arguments.filter { $0.span != argument.span }
    if schema.role == .claim { takeClaim(&rest) }
    let values = takeOwnKeys(&rest)
    let nameEnd = argument.span.lower + path.directive.utf8.count
    let inner = Directive(
      name: path.directive, nameSpan: SourceSpan(lower: argument.span.lower, upper: nameEnd), arguments: rest,
      span: directive.span, source: directive.source, file: directive.file)
    var binding = ArgumentBinding(directive: inner, schema: target, scope: binder.scope)
    binding.takesPresentation = false
    binding.impliedViews = path.steps.compactMap { if case .member(let name) = $0 { name } else { nil } }
    let source = binding.bind()
    faults += binding.faults
    guard let source, !faults.hasErrors else { return nil }
    return BoundQuantity(
      name: schema.name, isSeries: schema.role == .series, path: path, pathSpan: argument.span, source: source,
      claim: claim, claimSpan: claimSpan,
      values: values, directive: directive)
  }

  // MARK: - The quantity

  private mutating func readPath() -> (QuantityPath, DirectiveArgument)? {
    guard let argument = directive.arguments.first(where: { $0.key == nil && !$0.isQuoted }) else {
      fault(directive.nameSpan, "'\(schema.name)' needs a quantity", ["for example \(example)"])
      return nil
    }
    guard let path = QuantityPath(argument.value) else {
      fault(
        argument.span, "'\(argument.value)' is not a quantity: expected a directive and the way into its result",
        ["for example \(example)"])
      return nil
    }
    guard !path.steps.isEmpty else {
      fault(
        argument.span,
        "'\(argument.value)' is \(schema.role == .series ? "no list of numbers" : "not one number"): expected the way "
          + "into its result",
        ["for example \(example)"])
      return nil
    }
    return (path, argument)
  }

  private mutating func target(_ path: QuantityPath, _ argument: DirectiveArgument) -> DirectiveSchema? {
    let blocks = binder.schemas.filter { $0.role == .block }
    if let target = blocks.first(where: { $0.name == path.directive }) { return target }
    let span = SourceSpan(lower: argument.span.lower, upper: argument.span.lower + path.directive.utf8.count)
    fault(
      span, "unknown directive '\(path.directive)'",
      Spelling.hints(for: path.directive, in: blocks.map(\.name), noun: "directives"))
    return nil
  }

  private var example: String {
    schema.examples.first
      ?? (schema.role == .claim ? "<<expect convergence.score > 0.5>>" : "<<value convergence.score>>")
  }

  // MARK: - Its own keys

  private mutating func takeOwnKeys(_ rest: inout [DirectiveArgument]) -> [String: SettingValue] {
    var values: [String: SettingValue] = [:]
    for key in schema.keys {
      let written = rest.filter { $0.key == key.name }
      rest.removeAll { $0.key == key.name }
      if written.count > 1 { fault(written[1].keySpan ?? written[1].span, "key '\(key.name)' is given twice") }
      values[key.name] = key.standard
      guard let argument = written.first else { continue }
      do throws(SettingFault) {
        values[key.name] = try key.type.read(argument.value, scope: binder.scope)
      } catch {
        fault(
          argument.valueSpan, error.message ?? "'\(key.name)' must be \(error.expected), found '\(argument.value)'",
          error.hints)
      }
    }
    if schema.role == .value, let argument = rest.first(where: { $0.key == "expect" }) {
      rest.removeAll { $0.span == argument.span }
      readClaim([argument.value], at: argument.valueSpan, relation: nil)
    }
    return values
  }

  // MARK: - The claim

  /// Takes `OP NUMBER [+-TOL]` out of the arguments.
  private mutating func takeClaim(_ rest: inout [DirectiveArgument]) {
    guard let start = rest.firstIndex(where: { $0.key == nil && !$0.isQuoted && isRelation($0.value) }) else {
      fault(
        directive.nameSpan, "'\(schema.name)' needs a claim: one of = < <= > >= and a number",
        ["for example \(example)"])
      return
    }
    let end = endOfClaim(from: start, in: rest)
    let parts = rest[start...end]
    let span = SourceSpan(lower: rest[start].span.lower, upper: rest[end].span.upper)
    rest.removeSubrange(start...end)
    let text = parts.map(\.value).joined(separator: " ")
    let mark = text.unicodeScalars.prefix { QuantityBinding.comparisons.contains($0) }
    guard let relation = Claim.Relation(rawValue: String(mark)) else {
      fault(span, "unknown comparison '\(String(mark))'; expected one of = < <= > >=")
      return
    }
    readClaim([String(text.unicodeScalars.dropFirst(mark.count))], at: span, relation: relation)
  }

  private func isRelation(_ text: String) -> Bool {
    text.unicodeScalars.first.map { QuantityBinding.comparisons.contains($0) } ?? false
  }

  /// The last argument of a claim: the number, unless it stands with the comparison, and a tolerance after it.
  private func endOfClaim(from start: Int, in rest: [DirectiveArgument]) -> Int {
    func isBare(_ index: Int) -> Bool { index < rest.count && rest[index].key == nil && !rest[index].isQuoted }
    var end = start
    if rest[start].value.unicodeScalars.allSatisfy({ QuantityBinding.comparisons.contains($0) }), isBare(end + 1) {
      end += 1
    }
    if isBare(end + 1), rest[end + 1].value.hasPrefix("+-") || rest[end + 1].value.hasPrefix("±") {
      end += 1
      if ["+-", "±"].contains(rest[end].value), isBare(end + 1) { end += 1 }
    }
    return end
  }

  private static let comparisons = Array("=<>!≥≤≠".unicodeScalars)

  /// Reads `NUMBER [+-TOL]`, with a comparison in front where none is given.
  private mutating func readClaim(_ texts: [String], at span: SourceSpan, relation: Claim.Relation?) {
    var text = texts.joined(separator: " ").replacing("±", with: "+-").filter { $0 != " " }
    var relation = relation
    if relation == nil {
      let mark = text.prefix { "=<>".contains($0) }
      text = String(text.dropFirst(mark.count))
      relation = mark.isEmpty ? .equal : Claim.Relation(rawValue: String(mark))
    }
    let pieces = text.split(separator: "+-", omittingEmptySubsequences: false).map(String.init)
    guard let relation, let numberText = pieces.first, let number = NumberReading.double(numberText), pieces.count <= 2
    else {
      fault(span, "expected a number and, if need be, a tolerance such as 0.56 +-0.02, found '\(text)'")
      return
    }
    claim = Claim(relation: relation, numberText: numberText, number: number)
    claimSpan = span
    guard pieces.count == 2 else { return }
    guard let tolerance = NumberReading.double(pieces[1]), tolerance >= 0 else {
      fault(span, "tolerance must be a number from 0, found '\(pieces[1])'")
      return
    }
    claim?.tolerance = tolerance
  }

  private mutating func fault(_ span: SourceSpan, _ message: String, _ hints: [String] = []) {
    faults.append(directive.diagnostic(at: span, message, hints: hints))
  }
}
