import Foundation
import JSONText
import TestSupport
import Testing
import Tokenizers

/// Regular expressions and rules that would take hours or fill the memory: they end in a typed error, and soon.
struct HostilePatternTests {
  static func tokenizer(_ parts: String) throws -> Tokenizer {
    let model = #"{"type":"BPE","unk_token":"?","vocab":{"?":0,"a":1,"b":2," ":3},"merges":[]}"#
    return try Tokenizer(tokenizerFile: Array("{\(parts),\"model\":\(model)}".utf8), path: "t.json")
  }

  static func splitting(_ pattern: String, behavior: String = "Isolated") throws -> Tokenizer {
    let text = JSON.write(.string(pattern))
    return try tokenizer(
      #""pre_tokenizer":{"type":"Split","pattern":{"Regex":\#(text)},"behavior":"\#(behavior)"}"#)
  }

  @Test(arguments: [
    "(a+)+$", "(?:a|aa)+b", "(a*)*b", "(?:a?){100}a{60}b", #"(a|a)*\1c"#, "(?=(a+)+c)a", "(?<!b)(a+)+c",
  ])
  func backtrackingWithoutEndIsAnError(pattern: String) throws {
    let tokenizer = try Self.splitting(pattern)
    let text = String(repeating: "a", count: 5_000) + "!"
    var error: TokenizerError?
    let time = ContinuousClock().measure {
      do throws(TokenizerError) { _ = try tokenizer.encode(text) } catch let caught { error = caught }
    }
    #expect(time < .seconds(60), "\(pattern)")
    guard let error else { return }
    #expect(error.code == .limit)
    #expect(
      error.description == "cannot encode with t.json: the regular expression '\(Self.quoted(pattern))' takes too many "
        + "steps on this text")
  }

  private static func quoted(_ text: String) -> String { String(JSON.write(.string(text)).dropFirst().dropLast()) }

  @Test func theWorstOfThemDoesReachTheLimit() throws {
    #expect(throws: TokenizerError.self) {
      try Self.splitting("(a+)+c").encode(String(repeating: "a", count: 5_000))
    }
  }

  @Test(arguments: [#"\p{L}+|\s+(?!\S)|."#, "a(?=.*b)|a", "(?>a*)b|a", #"[^b]*b|a"#, #"^a|a$|\ba"#])
  func aLongTextIsSplitInTime(pattern: String) throws {
    let tokenizer = try Self.splitting(pattern)
    let text = String(repeating: "a", count: 10_000)
    let time = ContinuousClock().measure { _ = try? tokenizer.encode(text) }
    #expect(time < .seconds(60), "\(pattern)")
  }

  @Test func scanningAheadEverywhereIsAnError() throws {
    let error = #expect(throws: TokenizerError.self) {
      try Self.splitting("[^b]*b|a").encode(String(repeating: "a", count: 50_000))
    }
    #expect(error?.code == .limit)
  }

  /// Patterns of published tokenizers have no such limit: whole books are one piece for them.
  @Test func knownPatternsSplitTextsOfAnyLength() throws {
    let url = URL(fileURLWithPath: ProjectRoot.fixture("tokenizers/models.json"))
    let file = try JSON.parse([UInt8](try Data(contentsOf: url)))
    let text = String(repeating: "Some words, 1234 and ABCdef don't\n ", count: 10_000)
    for record in file["tokenizers"]?.arrayValue ?? [] {
      let known = ["cl100k", "possessive", "o200k", "tekken", "kimi", "bloom", "qwen3.5", "deepseek"]
      guard known.contains(where: { record["name"]?.stringValue == "byte-level " + $0 }) else { continue }
      var parts = try #require(record["parts"]?.objectValue)
      parts["model"] = file["models"]?[try #require(record["model"]?.intValue)]
      let tokenizer = try Tokenizer(tokenizerFile: Array(JSON.write(.object(parts)).utf8), path: "known")
      #expect(try tokenizer.decode(tokenizer.encode(text)) == text, "\(record["name"]?.stringValue ?? "")")
    }
  }

  static let refused = [
    ("(a{1000}){1000}", "its repetition counts multiply to more than 10000"),
    ("a{99999999999999999999}", "its repetition counts multiply to more than 10000"),
    (String(repeating: "a", count: 70_000), "it is longer than 65536 bytes"),
    ("(?{x})a", "'(?{', a callout, is not supported"), ("(*FAIL)", "'(*', a callout, is not supported"),
    (#"(?<x>a\g<x>?)"#, #"'\g', a call of a group, is not supported"#),
    ("(?~ab)", "'(?~', an absence operator, is not supported"),
    (#"a\Kb"#, #"'\K', a moved start, is not supported"#), ("[b-a]", "empty range in char class"),
    (#"\p{Nonsense}"#, "invalid character property name {Nonsense}"),
  ]

  @Test(arguments: refused)
  func whatIsNotUnderstoodIsNamed(pattern: String, reason: String) throws {
    let error = #expect(throws: TokenizerError.self) { try Self.splitting(pattern) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.hasSuffix("': \(reason)") == true, "\(error?.message.suffix(120) ?? "")")
  }

  @Test func charactersOfClassesAreNoGroups() throws {
    #expect(try Self.splitting("[(*{1000}{1000}]").encode("a(b") == [1, 0, 2])
    #expect(try Self.splitting(#"\\p{2}"#).encode("ab") == [1, 2])
  }

  /// Properties follow Unicode 16.0 under every spelling, whatever the system's library knows.
  @Test(arguments: [
    #"\p{L}"#, #"\p{Letter}"#, #"\p{^N}"#, #"[\p{Lu}]"#, #"\w"#, #"[^\W]"#, #"\P{M}"#, #"\D"#, #"[\w]"#,
  ])
  func propertiesAreThoseOfOneUnicodeVersion(pattern: String) throws {
    let rule = JSON.write(.string(pattern))
    let tokenizer = try Self.tokenizer(
      #""normalizer":{"type":"Replace","pattern":{"Regex":\#(rule)},"content":"b"}"#)
    #expect(try tokenizer.encode("\u{1C89}") == [2])
  }

  @Test func growingReplacementsAreLimited() throws {
    let double = #"{"type":"Replace","pattern":{"String":"a"},"content":"aa"}"#
    let steps = Array(repeating: double, count: 200).joined(separator: ",")
    let tokenizer = try Self.tokenizer(#""normalizer":{"type":"Sequence","normalizers":[\#(steps)]}"#)
    #expect(try tokenizer.encode("b") == [2])
    let error = #expect(throws: TokenizerError.self) { try tokenizer.encode("a") }
    #expect(error?.code == .limit)
    #expect(
      error?.message == "the text grows beyond 65600 bytes, the limit for its length (64 times as long and 65536 bytes "
        + "more, at most 1073741824)")
  }

  @Test func hugePrefixesAreLimitedOverAllStretches() throws {
    let prefix = String(repeating: "a", count: 50_000)
    let tokenizer = try Self.tokenizer(
      #""added_tokens":[{"id":4,"content":"<x>","special":true}],"normalizer":{"type":"Prepend","prepend":"\#(prefix)"}"#
    )
    #expect(try tokenizer.encode("b").count == 50_001)
    #expect(throws: TokenizerError.self) { try tokenizer.encode("b<x>b<x>b") }
    #expect(throws: TokenizerError.self) {
      let tokens = (4..<9).map { #"{"id":\#($0),"content":"<\#($0)>"}"# }.joined(separator: ",")
      return try Self.tokenizer(#""added_tokens":[\#(tokens)],"normalizer":{"type":"Prepend","prepend":"\#(prefix)"}"#)
    }
  }

  @Test func growingDecodersAreLimited() throws {
    let double = #"{"type":"Replace","pattern":{"Regex":"a"},"content":"aa"}"#
    let steps = Array(repeating: double, count: 60).joined(separator: ",")
    let tokenizer = try Self.tokenizer(#""decoder":{"type":"Sequence","decoders":[\#(steps)]}"#)
    #expect(try tokenizer.decode([2, 2]) == "bb")
    let error = #expect(throws: TokenizerError.self) { try tokenizer.decode([1]) }
    #expect(error?.description.hasPrefix("cannot decode with t.json: the text grows beyond ") == true)
  }

  @Test func doublingByteAlphabetsAreLimited() throws {
    let steps = Array(repeating: #"{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}"#, count: 80)
    let tokenizer = try Self.tokenizer(
      #""pre_tokenizer":{"type":"Sequence","pretokenizers":[\#(steps.joined(separator: ","))]}"#)
    #expect(throws: TokenizerError.self) { try tokenizer.encode("é") }
  }

  @Test func aUnigramModelWithoutUnknownTokenSaysSo() throws {
    let text = #"{"model":{"type":"Unigram","unk_id":null,"vocab":[["a",-1.0],["ab",-1.5],["b",-3.0]]}}"#
    let tokenizer = try Tokenizer(tokenizerFile: Array(text.utf8), path: "t.json")
    #expect(try tokenizer.encode("aab") == [0, 1])
    let error = #expect(throws: TokenizerError.self) { try tokenizer.encode("ac") }
    #expect(error?.code == .inconsistent)
  }
}
