import Books
import Directives

/// The names a document's directives may use, from the book, the front matter and the command line.
public enum ReportScope {
  /// The scope of a document.
  ///
  /// - Parameters:
  ///   - model: a model named on the command line; it outranks the front matter, which outranks the book.
  ///   - dataset: likewise.
  public static func scope(
    of book: Book, _ matter: FrontMatter, model: String? = nil, dataset: String? = nil
  ) -> BindingScope {
    let models = book.models.map(\.name)
    let datasets = book.datasets.map(\.name)
    var scope = BindingScope(
      models: models + [model].compactMap { $0 }.filter { !models.contains($0) },
      datasets: datasets + [dataset].compactMap { $0 }.filter { !datasets.contains($0) },
      model: model ?? matter.model?.value ?? book.defaultModel,
      dataset: dataset ?? matter.dataset?.value ?? book.defaultDataset,
      seed: matter.seed?.value ?? book.defaultSeed,
      parameters: standing(in: book) + matter.parameters,
      modelsWithOwnData: book.models.compactMap { entry in
        if case .states = entry.source { entry.name } else { nil }
      },
      allowsPaths: book.directory == nil || model != nil)
    scope.choosesDataset = dataset != nil || matter.dataset != nil
    return scope
  }

  /// Defaults of keys that follow from what the book holds; front matter outranks them.
  private static func standing(in book: Book) -> [Parameter] {
    // Texts whose last word takes a wide context to predict: where the book has them, they judge a shortened model.
    book.dataset("last-word") == nil ? [] : [Parameter(name: "last-word", text: "last-word")]
  }
}
