import Blocks
import Books
import Directives
import Reports

/// A directive that a command makes of its options, bound as one of a template is.
struct DirectiveLine {
  private var text: String

  init(_ name: String) { text = name }

  /// Adds a bare argument.
  mutating func add(_ argument: String) { text += " " + argument }

  /// Adds a key, quoted where its value is not one bare word; nothing where there is no value.
  mutating func add(_ key: String, _ value: String?) {
    guard let value else { return }
    let isBare = value.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "`") }
    text += " \(key)=" + (isBare && !value.isEmpty && !value.contains(">>") ? value : SettingValue.quoted(value))
  }

  /// Finds its meaning, or stops with everything that is wrong.
  ///
  /// - Parameter settings: defaults for its keys, as `--set` gives them.
  func bind(
    in book: Book, model: String, dataset: String? = nil, settings: [(key: String, value: String)] = []
  ) throws -> BoundDirective {
    try NameCheck.model(model, in: book)
    try NameCheck.dataset(dataset, in: book)
    var matter = FrontMatter()
    var faults = matter.apply(settings: settings)
    let registry = Registry.standard
    let binder = DirectiveBinder(
      schemas: registry.schemas, scope: ReportScope.scope(of: book, matter, model: model, dataset: dataset))
    faults += binder.checkDefaults(matter)
    let (directive, problems) = DirectiveParser.parse(directive: text)
    try Faults.stop(faults + problems)
    guard let directive else { throw CommandFailure(code: .usage, message: "error: cannot read '\(text)'") }
    let (meaning, more) = binder.bind(directive)
    try Faults.stop(
      faults + more + binder.unusedParameters(in: [directive]) + (meaning.map { registry.faults(of: $0) } ?? []))
    guard let meaning else { throw CommandFailure(code: .usage, message: "error: cannot read '\(text)'") }
    return meaning.source
  }
}
