import Diagnostics

/// The work of finding the meaning of one directive that is not a quantity.
struct ArgumentBinding {
  let directive: Directive
  let schema: DirectiveSchema
  let scope: BindingScope
  /// What is wrong so far.
  var faults: [Diagnostic] = []
  /// Words that may fill a view which was not written: the path of a quantity, such as `mean` in `heatmap.mean[3]`.
  var impliedViews: [String] = []
  /// Whether caption, anchor and form may be given.
  var takesPresentation = true

  private(set) var view: [String] = []
  var model: String?
  private var firstOther: DirectiveArgument?
  private(set) var given: [String: DirectiveArgument] = [:]
  /// Every `vs=`, in the order written.
  private(set) var others: [DirectiveArgument] = []

  init(directive: Directive, schema: DirectiveSchema, scope: BindingScope) {
    self.directive = directive
    self.schema = schema
    self.scope = scope
  }

  /// Reads everything; nil where there was an error.
  mutating func bind() -> BoundDirective? {
    collectKeys()
    for argument in directive.arguments where argument.key == nil { placeBare(argument) }
    completeView()
    let versus = readModels()
    if schema.takesModel, model == nil { model = scope.model }
    let dataset = schema.takesDataset ? readDataset(versus: versus) : nil
    requireNames(dataset: dataset)
    let values = readSettings()
    let caption = given["caption"].map { Spanned($0.value, span: $0.valueSpan, file: directive.file) }
    let id = readName("id", .name).flatMap { text in
      given["id"].map { Spanned(text, span: $0.valueSpan, file: directive.file) }
    }
    let form = readForm()
    let tolerance = readTolerance()
    if faults.hasErrors { return nil }
    var bound = BoundDirective(
      name: schema.name, view: view, model: model, versus: versus, dataset: dataset, values: values,
      explicitKeys: Set(given.keys).union(others.isEmpty ? [] : ["vs"]), caption: caption, id: id, form: form,
      tolerance: tolerance,
      canonicalText: "", directive: directive)
    bound.size = readSize()
    if faults.hasErrors { return nil }
    // How captured states were sampled is for their file to say: a default here would say something else.
    let sampling = hasOwnData(versus) ? Set(["position", "max-tokens"]).subtracting(given.keys) : []
    bound.canonicalText = CanonicalText.make(bound, schema: schema, leavingOut: sampling)
    return bound
  }

  // MARK: - Keys

  private mutating func collectKeys() {
    let names = schema.keyNames.filter { takesPresentation || $0 == "tol" || !schema.presentationKeys.contains($0) }
    for argument in directive.arguments {
      guard let key = argument.key, let span = argument.keySpan else { continue }
      if !names.contains(key) {
        fault(
          span, "unknown key '\(key)' of '\(schema.name)'", Spelling.hints(for: key, in: names, noun: "keys"))
      } else if key == "vs" {
        others.append(argument)
      } else if given[key] != nil {
        fault(span, "key '\(key)' is given twice")
      } else {
        given[key] = argument
      }
    }
  }

  // MARK: - Bare arguments

  private mutating func placeBare(_ argument: DirectiveArgument) {
    if !argument.isQuoted, schema.views.contains(where: { $0.words.contains(argument.value) }) {
      placeKeyword(argument)
      return
    }
    if firstOther == nil { firstOther = argument }
    let form = BareForm(argument)
    let keys = schema.allKeys.filter { $0.isBare && form.suits($0.type, argument.value) }
    // A name goes to a model before it goes to a free name, but only where it names one.
    let isModel = form == .word && schema.takesModel && model == nil && scope.isModel(argument.value)
    if !isModel, let key = keys.first(where: { given[$0.name] == nil }) {
      given[key.name] = argument
    } else if form == .word {
      placeModel(argument)
    } else if let key = keys.first {
      fault(argument.span, "'\(key.name)' of '\(schema.name)' is given twice")
    } else {
      fault(argument.span, "'\(schema.name)' takes no \(form.wording), found \(found(argument))", keyHint())
    }
  }

  private mutating func placeKeyword(_ argument: DirectiveArgument) {
    if let firstOther {
      fault(
        argument.span, "view keyword '\(argument.value)' must come before '\(firstOther.value)'")
      return
    }
    while let group = nextGroup() {
      if group.words.contains(argument.value) {
        view.append(argument.value)
        return
      }
      guard let word = group.standard else { break }
      view.append(word)
    }
    if let group = nextGroup() {
      fault(
        argument.span, "'\(title)' needs \(choice(group)) here, found '\(argument.value)'",
        Spelling.hint(for: argument.value, in: group.words).map { [$0] } ?? [])
    } else {
      fault(argument.span, "'\(title)' takes no further view keyword, found '\(argument.value)'")
    }
  }

  /// The group whose keyword comes next; nil where the view is complete.
  private func nextGroup() -> ViewGroup? {
    let groups = schema.views.filter { $0.only.isEmpty || $0.only.contains(where: view.contains) }
    return view.count < groups.count ? groups[view.count] : nil
  }

  private mutating func completeView() {
    while let group = nextGroup() {
      let only = impliedViews.isEmpty || group.words.count != 1 ? nil : group.words.first
      if let word = impliedViews.first(where: group.words.contains) ?? only ?? group.standard {
        view.append(word)
        continue
      }
      // An unknown word was most likely meant to be the keyword: one fault is enough.
      if !faults.hasErrors {
        fault(directive.nameSpan, "'\(title)' needs \(choice(group))", example())
      }
      return
    }
  }

  private mutating func placeModel(_ argument: DirectiveArgument) {
    let text = argument.value
    guard schema.takesModel, scope.isModel(text) else {
      let keywords = schema.views.flatMap(\.words) + choiceWords()
      let names = keywords + (schema.takesModel ? scope.models : [])
      if ModelUnit.isBegun(by: text), schema.allKeys.contains(where: { $0.type == .unit }) {
        return fault(argument.span, "expected \(SettingType.unit.wording), found '\(text)'")
      }
      let noun = !schema.takesModel ? "keyword" : keywords.isEmpty ? "model" : "keyword or model"
      fault(
        argument.span, "unknown \(noun) '\(text)'",
        schema.allKeys.contains { $0.name == text }
          ? ["'\(text)' is a key: write \(text)=…"]
          : Spelling.hints(for: text, in: names, noun: keywords.isEmpty ? "models" : "words"))
      return
    }
    if let model {
      fault(
        argument.span, "second model '\(text)'; '\(model)' is already named",
        schema.takesVersus ? ["write vs=\(text) to show it too"] : [])
    } else {
      model = text
    }
  }

  private func choiceWords() -> [String] {
    schema.allKeys.filter(\.isBare).flatMap { key -> [String] in
      if case .choice(let words) = key.type { words } else { [] }
    }
  }

  // MARK: - Wording

  /// The directive's name and the view so far: `heatmap r2`.
  var title: String { ([schema.name] + view).joined(separator: " ") }

  func choice(_ group: ViewGroup) -> String {
    group.words.count == 1 ? "'\(group.words[0])'" : "one of \(group.words.joined(separator: ", "))"
  }

  func found(_ argument: DirectiveArgument) -> String {
    argument.isQuoted ? SettingValue.quoted(argument.value) : "'\(argument.value)'"
  }

  func example() -> [String] { schema.examples.first.map { ["for example \($0)"] } ?? [] }

  private func keyHint() -> [String] {
    let keys = schema.allKeys.map(\.name)
    return keys.isEmpty ? [] : ["its keys are \(keys.joined(separator: ", "))"]
  }

  mutating func fault(_ span: SourceSpan, _ message: String, _ hints: [String] = []) {
    faults.append(directive.diagnostic(at: span, message, hints: hints))
  }
}
