import Analyses
import Directives
import Files
import Transformers

/// `layerbook edit`: a model with a fact rewritten or a relation erased, as a checkpoint.
public struct EditJob {
  /// What was written.
  public struct Written {
    /// The neurons whose columns differ.
    public var neurons: [String]
    /// What was done, as the file's metadata says it.
    public var note: String
  }

  /// Does for good what a bound `knowledge update` or `knowledge erase` measures.
  ///
  /// - Parameter path: A folder that is not there yet or empty.
  /// - Throws: `EngineError`, or the error of a file or a model; nothing is written then.
  public static func write(_ bound: BoundDirective, to path: String, on bench: Workbench) throws -> Written {
    try AtomicFolder.requireRoom(at: path)
    guard let name = bound.model else { throw EngineError("no model was named") }
    let entry = try bench.datasetEntry(bound.dataset, for: bound.name)
    let subject = try bench.subject(name)
    let question = Question(bound: bound, subject: subject, dataset: entry)
    let names = bound.view.last == "erase" ? KnowledgeName.relation : .fact
    try bench.requireFacts(of: entry, named: names, in: bound, asking: subject)
    let (units, columns, what) = try names == .relation ? erased(question, bench) : updated(question, bench)
    let list = units.map(\.description)
    let note = what + " in " + list.joined(separator: ", ")
    try EditedCheckpoint(subject.model(), columns: columns, note: note).write(to: path)
    return Written(neurons: list, note: note)
  }

  private typealias Edit = (units: [StreamUnit], columns: [NeuronColumn], what: String)

  private static func updated(_ question: Question, _ bench: Workbench) throws -> Edit {
    let fact = try bench.fact(of: question)
    let edit = try FactEdit(updating: fact, to: question[KnowledgeKeys.target] ?? "", question, on: bench)
    return (
      edit.units, try edit.columns(of: edit.units), "update \(fact.id) from '\(fact.answer)' to '\(edit.answer)'"
    )
  }

  private static func erased(_ question: Question, _ bench: Workbench) throws -> Edit {
    let relation = question[KnowledgeKeys.fact] ?? ""
    let units = try bench.relationNeurons(of: question, relation: relation, count: question[KnowledgeEraseView.top])
    return (units, try ParameterList(question.subject.model()).emptied(units), "erase \(relation)")
  }
}
