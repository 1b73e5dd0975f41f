import Foundation
import TestSupport
import Testing
import Tokenizers

/// Ids of special tokens, and tokens as people see them.
struct VocabularyTests {
  private func load(_ name: String) throws -> Tokenizer { try Tokenizer.load(directory: ProjectRoot.fixture(name)) }

  @Test func specialTokensComeFromTheFilesAround() throws {
    let llama = try load("llama")
    #expect(llama.specialTokens.bos == 0)
    #expect(llama.specialTokens.eos == 1)
    #expect(llama.specialTokens.mask == nil)
    #expect(llama.isSpecial(0) && !llama.isSpecial(5))
    let bert = try load("bert")
    #expect(bert.specialTokens.mask == 4)
    #expect(bert.specialTokens.cls == 2)
    #expect(bert.specialTokens.sep == 3)
    #expect(bert.specialTokens.pad == 0)
    #expect(bert.specialTokens.unk == 1)
    #expect(bert.specialTokens.bos == nil)
    let qwen = try load("qwen2")
    #expect(qwen.specialTokens.eos == 0)
    #expect(qwen.specialTokens.bos == nil)
  }

  @Test func configFillsInWhatTheTokenizerFilesDoNotSay() throws {
    let folder = try TemporaryDirectory()
    let source = URL(fileURLWithPath: ProjectRoot.fixture("gpt2/tokenizer.json"))
    try FileManager.default.copyItem(at: source, to: URL(fileURLWithPath: folder.path + "/tokenizer.json"))
    #expect(try Tokenizer.load(directory: folder.path).specialTokens == .init())
    let config = #"{"bos_token_id": 50256, "eos_token_id": [7, 9], "pad_token_id": null, "mask_token_id": 3}"#
    try config.write(toFile: folder.path + "/config.json", atomically: true, encoding: .utf8)
    let tokens = try Tokenizer.load(directory: folder.path).specialTokens
    #expect(tokens.bos == nil, "an id beyond the vocabulary is no token")
    #expect(tokens.eos == 7)
    #expect(tokens.mask == 3)
    let named = #"{"eos_token": {"content": "<|endoftext|>"}, "bos_token": "no such token"}"#
    try named.write(toFile: folder.path + "/tokenizer_config.json", atomically: true, encoding: .utf8)
    #expect(try Tokenizer.load(directory: folder.path).specialTokens.eos == 0)
  }

  @Test(.enabled(if: SharedMaterial.isPresent))
  func specialTokensOfSharedTokenizers() throws {
    let llama = try Tokenizer.load(directory: SharedMaterial.path("tokenizers/llama3"))
    #expect(llama.specialTokens.bos == 128_000)
    #expect(llama.vocabularySize == 128_256)
    let capp = try Tokenizer.load(directory: SharedMaterial.path("models/capp-gpt"))
    #expect(capp.specialTokens.bos == 49)
    #expect(capp.specialTokens.eos == 51)
    #expect(capp.specialTokens.pad == 52)
    let text =
      "geometry_pure_axisymmetric; holes_none; external_threads_yes; surface_finish_rough; tolerance_rough; "
      + "batch_size_prototype; <SOS>"
    let ids = try capp.encode(text)
    #expect(ids.count == 7 && ids.last == 49 && ids.first == 0)
    #expect(!ids.contains(52))
  }

  @Test func tokensAreShownAsText() throws {
    let gpt2 = try load("gpt2")
    for text in ["a", " a", "\n", "é", "<|endoftext|>"] {
      let ids = try gpt2.encode(text)
      if ids.count == 1 { #expect(gpt2.display(ids[0]) == text) }
    }
    let bytes = try (0..<256).filter { try gpt2.encode(utf8: [UInt8($0)]).count == 1 }
    #expect(bytes.count >= 128)
    let space = try #require(gpt2.id(of: "Ġ"))
    #expect(gpt2.display(space) == " ")
    let half = try #require(gpt2.id(of: "Ã"))
    #expect(gpt2.display(half) == "\\xC3")
    #expect(gpt2.display(100_000) == "<id 100000>")
    #expect(gpt2.display(-1) == "<id -1>")
    let bert = try load("bert")
    let mask = try #require(bert.id(of: "[MASK]"))
    #expect(bert.display(mask) == "[MASK]")
    #expect(bert.token(mask) == "[MASK]")
    #expect(bert.id(of: "no such token") == nil)
  }

  @Test(.enabled(if: SharedMaterial.isPresent))
  func sentencePieceTokensAreShownAsText() throws {
    let stories = try Tokenizer.load(directory: SharedMaterial.path("models/stories260K"))
    let shown = try stories.encode("Once é\n", addSpecialTokens: false).map(stories.display)
    #expect(shown.joined() == " Once é\n" || shown.joined() == " Once \\xC3\\xA9\n")
    #expect(stories.display(1) == "<s>")
  }

  @Test func decodingLeavesOutWhatItIsTold() throws {
    let bert = try load("bert")
    let ids = try bert.encode("a")
    #expect(ids.first == 2 && ids.last == 3)
    #expect(try bert.decode(ids, skipSpecialTokens: true) == "a")
    #expect(try bert.decode(ids) == "[CLS] a [SEP]")
    #expect(try bert.decode([99_999, -4]) == "")
    #expect(try bert.encode("a", addSpecialTokens: false).count == ids.count - 2)
  }
}
