import Diagnostics

extension BoundDirective {
  /// A directive of which nothing but the view is written: every key has its default.
  public init(defaultsOf schema: DirectiveSchema, view: [String], model: String? = nil) {
    var values: [String: SettingValue] = [:]
    for key in schema.allKeys where key.only.isEmpty || key.only.contains(where: view.contains) {
      values[key.name] = key.standard
    }
    let span = SourceSpan(lower: 0, upper: 0)
    let directive = Directive(
      name: schema.name, nameSpan: span, arguments: [], span: span, source: "<<\(schema.name)>>",
      file: SourceFile(path: "", text: ""))
    self.init(
      name: schema.name, view: view, model: model, versus: [], dataset: nil, values: values, explicitKeys: [],
      canonicalText: "", directive: directive)
    canonicalText = CanonicalText.make(self, schema: schema)
  }
}
