import Analyses
import Diagnostics
import Directives
import Transformers

/// What people say of the triggers of some neurons, out of a file of the book: it wins over what is counted.
struct MemoryAnnotations {
  /// One neuron's label.
  struct Label: Equatable {
    var kind: TriggerPatterns.Kind
    /// What the triggers have in common, in words.
    var pattern: String
    /// How many of its different prefixes show it; nil for all.
    var count: Int?
  }

  private var labels: [String: Label] = [:]

  /// The label of a neuron such as `L6.N254`.
  subscript(unit: String) -> Label? { labels[unit] }

  /// Nothing annotated.
  init() {}

  /// Reads a table with the columns `unit`, `kind` (shallow, semantic, both or none), `pattern` and, if there is one, `count`.
  ///
  /// - Throws: `EngineError` with file and line.
  init(_ table: OwnTable) throws(EngineError) {
    let (units, kinds) = (try table.column("unit").texts, try table.column("kind").texts)
    let patterns = try table.column("pattern").texts
    let counts = table.columns.contains("count") ? try table.numbers("count") : units.map { _ in nil }
    for row in units.indices {
      func fault(_ message: String, _ hint: String? = nil) -> EngineError {
        EngineError("'\(table.file)', \(table.place(row)): \(message)", hint: hint)
      }
      guard let unit = ModelUnit(units[row]), case .neuron = unit.part else {
        throw fault("'\(quotable(units[row]))' is no neuron", "write one such as L6.N254")
      }
      guard let kind = TriggerPatterns.Kind(rawValue: kinds[row]) else {
        let known = TriggerPatterns.Kind.allCases.map(\.rawValue)
        throw fault(
          "'\(quotable(kinds[row]))' is no kind: expected one of \(known.joined(separator: ", "))",
          Spelling.hint(for: kinds[row], in: known))
      }
      let count = counts[row].map { Int(exactly: $0) ?? -1 }
      if let count, count < 0 { throw fault("the count is no whole number from 0") }
      guard labels[unit.description] == nil else { throw fault("\(unit) is annotated twice") }
      labels[unit.description] = Label(kind: kind, pattern: patterns[row], count: count)
    }
  }

  /// Stops at a neuron that the model does not have.
  ///
  /// - Throws: `EngineError` with its name.
  func requireNeurons(of c: ModelConfiguration) throws(EngineError) {
    for name in labels.keys.sorted() {
      guard let unit = ModelUnit(name) else { continue }
      _ = try unit.streamUnit(in: c)
    }
  }
}

extension Workbench {
  /// The labels that a directive names; none where it names no file.
  func memoryAnnotations(_ bound: BoundDirective) throws -> MemoryAnnotations {
    guard let file = bound[MemoryKeys.annotations].first else { return MemoryAnnotations() }
    return try MemoryAnnotations(OwnTable(file, of: bound, on: self))
  }
}
