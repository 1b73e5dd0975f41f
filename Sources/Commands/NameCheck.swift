import Books
import Diagnostics
import Files

/// Names of models and datasets on the command line: of the book, or a path.
enum NameCheck {
  /// Stops where a model is neither in the book nor a folder, nor in the hub's cache by its name there.
  static func model(_ name: String?, in book: Book) throws {
    guard let name, book.model(name) == nil, !isDirectory(name) else { return }
    if isFile(name), let found = ModelFolder(path: name).explanation(missing: "config.json") {
      throw CommandFailure(code: .usage, message: "error: '\(name)' is no model: \(found)")
    }
    if HubCache.isName(name) {
      if HubCache().snapshot(of: name) != nil { return }
      throw CommandFailure(
        code: .usage,
        message:
          "error: '\(name)' is neither a model of the book nor a checkpoint folder, and not in the local Hugging "
          + "Face cache\n  hint: get it with: \(HubCache.downloadCommand(for: name))")
    }
    throw unknownModel(name, in: book)
  }

  /// Stops where a dataset is neither in the book nor a file.
  static func dataset(_ name: String?, in book: Book) throws {
    guard let name, book.dataset(name) == nil, !isFile(name) else { return }
    throw failure(
      "'\(name)' is neither a dataset of the book nor a file", for: name, book.datasets.map(\.name), "datasets")
  }

  /// The failure of a model that is nowhere.
  static func unknownModel(_ name: String, in book: Book) -> CommandFailure {
    failure(
      "'\(name)' is neither a model of the book nor a checkpoint folder", for: name, book.models.map(\.name), "models")
  }

  private static func failure(
    _ message: String, for name: String, _ names: [String], _ noun: String
  ) -> CommandFailure {
    let hints = names.isEmpty ? [] : Spelling.hints(for: name, in: names, noun: noun)
    return CommandFailure(
      code: .usage, message: (["error: " + message] + hints.map { "  hint: " + $0 }).joined(separator: "\n"))
  }
}
