import Diagnostics

/// Gives directives their meaning: checks names, keys and values against the schemas and the names of the book.
public struct DirectiveBinder: Sendable {
  /// Every directive there is.
  public let schemas: [DirectiveSchema]
  /// The names of the book and the document's defaults.
  public let scope: BindingScope

  public init(schemas: [DirectiveSchema], scope: BindingScope) {
    self.schemas = schemas
    self.scope = scope
  }

  /// The schema of a name.
  public func schema(_ name: String) -> DirectiveSchema? { schemas.first { $0.name == name } }

  /// Whether a directive stands inside running text; nil where there is no directive of its name.
  public func isInline(_ directive: Directive) -> Bool? { schema(directive.name)?.isInline }

  /// Finds the meaning of a directive.
  ///
  /// - Returns: the meaning where there is no error, and everything that is wrong, each fault at its token.
  public func bind(_ directive: Directive) -> (Bound?, [Diagnostic]) {
    if directive.faults.hasErrors { return (nil, directive.faults) }
    guard let schema = schema(directive.name) else { return (nil, [unknownName(directive)]) }
    let (filled, faults) = ParameterSubstitution(scope: scope).apply(to: directive)
    if faults.hasErrors { return (nil, faults) }
    switch schema.role {
    case .block, .inline:
      var binding = ArgumentBinding(directive: filled, schema: schema, scope: scope)
      let bound = binding.bind()
      return (bound.map(Bound.directive), faults + binding.faults)
    case .value, .claim, .series:
      var binding = QuantityBinding(directive: filled, schema: schema, binder: self)
      let bound = binding.bind()
      return (bound.map(Bound.quantity), faults + binding.faults)
    }
  }

  private func unknownName(_ directive: Directive) -> Diagnostic {
    let names = schemas.map(\.name)
    return directive.diagnostic(
      at: directive.nameSpan, "unknown directive '\(directive.name)'",
      hints: Spelling.hints(for: directive.name, in: names, noun: "directives") + ["write '\\<<' for literal text"])
  }

  /// Checks the document's own names against the book: its model, its dataset.
  public func checkDefaults(_ matter: FrontMatter) -> [Diagnostic] {
    var faults: [Diagnostic] = []
    if let model = matter.model, !scope.isModel(model.value) {
      faults.append(
        Diagnostic(
          file: model.file, span: model.file == nil ? nil : model.span, message: "unknown model '\(model.value)'",
          hints: Spelling.hints(for: model.value, in: scope.models, noun: "models")))
    }
    if let dataset = matter.dataset, !scope.isDataset(dataset.value) {
      faults.append(
        Diagnostic(
          file: dataset.file, span: dataset.file == nil ? nil : dataset.span,
          message: "unknown dataset '\(dataset.value)'",
          hints: Spelling.hints(for: dataset.value, in: scope.datasets, noun: "datasets")))
    }
    return faults
  }

  /// Parameters that nothing reads: neither a key of a directive nor the `{name}` of one, and so most likely misspelt.
  ///
  /// - Parameter used: parameters that are read elsewhere, such as in prose.
  public func unusedParameters(in directives: [Directive], besides used: Set<String> = []) -> [Diagnostic] {
    let keys = Set(schemas.flatMap(\.allKeys).map(\.name) + ["as"])
    let marked = Set(directives.flatMap(\.arguments).flatMap { ParameterSubstitution.names(in: $0.value) })
    return scope.parameters.compactMap { parameter in
      let name = parameter.name
      if keys.contains(name) || marked.contains(name) || used.contains(name) { return nil }
      // `{nobody}` beside `nobdy: 1` is one mistake, and reported where it stands in the text.
      let unknown = marked.filter { scope.parameter($0) == nil }
      if unknown.contains(where: { !Spelling.nearest(to: $0, in: [name]).isEmpty }) { return nil }
      let place = parameter.file == nil ? "--set: " : ""
      return Diagnostic(
        file: parameter.file, span: parameter.file == nil ? nil : parameter.span,
        message: place + "nothing takes '\(name)': it is no key of a directive, and no directive holds {\(name)}",
        hints: Spelling.hint(for: name, in: FrontMatter.keys + keys.sorted()).map { [$0] } ?? [])
    }
  }
}
