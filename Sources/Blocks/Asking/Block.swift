import Diagnostics
import Directives

/// One directive that shows something computed: a schema and its views.
public struct Block: Sendable {
  /// What the directive takes; also its documentation.
  public let schema: DirectiveSchema
  /// Its views, in the order they are documented.
  public let views: [any View]

  /// A directive of one view or several.
  ///
  /// - Parameters:
  ///   - prefix: a word that stands before the views' own, such as `r2` in `<<heatmap r2 mean>>`.
  ///   - takesModel: false where it asks no model, and so neither takes a dataset nor draws a sample.
  ///   - takesDataset: false where its views have a key of that name themselves.
  ///   - standardDataset: the dataset that is meant where nobody chose one and the book has it.
  ///   - takesVersus: false where it shows every model of the book anyway.
  ///   - bringsText: whether a `text` in the directive stands for the dataset.
  public init(
    _ name: String, _ summary: String, prefix: ViewKeyword? = nil, views: [any View], takesModel: Bool = true,
    takesDataset: Bool = true, standardDataset: String? = nil, takesVersus: Bool = true, bringsText: Bool = false,
    examples: [String]
  ) {
    let words = views.flatMap(\.keywords)
    let unnamed = views.dropFirst().filter { $0.keywords.isEmpty && $0.selectors.isEmpty }
    precondition(!views.isEmpty && unnamed.isEmpty, "views of \(name)")
    self.views = views
    var schema = DirectiveSchema(
      name: name, summary: summary,
      views: (prefix.map { [ViewGroup([$0])] } ?? []) + (words.isEmpty ? [] : [ViewGroup(words)]),
      keys: Self.merged(views), takesModel: takesModel, takesDataset: takesModel && takesDataset,
      takesVersus: takesModel && takesVersus,
      bringsText: bringsText, takesSample: takesModel, examples: examples)
    schema.standardDataset = standardDataset
    self.schema = schema
  }

  /// The view that a bound directive asks for.
  public func view(of bound: BoundDirective) -> any View {
    views.first { $0.isMeant(by: bound) } ?? views[0]
  }

  /// What the result of a bound directive holds.
  public func shape(of bound: BoundDirective) -> ResultShape { view(of: bound).shape(of: bound) }

  /// Whether the exhibit counts as a figure or a table, known before anything is computed.
  public func kind(of bound: BoundDirective) -> Exhibit.Kind {
    bound.form == .table || view(of: bound).isTable ? .table : .figure
  }

  /// Whether a directive reads texts of a dataset.
  func readsDataset(_ bound: BoundDirective) -> Bool { schema.takesDataset && view(of: bound).readsDataset(bound) }

  /// Faults that no single key shows.
  public func faults(of bound: BoundDirective) -> [Diagnostic] {
    view(of: bound).faults(of: bound) + sizeFaults(of: bound)
  }

  /// A size that nothing would take.
  private func sizeFaults(of bound: BoundDirective) -> [Diagnostic] {
    let isTable = kind(of: bound) == .table
    return [("width", bound.size.width != nil), ("height", bound.size.height != nil)].compactMap {
      key, isGiven -> Diagnostic? in
      guard isGiven, isTable || (key == "height" && !view(of: bound).takesHeight) else { return nil }
      return bound.directive.diagnostic(
        at: bound.directive.arguments.first { $0.key == key }?.span ?? bound.directive.span,
        isTable
          ? "'\(key)' is for figures, and this is a table" : "the figure of '\(schema.name)' is as high as its text")
    }
  }

  /// A directive of which nothing but a view is written.
  func defaults(of view: some View) -> BoundDirective {
    let prefix = schema.views.count > 1 ? schema.views[0].words : []
    var bound = BoundDirective(defaultsOf: schema, view: prefix + view.keywords.prefix(1).map(\.word))
    bound.values.merge(view.selectors) { $1 }
    return bound
  }

  /// Every view's example as if it had been answered, one for each of its words: what documentation and tests of
  /// exhibits are made of, without a model.
  ///
  /// - Parameter form: what `as=` would say.
  public func examples(as form: OutputForm?) throws -> [Evaluation] {
    try views.flatMap { view -> [Evaluation] in
      let words: [ViewKeyword?] = view.keywords.isEmpty ? [nil] : view.keywords
      return try words.map { word in
        var bound = defaults(of: view)
        if let word { bound.view[bound.view.count - 1] = word.word }
        bound.form = form
        return try view.evaluation(of: bound, schema)
      }
    }
  }

  /// What the fields of each view's result hold, by their paths, under the words that choose the view.
  public var documentation: [(words: [String], fields: [(path: String, text: String)])] {
    views.map { view in
      (view.keywords.map(\.word) + view.selectors.values.map(\.canonicalText), view.documentation(defaults(of: view)))
    }
  }

  /// The keys of all views in one order that keeps each view's own; a key that not all views take says which do.
  private static func merged(_ views: [any View]) -> [SettingKey] {
    var keys: [SettingKey] = []
    for view in views {
      var place = 0
      for key in view.keys.map(\.setting) {
        if let known = keys.firstIndex(where: { $0.name == key.name }) {
          precondition(keys[known].standard == key.standard, "two defaults of '\(key.name)'")
          place = known + 1
        } else {
          keys.insert(key, at: place)
          place += 1
        }
      }
    }
    for index in keys.indices {
      let takers = views.filter { view in view.keys.contains { $0.setting.name == keys[index].name } }
      if takers.count < views.count { keys[index].only = takers.flatMap(\.keywords).map(\.word) }
    }
    return keys
  }
}
