import ArgumentParser
import Blocks
import Books
import Diagnostics
import Directives

/// `layerbook directives`: what there is, and what each takes.
struct DirectivesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "directives",
    abstract: "List the directives, or what one of them takes.",
    discussion: """
      Among them are the engines of the book's own, where there is a book.

      Examples:
        layerbook directives heatmap
        layerbook directives --book thesis cka
      """)

  @Argument(help: "A directive's name.")
  var name: String?

  @Option(help: "The folder that holds layerbook.yaml, or 'none'. Default: ./reports, or this folder.")
  var book: String?

  func validate() throws { try PathOptions.check("--book", book) }

  /// The directives of the book; a book that was not asked for and cannot be read hides none of the others.
  private func registry() throws -> Registry {
    var options = try BookOptions.parse([])
    options.book = book
    if book != nil { return Registry(of: try options.load()) }
    guard let directory = options.directory() else { return .standard }
    let (book, faults) = BookReader.read(directory: directory)
    return faults.hasErrors ? .standard : Registry(of: book)
  }

  func run() throws {
    let registry = try registry()
    let schemas = registry.schemas
    guard let name else {
      let width = schemas.map(\.name.count).max() ?? 0
      for schema in schemas {
        print(schema.name + String(repeating: " ", count: width - schema.name.count + 2) + schema.summary)
      }
      return
    }
    guard let schema = schemas.first(where: { $0.name == name }) else {
      let hints = Spelling.hints(for: name, in: schemas.map(\.name), noun: "directives")
      throw CommandFailure(
        code: .usage,
        message: (["error: unknown directive '\(name)'"] + hints.map { "  hint: " + $0 }).joined(separator: "\n"))
    }
    print(Self.page(of: schema, in: registry))
  }

  /// Everything a schema says, as text.
  static func page(of schema: DirectiveSchema, in registry: Registry) -> String {
    var lines = ["\(schema.name): \(schema.summary)", ""]
    for (index, group) in schema.views.enumerated() {
      lines.append(index == 0 ? "first word:" : "then one of:")
      let width = group.words.map(\.count).max() ?? 0
      for keyword in group.keywords {
        lines.append(
          "  " + keyword.word + String(repeating: " ", count: width - keyword.word.count + 2) + keyword.summary)
      }
      lines.append("")
    }
    if schema.takesModel { lines += ["a bare name is a model of the book", ""] }
    lines.append("keys:")
    for key in schema.allKeys { lines.append("  " + Self.line(of: key)) }
    if schema.takesVersus { lines.append("  vs=MODEL  a second model") }
    if schema.takesDataset { lines.append("  dataset=NAME  another dataset of the book") }
    if schema.role == .block {
      lines.append("  caption=\"…\", id=NAME, tol=0.01|1%" + (schema.forms.count > 1 ? ", as=figure|table" : ""))
    }
    for view in registry.block(schema.name)?.documentation ?? [] where !view.fields.isEmpty {
      lines += ["", "result" + (view.words.isEmpty ? "" : " of " + view.words.joined(separator: ", ")) + ":"]
      let width = view.fields.map(\.path.count).max() ?? 0
      lines += view.fields.map { field in
        "  " + field.path + String(repeating: " ", count: width - field.path.count + 2) + field.text
      }
    }
    lines += ["", "examples:"] + schema.examples.map { "  " + $0 }
    return lines.joined(separator: "\n")
  }

  private static func line(of key: SettingKey) -> String {
    let standard = key.standard.canonicalText
    let views = key.only.isEmpty ? "" : " [\(key.only.joined(separator: ", "))]"
    let unit = key.unit.isEmpty ? "" : " " + key.unit
    return "\(key.name)=\(key.type.wording)  \(key.summary)" + (standard.isEmpty ? "" : " (default \(standard)\(unit))")
      + views
  }
}
