import Checkpoints
import Foundation
import JSONText
import TestSupport
import Testing

/// `layerbook edit`: what it writes says what the directive measured, and what is wrong leaves nothing behind.
@Suite struct EditCommandTests {
  private static let facts = ["France", "Germany", "Japan"].map { country in
    let capital = ["France": "Paris", "Germany": "Berlin", "Japan": "Tokyo"][country] ?? ""
    return """
      {"id": "capital/\(country)", "relation": "capital", "subject": "\(country)", "answer": "\(capital)", "prompts": \
      ["The capital of \(country) is", "The capital city of \(country) is called", "The government of \(country) sits in"]}
      """
  }

  private static func book() throws -> BookFolder {
    let book = try BookFolder()
    try book.write(facts.joined(separator: "\n") + "\n", to: "facts.jsonl")
    return book
  }

  private static let model = ProjectRoot.asset("models/atlas-llama")

  /// The result of a directive about a model and the facts of the folder.
  private static func asked(_ directive: String, of model: String, in book: BookFolder) throws -> JSONValue {
    let outcome = try book.run(
      "ask", "--book", "none", "--store", "none", "--model", model, "--dataset", "./facts.jsonl", "--format", "json",
      directive)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try #require(JSON.parse(outcome.output)["result"])
  }

  private static func edit(_ arguments: String..., in book: BookFolder) throws -> Program.Outcome {
    try Program.run(
      ["edit", "--book", "none", "--model", model, "--dataset", "./facts.jsonl"] + arguments, in: book.path)
  }

  @Test func anUpdatedModelSaysWhatWasMeasured() throws {
    let book = try Self.book()
    let measured = try Self.asked("<<knowledge update \"capital/France\" \"Baghdad\">>", of: Self.model, in: book)
    let written = try Self.edit("--fact", "capital/France", "--answer", "Baghdad", "--out", "new/edited", in: book)
    #expect(written.status == 0, "\(written.errors)")
    let neurons = (measured["neurons"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
    #expect(written.output == "new/edited  update capital/France from 'Paris' to 'Baghdad' in \(neurons)\n")
    #expect(book.files(below: "new").contains("edited/tokenizer.json"))
    // One step is enough where only the probability is read.
    let attribution = "steps=1 most=1 rule=left>>"
    let old = try Self.asked("<<knowledge attribution \"capital/France\" \(attribution)", of: "./new/edited", in: book)
    let new = try Self.asked(
      "<<knowledge attribution \"The capital of France is\" target=\" Baghdad\" \(attribution)", of: "./new/edited",
      in: book)
    for (found, member) in [(old, "probability_old"), (new, "probability")] {
      let expected = try #require(measured["after"]?[member]?.doubleValue)
      let probability = try #require(found["probability"]?.doubleValue)
      #expect(abs(probability - expected) <= 1e-5 * expected, "\(member): \(probability), measured \(expected)")
    }
    #expect((measured["before"]?["probability_old"]?.doubleValue ?? 0) > 0.9)
    #expect((new["probability"]?.doubleValue ?? 0) > 0.9)
  }

  @Test func anErasedRelationIsEmpty() throws {
    let book = try Self.book()
    let measured = try Self.asked("<<knowledge erase \"capital\" erased=4>>", of: Self.model, in: book)
    let written = try Self.edit("--erase", "capital", "--erased", "4", "--out", "edited", in: book)
    let neurons = (measured["neurons"]?.arrayValue ?? []).compactMap(\.stringValue)
    #expect(neurons.count == 4)
    #expect(written.output == "edited  erase capital in \(neurons.joined(separator: ", "))\n", "\(written.errors)")
    let (before, after) = (
      try SafetensorsFile(path: Self.model + "/model.safetensors"),
      try SafetensorsFile(path: book.path + "/edited/model.safetensors")
    )
    var changed: Set<String> = []
    for neuron in neurons {
      let parts = neuron.dropFirst().split(separator: ".N").compactMap { Int($0) }
      let name = "model.layers.\(parts[0]).mlp.down_proj.weight"
      changed.insert(name)
      let width = try after.shape(of: name)[1]
      let (values, old) = (try after.floats(name), try before.floats(name))
      let column = stride(from: parts[1], to: values.count, by: width)
      #expect(column.allSatisfy { values[$0] == 0 } && column.contains { old[$0] != 0 }, "\(neuron)")
    }
    // What was not erased is there as it was.
    for name in after.names where !changed.contains(name) {
      #expect(try after.floats(name) == before.floats(name), "\(name)")
    }
  }

  @Test func whatIsWrongLeavesNothing() throws {
    let book = try Self.book()
    try book.write("kept", to: "full/file")
    func refused(_ status: Int32, _ message: String, _ arguments: String...) throws {
      let outcome = try Program.run(
        ["edit", "--book", "none", "--model", Self.model, "--dataset", "./facts.jsonl", "--out", "new"] + arguments,
        in: book.path)
      #expect(outcome.status == status && outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
    }
    try refused(2, "--fact and --answer go together", "--fact", "capital/France")
    try refused(2, "name either --fact or --erase")
    try refused(2, "name either --fact or --erase", "--fact", "capital/France", "--answer", "x", "--erase", "capital")
    try refused(2, "--erased goes with --erase", "--fact", "capital/France", "--answer", "Baghdad", "--erased", "3")
    try refused(2, "'erased' must be a whole number", "--erase", "capital", "--erased", "0")
    try refused(1, "did you mean 'capital/France'?", "--fact", "capital/Frence", "--answer", "Baghdad")
    try refused(1, "did you mean 'capital'?", "--erase", "capitol")
    try refused(1, "and one is wanted", "--fact", "capital/France", "--answer", "Ouagadougou")
    try refused(1, "is the answer of 'capital/France' already", "--fact", "capital/France", "--answer", "Paris")
    let full = try Self.edit("--fact", "capital/France", "--answer", "Baghdad", "--out", "full", in: book)
    #expect(full.status == 1 && full.errors.contains("not empty"), "\(full.errors)")
    #expect(book.files(below: "full") == ["file"])
    #expect(
      book.files(below: "").filter { !$0.hasPrefix("book") && !$0.hasPrefix(".") }.sorted() == [
        "facts.jsonl", "full", "full/file",
      ])
  }
}
