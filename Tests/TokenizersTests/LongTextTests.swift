import TestSupport
import Testing
import Tokenizers

/// Texts that make a careless encoder take a time that grows with the square of their length.
struct LongTextTests {
  @Test(arguments: ["gpt2", "llama", "qwen2", "bert"])
  func aMegabyteOfOneCharacterIsEncoded(name: String) throws {
    let tokenizer = try Tokenizer.load(directory: ProjectRoot.fixture(name))
    let clock = ContinuousClock()
    for character in ["a", " ", "1", "\n", "é", "'", "[", "\u{301}"] {
      let text = String(repeating: character, count: 1_000_000 / character.utf8.count)
      var ids: [Int] = []
      let time = try clock.measure { ids = try tokenizer.encode(text, addSpecialTokens: false) }
      #expect(time < .seconds(30), "\(name), \(character.debugDescription)")
      if name == "gpt2" { #expect(try tokenizer.decode(ids) == text) }
    }
  }

  /// Merging with a heap (long pieces) and without (short ones) must agree.
  @Test func longPiecesMergeLikeShortOnes() throws {
    let tokenizer = try Tokenizer.load(directory: ProjectRoot.asset("models/atlas-llama"))
    var generator = DamageGenerator(seed: 3)
    for length in 30..<70 {
      let letters = (0..<length).map { _ in "etaoinsrhl".randomElement(using: &generator) ?? "e" }
      let text = String(letters)
      #expect(try tokenizer.encode(text).dropFirst().elementsEqual(reference(tokenizer, text)), "\(text)")
    }
  }

  /// Merges by trying, at every step, each pair of neighbours by the rank that the vocabulary's order gives: ids of
  /// merged tokens rise with the rank in this tokenizer, whose vocabulary was written merge by merge.
  private func reference(_ tokenizer: Tokenizer, _ text: String) -> [Int] {
    if let whole = tokenizer.id(of: text) { return [whole] }
    var parts = text.map { String($0) }
    while true {
      let joined = (0..<parts.count - 1).compactMap { index in
        tokenizer.id(of: parts[index] + parts[index + 1]).map { (id: $0, index: index) }
      }
      guard let best = joined.min(by: { ($0.id, $0.index) < ($1.id, $1.index) }) else { break }
      parts[best.index] += parts.remove(at: best.index + 1)
    }
    return parts.compactMap { tokenizer.id(of: $0) }
  }
}
