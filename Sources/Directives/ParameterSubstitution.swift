import Diagnostics

/// Puts the document's parameters in the place of `{name}` inside the arguments of a directive.
///
/// Only names of parameters are replaced. In a bare value any other `{name}` is an error; in quotes it stays, because
/// captions hold TeX such as `\frac{a}{b}`, unless it is nearly the name of a parameter, which earns a warning.
struct ParameterSubstitution {
  let scope: BindingScope

  /// The directive with its arguments filled in, and what is wrong.
  func apply(to directive: Directive) -> (Directive, [Diagnostic]) {
    var result = directive
    var faults: [Diagnostic] = []
    for index in result.arguments.indices where result.arguments[index].value.utf8.contains(0x7B) {
      let argument = result.arguments[index]
      result.arguments[index].value = replace(argument, in: directive, &faults)
    }
    return (result, faults)
  }

  /// The names that stand in braces in a text.
  static func names(in text: String) -> [String] {
    text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
      rest.firstIndex(of: "}").map { String(rest[..<$0]) }
    }
  }

  private func replace(_ argument: DirectiveArgument, in directive: Directive, _ faults: inout [Diagnostic]) -> String {
    let bytes = Array(argument.value.utf8)
    var output: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x7B, let end = bytes[index...].firstIndex(of: 0x7D) {
        let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
        if let parameter = scope.parameter(name) {
          output.append(contentsOf: parameter.text.utf8)
          index = end + 1
          continue
        }
        if let fault = unknown(name, argument, directive) { faults.append(fault) }
      }
      output.append(bytes[index])
      index += 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  private func unknown(_ name: String, _ argument: DirectiveArgument, _ directive: Directive) -> Diagnostic? {
    guard FrontMatter.isParameterName(name) else { return nil }
    let names = scope.parameters.map(\.name)
    if !argument.isQuoted {
      return directive.diagnostic(
        at: argument.valueSpan, "unknown parameter '\(name)'",
        hints: Spelling.hints(for: name, in: names, noun: "parameters"))
    }
    guard name.utf8.count >= 3, let hint = Spelling.hint(for: name, in: names) else { return nil }
    return directive.diagnostic(
      .warning, at: argument.valueSpan, "'{\(name)}' is not a parameter and stays as it is", hints: [hint])
  }
}
