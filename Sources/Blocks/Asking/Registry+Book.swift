import Books
import Diagnostics

extension Registry {
  /// The built directives, and the engines of a book beside them.
  ///
  /// An engine that takes the name of a built directive is left out; `faults(of:)` says so.
  public init(of book: Book) {
    let taken = Set(Registry.standard.schemas.map(\.name))
    let own = book.engines.filter { !taken.contains($0.name) }.map { Block(engine: $0) }
    self.init(blocks: Registry.standard.blocks + own)
  }

  /// Engines of a book that take the name of a directive there is.
  public static func faults(of book: Book) -> [Diagnostic] {
    let taken = Set(Registry.standard.schemas.map(\.name))
    return book.engines.filter { taken.contains($0.name) }.map { engine in
      Diagnostic(
        file: engine.place?.file, span: engine.place?.span,
        message: "engine '\(engine.name)' takes the name of a directive there is", hints: ["give it another name"])
    }
  }
}
