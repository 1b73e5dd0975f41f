import Checkpoints
import JSONText
import Tokenizers

/// The entry point of libFuzzer: the first byte chooses a reader, the rest is its input.
///
/// Every reader must end with a value or a typed error; a crash, a hang or a huge allocation is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let data, count > 0 else { return 0 }
  let input = UnsafeRawBufferPointer(start: data + 1, count: count - 1)
  switch data[0] {
  case UInt8(ascii: "s"): _ = try? SafetensorsHeader(input, path: "fuzz")
  case UInt8(ascii: "c"): readConfiguration(Array(input))
  case UInt8(ascii: "t"): readTokenizer(Array(input))
  case UInt8(ascii: "m"): readTemplate(Array(input))
  case UInt8(ascii: "d"): readDirective(Array(input))
  case UInt8(ascii: "e"): readEquation(Array(input))
  case UInt8(ascii: "b"): readBook(Array(input))
  case UInt8(ascii: "p"): readPage(Array(input))
  case UInt8(ascii: "r"): readRequest(Array(input))
  case UInt8(ascii: "a"): readArchivedFile(Array(input))
  case UInt8(ascii: "v"): readTable(Array(input))
  case UInt8(ascii: "i"): readImage(Array(input))
  case UInt8(ascii: "l"): readBibliography(Array(input))
  default: readJSON(Array(input))
  }
  return 0
}

/// What is read must be written and read back as the same value.
private func readJSON(_ bytes: [UInt8]) {
  guard let value = try? JSON.parse(bytes) else { return }
  let again = try? JSON.parse(JSON.write(value))
  precondition(again == value, "a value changed on its way through text")
  _ = JSON.canonical(value)
}

/// A tokenizer that loads must also run, on text of every kind, or end in an error within its limits.
private func readTokenizer(_ bytes: [UInt8]) {
  guard let tokenizer = try? Tokenizer(tokenizerFile: bytes, path: "fuzz") else { return }
  for text in ["Hello, wörld 123\n\u{1F600} 東京  <x> e\u{301}\u{3000}", String(repeating: "a", count: 300)] {
    guard let ids = try? tokenizer.encode(text, addSpecialTokens: true) else { continue }
    precondition(ids.allSatisfy { $0 >= 0 && $0 < tokenizer.vocabularySize }, "an id outside the vocabulary")
    _ = try? tokenizer.decode(ids)
    for id in ids.prefix(20) { _ = tokenizer.display(id) }
  }
  _ = try? tokenizer.encode(utf8: [0xFF, 0x20, 0xC3], addSpecialTokens: false)
}
