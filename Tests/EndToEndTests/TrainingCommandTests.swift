import Checkpoints
import Foundation
import JSONText
import TestSupport
import Testing

/// `distill` and `train` as commands.
@Suite struct TrainingCommandTests {
  private static let small = [
    "--book", "book", "--steps", "4", "--batch", "3", "--length", "24", "--rate", "1e-3",
  ]

  private func distill(_ book: BookFolder, to folder: String, _ more: String...) throws -> Program.Outcome {
    try Program.run(
      ["distill", "--model", "llama", "--train", "20"] + Self.small + ["--out", folder] + more, in: book.path)
  }

  /// A long run into `part`, to which a signal is sent once it has saved.
  private func stop(_ book: BookFolder, _ signal: Int32) throws -> Program.Outcome {
    try book.run(
      ["distill", "--model", "llama", "--steps", "100000", "--out", "part", "--save-every", "0.001", "--book", "book"],
      signal: signal, after: 0, of: { $0.bytes("part/model.safetensors") != nil })
  }

  @Test func aSettledModelIsACheckpoint() throws {
    let book = try BookFolder()
    let written = try distill(book, to: "new/settled")
    #expect(written.status == 0, "\(written.errors)")
    #expect(written.output.hasPrefix("new/settled  4 steps, loss "), "\(written.output)")
    let files = book.files(below: "new/settled")
    #expect(files.contains("tokenizer.json") && files.contains("config.json") && files.contains("training.json"))
    #expect(!files.contains("training-state.safetensors"))
    let file = try SafetensorsFile(path: book.path + "/new/settled/model.safetensors")
    let settings = try JSON.parse(try #require(file.metadataValue("layerbook.training")))
    #expect(settings["lambda"]?.doubleValue == 1 && settings["kl"]?.stringValue == "forward")
    #expect(file.metadataValue("layerbook.steps") == "4")
    let record = try JSON.parse(Array(try #require(book.bytes("new/settled/training.json"))))
    #expect(record["loss"]?.arrayValue?.count == 4)
    let asked = try book.run(
      "ask", "--book", "none", "--store", "none", "--model", "./new/settled", "--dataset",
      ProjectRoot.asset("texts/atlas.txt"), "<<value convergence.score n=10>>")
    #expect(asked.status == 0, "\(asked.errors)")
    // Again: the same bytes.
    #expect(try distill(book, to: "new/again").status == 0)
    #expect(book.bytes("new/again/model.safetensors") == book.bytes("new/settled/model.safetensors"))
  }

  @Test func settingsStandInAFile() throws {
    let book = try BookFolder()
    func write(_ text: String) throws {
      try text.write(toFile: book.path + "/s.json", atomically: true, encoding: .utf8)
    }
    func distill(to folder: String, _ more: String...) throws -> Program.Outcome {
      try Program.run(["distill", "--model", "llama", "--book", "book", "--out", folder] + more, in: book.path)
    }
    let options = [
      "--train", "20", "--steps", "2", "--batch", "3", "--length", "24", "--rate", "1e-3", "--kl", "reverse",
    ]
    try write(
      #"{"objective": "self-distillation", "train": 20, "steps": 9, "batch": 3, "length": 24, "rate": 1e-3,"#
        + #" "kl": "reverse"}"#)
    let written = try distill(to: "file", "--settings", "s.json", "--steps", "2")
    #expect(written.status == 0, "\(written.errors)")
    let asked = try Program.run(
      ["distill", "--model", "llama", "--book", "book", "--out", "options"] + options, in: book.path)
    #expect(asked.status == 0, "\(asked.errors)")
    #expect(book.bytes("file/model.safetensors") == book.bytes("options/model.safetensors"))
    let wrong = [
      #"{"step": 2}"#: "did you mean 'steps'", #"{"rate": "fast"}"#: "rate is \"fast\", expected a number",
      #"{"kl": 1}"#: "kl is 1, expected a word", #"{"kl": "both"}"#: "both", #"{"steps": 0}"#: "steps",
      #"{"optimizer": "SGD"}"#: "only 'AdamW' is known", "[]": "no JSON object", "{": "s.json",
    ]
    for (text, message) in wrong {
      try write(text)
      let refused = try distill(to: "none", "--settings", "s.json")
      #expect(refused.status == 2 && refused.errors.contains(message), "\(text): \(refused.errors)")
    }
  }

  @Test func noFolderIsNoRoot() throws {
    let book = try BookFolder()
    let refused = try distill(book, to: "")
    #expect(refused.status == 2 && refused.errors.contains("--out needs a path, found an empty one"))
  }

  /// Minutes without end, and fewer texts than the default: the record says how many there were, and can be given again.
  @Test func aRecordCanBeGivenAgain() throws {
    let book = try BookFolder()
    try book.write("One text of some words.\nAnother of some more words.\n", to: "two.txt")
    func distill(to folder: String, _ more: String...) throws -> Program.Outcome {
      try Program.run(
        ["distill", "--model", "llama", "--book", "book", "--dataset", "two.txt", "--out", folder] + more, in: book.path
      )
    }
    let first = try distill(to: "first", "--steps", "1", "--save-every", "inf")
    #expect(first.status == 0 && first.output.contains("train 2, steps 1"), "\(first.errors)")
    let record = try JSON.parse(Array(try #require(book.bytes("first/training.json"))))
    try book.write(JSON.write(try #require(record["settings"])), to: "s.json")
    let again = try distill(to: "again", "--settings", "s.json")
    #expect(again.status == 0, "\(again.errors)")
    #expect(book.bytes("again/model.safetensors") == book.bytes("first/model.safetensors"))
  }

  @Test func aPoliteKillKeepsTheRun() throws {
    let book = try BookFolder()
    let outcome = try stop(book, SIGTERM)
    #expect(outcome.status == 143 && outcome.errors.contains("--resume goes on from there"), "\(outcome.errors)")
  }

  @Test func anInterruptedRunGoesOnToTheSameBits() throws {
    let book = try BookFolder()
    #expect(try distill(book, to: "whole").status == 0)
    let outcome = try stop(book, SIGINT)
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(outcome.errors.contains("--resume goes on from there"), "\(outcome.errors)")
    #expect(book.files(below: "part").contains("training-state.safetensors"))
    let asked = try book.run("forward", "--book", "none", "--model", "part", "--out", "f", "Bruno was")
    #expect(asked.status == 0, "\(asked.errors)")
    // Another run's state is refused, and a run that is over has none.
    let other = try Program.run(
      [
        "distill", "--model", "llama", "--steps", "100000", "--out", "part", "--lambda", "2", "--resume", "--book",
        "book",
      ],
      in: book.path)
    #expect(other.status == 1 && other.errors.contains("its lambda is 1"), "\(other.errors)")
    let over = try distill(book, to: "whole", "--resume")
    #expect(over.status == 1 && over.errors.contains("its run is over"), "\(over.errors)")
  }

  @Test func aModelIsTrainedFromItsConfiguration() throws {
    let book = try BookFolder()
    func train(_ more: String...) throws -> Program.Outcome {
      try Program.run(["train", "-n", "20"] + Self.small + more, in: book.path)
    }
    for model in ["atlas-gpt2", "atlas-bert"] {
      let written = try train("--config", ProjectRoot.asset("models/\(model)"), "--out", "new-\(model)")
      #expect(written.status == 0, "\(written.errors)")
      let run = try book.run("forward", "--book", "none", "--model", "new-\(model)", "--out", "f", "Bruno was")
      #expect(run.status == 0, "\(run.errors)")
    }
    let tuned = try train("--model", "new-atlas-gpt2", "--out", "tuned")
    #expect(tuned.status == 0, "\(tuned.errors)")
    #expect(try train("--out", "x").errors.contains("either --config or --model"))
    #expect(try train("--config", "nowhere", "--out", "x").status == 1)
    #expect(book.bytes("x/config.json") == nil)
  }
}
