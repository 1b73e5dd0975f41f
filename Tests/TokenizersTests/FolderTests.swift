import Foundation
import JSONText
import TestSupport
import Testing
import Tokenizers

/// Folders as they are found: without tokenizer.json, with settings that contradict it, or no checkpoints at all.
struct FolderTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func write(_ text: String, _ name: String) throws {
    try text.write(toFile: folder.path + "/" + name, atomically: true, encoding: .utf8)
  }

  private func fixture(_ name: String) throws -> JSONValue {
    let url = URL(fileURLWithPath: ProjectRoot.fixture(name + "/tokenizer.json"))
    return try JSON.parse([UInt8](try Data(contentsOf: url)))
  }

  private static let texts = [
    "The the\u{E9} 123  [MASK] x\n y's", "Ünïcode 東京 [SEP]", "", " <|endoftext|> DON'T", "<s></s>",
  ]

  private func writeVocabularyAndMerges(of name: String) throws {
    let model = try #require(try fixture(name)["model"])
    try write(JSON.write(try #require(model["vocab"])), "vocab.json")
    let merges = try #require(model["merges"]?.arrayValue).map { merge in
      merge.stringValue ?? (merge.arrayValue ?? []).compactMap(\.stringValue).joined(separator: " ")
    }
    try write("#version: 0.2\n" + merges.joined(separator: "\n") + "\n", "merges.txt")
  }

  private func writeWords(of name: String) throws {
    let words = try #require(try fixture(name)["model"]?["vocab"]?.objectValue)
    let lines = words.sorted { ($0.value.intValue ?? 0) < ($1.value.intValue ?? 0) }.map(\.key)
    try write(lines.joined(separator: "\n") + "\n", "vocab.txt")
  }

  @Test(arguments: [("gpt2", "GPT2Tokenizer"), ("qwen2", "Qwen2TokenizerFast")])
  func vocabularyAndMergesAreEnough(name: String, className: String) throws {
    try writeVocabularyAndMerges(of: name)
    try write(#"{"tokenizer_class":"\#(className)"}"#, "tokenizer_config.json")
    let tokenizer = try Tokenizer.load(directory: folder.path)
    let reference = try Tokenizer.load(directory: ProjectRoot.fixture(name))
    for text in Self.texts {
      #expect(try tokenizer.encode(text) == reference.encode(text, addSpecialTokens: false), "\(text)")
      #expect(try tokenizer.decode(tokenizer.encode(text)) == text.precomposedStringWithCanonicalMapping)
    }
    #expect(tokenizer.specialTokens.eos == reference.id(of: "<|endoftext|>"))
  }

  @Test func tokensThatTheVocabularyLacksComeBehindIt() throws {
    try writeVocabularyAndMerges(of: "gpt2")
    try write(#"{"model_type":"roberta"}"#, "config.json")
    let tokenizer = try Tokenizer.load(directory: folder.path)
    let count = try Tokenizer.load(directory: ProjectRoot.fixture("gpt2")).vocabularySize
    #expect(["<s>", "</s>", "<unk>", "<pad>", "<mask>"].map(tokenizer.id) == (count..<count + 5).map { $0 })
    let ids = try tokenizer.encode("a")
    #expect(ids.first == count && ids.last == count + 1 && ids.count == 3)
    #expect(tokenizer.specialTokens.mask == count + 4)
    #expect(tokenizer.isSpecial(count + 4))
  }

  @Test func beginningOfTextIsAddedWhereTheConfigSaysSo() throws {
    try writeVocabularyAndMerges(of: "gpt2")
    let config =
      #"{"tokenizer_class":"GPT2Tokenizer","add_bos_token":true,"bos_token":"</s>","add_prefix_space":true}"#
    try write(config, "tokenizer_config.json")
    let tokenizer = try Tokenizer.load(directory: folder.path)
    let reference = try Tokenizer.load(directory: ProjectRoot.fixture("gpt2"))
    #expect(try tokenizer.encode("a b") == [reference.vocabularySize] + reference.encode(" a b"))
  }

  @Test func aListOfWordsIsEnough() throws {
    try writeWords(of: "bert")
    try write(#"{"tokenizer_class":"BertTokenizer"}"#, "tokenizer_config.json")
    let tokenizer = try Tokenizer.load(directory: folder.path)
    let reference = try Tokenizer.load(directory: ProjectRoot.fixture("bert"))
    for text in Self.texts { #expect(try tokenizer.encode(text) == reference.encode(text), "\(text)") }
    #expect(tokenizer.specialTokens == reference.specialTokens)
    try write(#"{"tokenizer_class":"BertTokenizer","do_lower_case":false}"#, "tokenizer_config.json")
    let cased = try Tokenizer.load(directory: folder.path)
    #expect(try cased.encode("the") == reference.encode("the"))
    #expect(try cased.encode("THE") != reference.encode("THE"))
  }

  /// As transformers 5.23 does: `Tests/Generators` has no part in it, the rule was read off its behaviour.
  @Test(arguments: [
    (#"{"tokenizer_class":"BertTokenizer","do_lower_case":false}"#, true),
    (#"{"tokenizer_class":"DistilBertTokenizerFast","do_lower_case":false}"#, true),
    (#"{"tokenizer_class":"PreTrainedTokenizerFast","do_lower_case":false}"#, false),
    (#"{"tokenizer_class":"BertTokenizer","do_lower_case":true}"#, false),
    (#"{"tokenizer_class":"BertTokenizer"}"#, false), ("{}", false),
  ])
  func theConfigWinsWhereTheClassBuildsItsOwnPipeline(config: String, staysCased: Bool) throws {
    try write(JSON.write(try fixture("bert")), "tokenizer.json")
    try write(config, "tokenizer_config.json")
    let tokenizer = try Tokenizer.load(directory: folder.path)
    let reference = try Tokenizer.load(directory: ProjectRoot.fixture("bert"))
    #expect(try (tokenizer.encode("THE") != reference.encode("THE")) == staysCased)
  }

  @Test func aPrefixSpaceOfTheConfigCounts() throws {
    try write(JSON.write(try fixture("gpt2")), "tokenizer.json")
    try write(#"{"add_prefix_space":true}"#, "tokenizer_config.json")
    let reference = try Tokenizer.load(directory: ProjectRoot.fixture("gpt2"))
    #expect(try Tokenizer.load(directory: folder.path).encode("a") == reference.encode("a"))
    try write(#"{"model_type":"gpt2"}"#, "config.json")
    #expect(try Tokenizer.load(directory: folder.path).encode("a") == reference.encode(" a"))
  }

  @Test func aContradictionOfAnotherClassIsRefused() throws {
    try write(JSON.write(try fixture("bert")), "tokenizer.json")
    try write(#"{"tokenizer_class":"MPNetTokenizer","do_lower_case":false}"#, "tokenizer_config.json")
    let error = #expect(throws: TokenizerError.self) { try Tokenizer.load(directory: folder.path) }
    #expect(
      error?.description == "cannot load \(folder.path)/tokenizer.json: normalizer: 'do_lower_case': false in "
        + "tokenizer_config.json contradicts it, and which of the two a tokenizer of class 'MPNetTokenizer' follows is "
        + "not known; make them agree")
  }

  private func failure() -> String {
    do {
      _ = try Tokenizer.load(directory: folder.path)
      return "loaded"
    } catch {
      return "\(error)".replacingOccurrences(of: folder.path, with: "F")
    }
  }

  @Test func aVocabularyWithoutAClassIsRefused() throws {
    try writeWords(of: "bert")
    let reason = "there is no tokenizer.json, and no file beside it says how to use it"
    #expect(failure().hasPrefix("cannot load F/vocab.txt: " + reason))
    try write(#"{"tokenizer_class":"BertJapaneseTokenizer"}"#, "tokenizer_config.json")
    #expect(failure().contains("how 'BertJapaneseTokenizer' uses it is not known; 'tokenizer_class' in"))
  }

  @Test func foldersAreNamedForWhatTheyAre() throws {
    #expect(failure() == "cannot load F/tokenizer.json: the folder is empty")
    try write("{}", "notes.json")
    #expect(failure() == "cannot load F/tokenizer.json: no such file or directory")
    try write("GGUF", "model.Q4.gguf")
    #expect(failure().hasPrefix("cannot load F/tokenizer.json: the folder holds 'model.Q4.gguf', a GGUF file, not a "))
    try write("{}", "adapter_config.json")
    #expect(failure().hasPrefix("cannot load F/tokenizer.json: the folder holds an adapter (adapter_config.json), "))
    try write("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n", "tokenizer.json")
    #expect(
      failure() == "cannot load F/tokenizer.json: it is a pointer of Git LFS, not the file itself; fetch it with "
        + "'git lfs pull'")
  }
}
