import Foundation
import JSONText
import TestSupport
import Testing
import Tokenizers

/// Vocabularies that are trained, beside those which the reference implementation trains with the same settings on the
/// same texts (`Tests/Generators/tokenizer_training.py`).
struct TrainingTests {
  private static func json(_ path: String) throws -> JSONValue {
    try JSON.parse([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
  }

  private func atlas() throws -> [String] {
    try String(contentsOfFile: ProjectRoot.asset("texts/atlas.txt"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  private func trainer(like model: String) throws -> TokenizerTrainer {
    try TokenizerTrainer(like: ProjectRoot.asset("models/" + model))
  }

  /// A trainer with the settings of a file that only this test has.
  private func trainer(file: JSONValue) throws -> TokenizerTrainer {
    let folder = try TemporaryDirectory()
    try JSON.write(file).write(toFile: folder.path + "/tokenizer.json", atomically: true, encoding: .utf8)
    return try TokenizerTrainer(like: folder.path)
  }

  private struct Model {
    let file: JSONValue
    /// The entries in the order of their ids.
    let entries: [String]
    let merges: [[String]]

    init(_ trained: TokenizerTrainer.Trained) throws {
      file = try JSON.parse(trained.file)
      let vocabulary = try #require(file["model"]?["vocab"]?.objectValue)
      #expect(vocabulary.compactMap { $0.value.intValue } == Array(0..<vocabulary.count), "ids in order, without a gap")
      entries = vocabulary.keys
      merges = (file["model"]?["merges"]?.arrayValue ?? []).map { ($0.arrayValue ?? []).compactMap(\.stringValue) }
    }
  }

  /// Swift's `==` takes canonically equal spellings for the same.
  private func bytes(_ strings: [String]) -> [[UInt8]] { strings.map { Array($0.utf8) } }

  @Test func vocabulariesEqualTheRecordedOnes() throws {
    let fixture = try Self.json(ProjectRoot.fixture("tokenizers/training.json"))
    let records = try #require(fixture["trained"]?.arrayValue)
    #expect(records.count >= 8)
    for (index, record) in records.enumerated() {
      let folder = record["folder"]?.stringValue.map { ProjectRoot.path + "/" + $0 }
      let trainer = try folder.map { try TokenizerTrainer(like: $0) } ?? trainer(file: #require(record["file"]))
      let texts = try #require((record["texts"] ?? fixture["texts"])?.arrayValue).compactMap(\.stringValue)
      let trained = try trainer.train(
        on: texts, entries: #require(record["entries"]?.intValue), atLeast: #require(record["least"]?.intValue))
      let model = try Model(trained)
      let entries = try #require(record["vocabulary"]?.arrayValue).compactMap(\.stringValue)
      let merges = try #require(record["merges"]?.arrayValue).map { ($0.arrayValue ?? []).compactMap(\.stringValue) }
      #expect(bytes(model.entries) == bytes(entries), "record \(index)")
      #expect(trained.merges == merges.count, "record \(index)")
      let keepsMerges = model.file["model"]?["type"] == "BPE"
      #expect(
        bytes(model.merges.flatMap(\.self)) == bytes(keepsMerges ? merges.flatMap(\.self) : []), "record \(index)")
    }
  }

  @Test(arguments: ["atlas-llama", "atlas-gpt2", "atlas-bert"])
  func allButTheVocabularyIsKept(name: String) throws {
    let trainer = try trainer(like: name)
    let trained = try trainer.train(on: atlas(), entries: 700)
    var own = try #require(try JSON.parse(trained.file).objectValue)
    var other = try #require(try Self.json(ProjectRoot.asset("models/\(name)/tokenizer.json")).objectValue)
    var models = try [own, other].map { try #require($0["model"]?.objectValue) }
    #expect(models[0].keys == models[1].keys)
    for index in models.indices { (models[index]["vocab"], models[index]["merges"]) = (nil, nil) }
    #expect(models[0] == models[1])
    (own["model"], other["model"]) = (nil, nil)
    #expect(own == other)
    #expect(trained.tokenizer.vocabularySize == 700)
    #expect(
      try trained.tokenizer.encode("a").count
        == Tokenizer.load(
          directory: ProjectRoot.asset("models/" + name)
        ).encode("a").count)
  }

  @Test(arguments: ["atlas-llama", "atlas-gpt2"])
  func everyTextComesBackFromItsBytes(name: String) throws {
    let texts = try atlas()
    let tokenizer = try trainer(like: name).train(on: Array(texts.prefix(200)), entries: 600).tokenizer
    for text in texts.prefix(400) + ["東京 naïve 👩‍👩‍👧 \n\t it's 'LL 12345"] {
      let ids = try tokenizer.encode(text)
      #expect(try tokenizer.decode(ids, skipSpecialTokens: true) == text)
    }
  }

  @Test func everyWordOfTheCorpusIsPiecedTogether() throws {
    let texts = try atlas()
    let tokenizer = try trainer(like: "atlas-bert").train(on: texts, entries: 300).tokenizer
    let unknown = try #require(tokenizer.id(of: "[UNK]"))
    for word in Set(texts.flatMap { $0.split { !$0.isLetter && !$0.isNumber } }) {
      let ids = try tokenizer.encode(String(word), addSpecialTokens: false)
      #expect(!ids.contains(unknown), "\(word)")
      #expect(try tokenizer.decode(ids) == word.lowercased())
    }
  }

  /// Merges stand in the order in which they are made: each of two entries that are there before.
  @Test func everyEntryIsMadeOfEarlierOnes() throws {
    let trainer = try trainer(like: "atlas-llama")
    let model = try Model(trainer.train(on: atlas(), entries: 900))
    let first = model.entries.count - model.merges.count
    #expect(first == 2 + 256)
    let ids = Dictionary(uniqueKeysWithValues: zip(model.entries, 0...))
    for (rank, merge) in model.merges.enumerated() {
      #expect(merge.joined() == model.entries[first + rank])
      for part in merge { #expect(try #require(ids[part]) < first + rank) }
    }
    // So the vocabulary of fewer entries is the start of that of more.
    let fewer = try Model(trainer.train(on: atlas(), entries: 500))
    #expect(fewer.entries == Array(model.entries.prefix(500)))
    #expect(fewer.merges == Array(model.merges.prefix(500 - first)))
  }

  /// Counted anew at every step, letter by letter.
  @Test func theCommonestPairIsJoined() throws {
    let texts = ["low low low lower lower newest newest newest newest newest widest widest widest"]
    let file = try JSON.parse(characters(splitting: true))
    let model = try Model(trainer(file: file).train(on: texts, entries: 40, atLeast: 2))
    var words = texts[0].split(separator: " ").map { $0.map(String.init) }
    var merges: [[String]] = []
    let id = Dictionary(uniqueKeysWithValues: zip(model.entries, 0...))
    while true {
      var counts: [[String]: Int] = [:]
      for word in words { for pair in zip(word, word.dropFirst()) { counts[[pair.0, pair.1], default: 0] += 1 } }
      let order = counts.sorted { one, other in
        let ids = [one, other].map { $0.key.map { id[$0] ?? -1 } }
        return one.value != other.value ? one.value > other.value : ids[0].lexicographicallyPrecedes(ids[1])
      }
      guard let best = order.first, best.value >= 2 else { break }
      merges.append(best.key)
      words = words.map { word in
        // No symbol of these words stands beside its like, so one that was just joined is never a left part again.
        word.reduce(into: [String]()) { joined, symbol in
          let isRight = joined.last == best.key[0] && symbol == best.key[1]
          if isRight { joined.removeLast() }
          joined.append(isRight ? best.key.joined() : symbol)
        }
      }
    }
    #expect(merges.count > 8)
    #expect(model.merges == merges)
  }

  @Test func neitherOrderNorOtherCallsMatter() async throws {
    let texts = try atlas()
    for name in ["atlas-gpt2", "atlas-bert"] {
      let expected = try trainer(like: name).train(on: texts, entries: 800).file
      #expect(try trainer(like: name).train(on: texts.reversed(), entries: 800).file == expected)
      await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<4 {
          group.addTask { (try? trainer(like: name).train(on: texts, entries: 800).file) == expected }
        }
        for await isEqual in group { #expect(isEqual) }
      }
    }
  }

  @Test func aPairThatIsRareStaysApart() throws {
    let trainer = try trainer(like: "atlas-gpt2")
    #expect(try trainer.train(on: ["aab aab ab"], entries: 2048, atLeast: 4).merges == 0)
    #expect(try Model(trainer.train(on: ["aab aab ab"], entries: 2048, atLeast: 3)).merges == [["a", "b"]])
    let all = try Model(trainer.train(on: ["aab aab ab"], entries: 2048))
    #expect(all.merges.first == ["a", "b"])
    #expect(all.entries.last == "Ġaab" || all.entries.last == "aab")
  }

  @Test func aLongWordTakesNoTimeThatGrowsWithItsSquare() throws {
    let word = String(repeating: "abcabd", count: 50_000)
    let trained = try trainer(file: JSON.parse(characters(splitting: false))).train(on: [word], entries: 40)
    #expect(trained.words == 1 && trained.tokenizer.vocabularySize <= 40)
    #expect(try trained.tokenizer.encode(word).count < 200)
  }

  // MARK: Refusals

  /// The file of byte-pair encoding over characters.
  private func characters(splitting: Bool) -> String {
    #"""
    {"added_tokens": [{"id": 0, "content": "<s>", "special": true}], "normalizer": null,
     "pre_tokenizer": \#(splitting ? #"{"type": "WhitespaceSplit"}"# : "null"), "post_processor": null, "decoder": null,
     "model": {"type": "BPE", "vocab": {"<s>": 0}, "merges": []}}
    """#
  }

  private func failure(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "no failure"
  }

  @Test func textsThatAreNoCorpusAreRefused() throws {
    let trainer = try trainer(like: "atlas-bert")
    for texts in [[], [""], [" ", "\n\t"]] {
      #expect(failure { _ = try trainer.train(on: texts, entries: 300) }.hasSuffix("the texts have no words"))
    }
    let small = failure { _ = try trainer.train(on: ["Abc ab."], entries: 10) }
    // Five special tokens; a, b, c and the full stop; b and c behind others.
    #expect(small.hasSuffix("10 entries are asked for, and the special tokens and single characters alone are 11"))
    #expect(small.hasPrefix("cannot train a tokenizer like "))
    #expect(try trainer.train(on: ["Abc ab."], entries: 11).merges == 0)
    let bytes = failure { _ = try self.trainer(like: "atlas-llama").train(on: ["a"], entries: 257) }
    #expect(bytes.hasSuffix("alone are 258"))
  }

  @Test(arguments: [
    ("BPE", #"WordLevel", "unk_token": "<s>"#, "model: a model 'WordLevel', and only BPE and WordPiece"),
    ("BPE", #"BPE", "byte_fallback": true, "unk_token": "<s>"#, "model.byte_fallback: entries that stand for bytes"),
    ("BPE", #"BPE", "end_of_word_suffix": "</w>"#, "model.end_of_word_suffix: entries that end words"),
    ("[{", #"[{"id": 1, "content": "<x>", "special": true}, {"#, "added_tokens: ids from 0 are needed"),
    (": 0}", #": 0, "u": 1}, "unk_token": "u""#, "model.unk_token: 'u' is not among the added tokens"),
    (": 0}", #": 0, "a": 1}"#, "post_processor: id 1 is not among the added tokens"),
  ])
  func settingsThatAreNotTrainedAreRefused(_ one: (part: String, other: String, message: String)) throws {
    var text = characters(splitting: true)
    if one.message.hasPrefix("post_processor") {
      text.replace(
        #""post_processor": null"#,
        with: #""post_processor": {"type": "BertProcessing", "sep": ["a", 1], "cls": ["<s>", 0]}"#)
    }
    let changed = text.replacing(one.part, with: one.other)
    #expect(changed != text)
    let said = failure { _ = try trainer(file: JSON.parse(changed)) }
    #expect(said.contains(one.message), "\(said)")
  }

  @Test func aFolderWithoutTokenizerIsRefused() throws {
    let folder = try TemporaryDirectory()
    #expect(
      failure { _ = try TokenizerTrainer(like: folder.path) }.hasPrefix("cannot load \(folder.path)/tokenizer.json"))
  }
}
