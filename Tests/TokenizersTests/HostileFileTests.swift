import Foundation
import JSONText
import TestSupport
import Testing
import Tokenizers

/// Tokenizer files that are broken, contradict themselves or ask for what is not there.
struct HostileFileTests {
  /// A small valid file; tests replace parts of it.
  static let model =
    #"{"type":"BPE","dropout":null,"unk_token":"?","byte_fallback":false,"vocab":{"?":0,"a":1,"b":2,"ab":3},"#
    + #""merges":[["a","b"]]}"#

  static func file(_ members: String = "", model: String = model) -> String {
    "{\(members.isEmpty ? "" : members + ",")\"model\":\(model)}"
  }

  static func message(_ text: String) -> String {
    do throws(TokenizerError) {
      _ = try Tokenizer(tokenizerFile: Array(text.utf8), path: "t.json")
      return "loaded"
    } catch {
      return error.description
    }
  }

  @Test func theSmallFileIsValid() throws {
    let tokenizer = try Tokenizer(tokenizerFile: Array(Self.file().utf8), path: "t.json")
    #expect(try tokenizer.encode("abba?x") == [3, 2, 1, 0, 0])
    #expect(tokenizer.vocabularySize == 4)
  }

  static let broken: [(String, String)] = [
    ("", "1:1: expected a value, found the end of the text"),
    ("[]", "1:1: expected an object, found an array"),
    ("{}", "'model' is missing"),
    (String(file().dropLast(10)), "1:124: the string that starts at byte 122 has no closing quote"),
    (file(#""model":{"vocab":{}}"#), "1:23: duplicate member name 'model'"),
    (file(#""decoder":null,"decoder":null"#), "1:17: duplicate member name 'decoder'"),
    (file(model: #"{"type":"BPE","merges":[]}"#), "'model.vocab' is missing"),
    (file(model: #"{"type":"BPE","vocab":{"a":0}}"#), "model: 'merges' is missing"),
    (file(model: #"{"vocab":{"a":0,"b":1,"a":2},"merges":[]}"#), "1:32: duplicate member name 'a'"),
    (file(model: #"{"vocab":{"a":0,"b":0},"merges":[]}"#), "1:30: id 0 is given to 'a' and 'b'"),
    (file(model: #"{"vocab":{"a":-1},"merges":[]}"#), "1:24: id -1 of 'a' is not between 0 and 16777215"),
    (
      file(model: #"{"vocab":{"a":4000000000},"merges":[]}"#),
      "1:24: id 4000000000 of 'a' is not between 0 and 16777215"
    ),
    (
      file(model: #"{"vocab":{"a":1e400},"merges":[]}"#),
      "1:24: expected a whole number of at most 64 bits, found 1e400"
    ),
    (file(model: #"{"vocab":{"a":"0"},"merges":[]}"#), "1:24: expected a number, found a string"),
    (
      file(model: #"{"type":"BPE","vocab":[["a",0.5]],"merges":[]}"#),
      "model: the vocabulary of model 'BPE' must be an object of tokens and ids"
    ),
    (
      file(model: #"{"type":"Unigram","vocab":{"a":0}}"#),
      "model: the vocabulary of model 'Unigram' must be pairs of tokens and scores"
    ),
    (file(model: #"{"type":"Unigram","vocab":[["a",0.5,1]]}"#), "1:37: expected a token and its score"),
    (file(model: #"{"type":"Unigram","vocab":[["a",1],["a",2]]}"#), "1:45: token 'a' is there twice"),
    (
      file(model: #"{"type":"Unigram","unk_id":1,"vocab":[["a",-1]]}"#),
      "model.unk_id: id 1 is not in the vocabulary of 1 tokens"
    ),
    (
      file(#""normalizer":{"type":"Precompiled","precompiled_charsmap":"AAAA*"}"#),
      "normalizer.precompiled_charsmap: it is not in base 64"
    ),
    (
      file(#""normalizer":{"type":"Precompiled","precompiled_charsmap":"CAAAAAAEAAAA"}"#),
      "normalizer.precompiled_charsmap: it is no compiled map of characters, or is cut off"
    ),
    (
      file(model: #"{"vocab":{"a":0},"merges":[["a","b"]]}"#),
      "1:37: merge 0 needs token 'b', which the vocabulary lacks"
    ),
    (
      file(model: #"{"merges":["a a"],"vocab":{"a":0}}"#), "1:21: merge 0 needs token 'aa', which the vocabulary lacks"
    ),
    (
      file(model: #"{"vocab":{"a":0},"merges":["a a a"]}"#),
      "1:37: expected two tokens with one space between them, found 'a a a'"
    ),
    (file(model: #"{"vocab":{"a":0},"merges":[["a"]]}"#), "1:37: expected a pair of tokens, found 1"),
    (file(model: #"{"vocab":{"a":0},"merges":[5]}"#), "1:37: expected an array, found a number"),
    (String(repeating: "[", count: 200), "1:1: expected an object, found an array"),
    (
      #"{"decoder":"# + String(repeating: "[", count: 1_000_000),
      "1:139: more than 128 nested arrays and objects"
    ),
    (file(#""decoder":"\ud800""#), "1:13: an escaped surrogate without its other half is no character"),
  ]

  @Test(arguments: broken)
  func brokenFilesAreRefusedWithTheirPlace(text: String, message: String) {
    #expect(Self.message(text) == "cannot load t.json: " + message)
  }

  static let unsupported: [(String, String)] = [
    (
      file(model: #"{"type":"Quux","vocab":{"a":0}}"#),
      "model: unsupported model 'Quux' (supported: BPE, Unigram, WordLevel, WordPiece)"
    ),
    (
      file(#""normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Slug"}]}"#),
      "normalizer.normalizers[1]: unsupported normalizer 'Slug' (supported: BertNormalizer, ByteLevel, Lowercase, NFC, "
        + "NFD, NFKC, NFKD, Nmt, Precompiled, Prepend, Replace, Sequence, Strip, StripAccents)"
    ),
    (
      file(#""normalizer":{"type":"Replace","pattern":{"Regex":"(a"},"content":" "}"#),
      "normalizer.pattern.Regex: regular expression '(a': end pattern with unmatched parenthesis"
    ),
    (
      file(#""pre_tokenizer":{"type":"UnicodeScripts"}"#),
      "pre_tokenizer: unsupported pre-tokenizer 'UnicodeScripts' (supported: BertPreTokenizer, ByteLevel, "
        + "CharDelimiterSplit, Digits, FixedLength, Metaspace, Punctuation, Sequence, Split, Whitespace, "
        + "WhitespaceSplit)"
    ),
    (
      file(#""pre_tokenizer":{"type":"Split","pattern":{"String":"a"},"behavior":"Gone"}"#),
      "pre_tokenizer.behavior: unsupported split behavior 'Gone' (supported: Removed, Isolated, MergedWithPrevious, "
        + "MergedWithNext, Contiguous)"
    ),
    (
      file(#""post_processor":{"type":"Wrap"}"#),
      "post_processor: unsupported post-processor 'Wrap' (supported: BertProcessing, ByteLevel, RobertaProcessing, "
        + "Sequence, TemplateProcessing)"
    ),
    (
      file(#""decoder":{"type":"CTC"}"#),
      "decoder: unsupported decoder 'CTC' (supported: BPEDecoder, ByteFallback, ByteLevel, Fuse, Metaspace, Replace, "
        + "Sequence, Strip, WordPiece)"
    ),
    (
      file(model: #"{"type":"BPE","dropout":0.1,"vocab":{"a":0},"merges":[]}"#),
      "model.dropout: random merges (dropout 0.1) are not supported"
    ),
  ]

  @Test(arguments: unsupported)
  func unknownComponentsAreNamedWithWhatIsSupported(text: String, message: String) {
    #expect(Self.message(text) == "cannot load t.json: " + message)
  }

  static let inconsistent: [(String, String)] = [
    (
      file(model: #"{"type":"WordLevel","unk_token":"<unk>","vocab":{"a":0}}"#),
      "model: the unknown token '<unk>' is not in the vocabulary"
    ),
    (
      file(#""added_tokens":[{"id":9,"content":"<x>"}]"#),
      "added_tokens[0]: token '<x>' has id 9, expected 4, the next free id"
    ),
    (
      file(#""added_tokens":[{"id":2,"content":"a"}]"#),
      "added_tokens[0]: token 'a' has id 2, expected 1, as in the vocabulary"
    ),
    (
      file(#""added_tokens":[{"id":4,"content":"<x>"},{"id":5,"content":"<x>"}]"#),
      "added_tokens[1]: token '<x>' is added twice"
    ),
    (
      file(#""added_tokens":[{"id":1,"content":"<x>"}]"#, model: #"{"vocab":{"a":1},"merges":[]}"#),
      "added_tokens[0]: id 1 is given to 'a' and '<x>'"
    ),
    (
      file(#""added_tokens":[{"id":2147483648,"content":"<x>"}]"#),
      "added_tokens[0]: id 2147483648 of '<x>' is not between 0 and 16777215"
    ),
    (
      file(#""added_tokens":[{"id":-1,"content":"<x>"}]"#),
      "added_tokens[0]: id -1 of '<x>' is not between 0 and 16777215"
    ),
    (file(#""added_tokens":[{"id":"4","content":"<x>"}]"#), "added_tokens[0].id: expected a whole number, found '4'"),
    (file(#""added_tokens":[{"id":4}]"#), "added_tokens[0]: 'content' is missing"),
    (
      file(#""post_processor":{"type":"BertProcessing","sep":["b",2],"cls":["x",77]}"#),
      "post_processor: id 77 is neither in the vocabulary nor among the added tokens"
    ),
    (
      file(
        #""post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x"}}],"special_tokens":{}}"#),
      "post_processor.single[0].SpecialToken.id: 'x' is not among the special tokens"
    ),
    (
      file(#""post_processor":{"type":"TemplateProcessing","single":[],"special_tokens":{}}"#),
      "post_processor.single: a template must hold the text once, this one holds it 0 times"
    ),
    (file(#""normalizer":[]"#), "normalizer: expected an object, found an array"),
    (file(#""normalizer":{"type":5}"#), "normalizer.type: expected a string, found 5"),
  ]

  @Test(arguments: inconsistent)
  func contradictionsAreRefused(text: String, message: String) {
    #expect(Self.message(text) == "cannot load t.json: " + message)
  }

  @Test func aMissingFileIsNamed() {
    let error = #expect(throws: TokenizerError.self) { try Tokenizer.load(directory: "/nonexistent") }
    #expect(error?.code == .unreadable)
    #expect(error?.description.hasPrefix("cannot load /nonexistent/tokenizer.json: ") == true)
  }

  @Test func holesInTheVocabularyAreAllowed() throws {
    let text = Self.file(model: #"{"vocab":{"a":0,"b":7},"merges":[]}"#)
    let tokenizer = try Tokenizer(tokenizerFile: Array(text.utf8), path: "t.json")
    #expect(tokenizer.vocabularySize == 8)
    #expect(try tokenizer.encode("ab") == [0, 7])
    #expect(tokenizer.display(3) == "<id 3>")
  }

  @Test func canonicallyEqualTokensAreDifferent() throws {
    let text = Self.file(model: #"{"vocab":{"\u00e9":0,"e\u0301":1,"e":2,"\u0301":3},"merges":[["e","\u0301"]]}"#)
    let tokenizer = try Tokenizer(tokenizerFile: Array(text.utf8), path: "t.json")
    #expect(try tokenizer.encode("\u{E9}e\u{301}") == [0, 1])
    #expect(tokenizer.id(of: "e\u{301}") == 1)
  }

  /// Changes bytes of real files: loading must end in a tokenizer or an error, and a tokenizer must encode.
  @Test(arguments: ["llama", "bert", "qwen2"])
  func survivesSeededMutations(name: String) throws {
    let url = URL(fileURLWithPath: ProjectRoot.fixture(name + "/tokenizer.json"))
    let compact = JSON.write(try JSON.parse([UInt8](try Data(contentsOf: url))))
    let original = Array(compact.utf8)
    var generator = DamageGenerator(seed: 11)
    var loaded = 0
    for _ in 0..<1_500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &generator) { Self.mutate(&bytes, using: &generator) }
      guard let tokenizer = try? Tokenizer(tokenizerFile: bytes, path: "t.json") else { continue }
      loaded += 1
      let ids = try tokenizer.encode("Thé  [MASK] 123 <|begin_of_text|>東京's\n x")
      #expect(ids.allSatisfy { $0 >= 0 && $0 < tokenizer.vocabularySize })
      _ = try tokenizer.decode(ids)
    }
    #expect(loaded > 0 && loaded < 1_500)
  }

  private static func mutate(_ bytes: inout [UInt8], using generator: inout DamageGenerator) {
    let place = Int.random(in: 0..<bytes.count, using: &generator)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
    case 1: bytes.remove(at: place)
    case 2: bytes.replaceSubrange(place..<min(place + 8, bytes.count), with: Array("1e99".utf8))
    default:
      let other = Int.random(in: 0..<bytes.count, using: &generator)
      bytes.insert(contentsOf: bytes[other..<min(other + 30, bytes.count)], at: place)
    }
  }
}
