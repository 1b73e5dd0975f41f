import Tensors

/// Texts of one line each: six stories in ten, else two to five sentences of facts.
public struct AtlasCorpus: Sendable {
  private let world: AtlasWorld
  private let seed: Int

  public init(_ world: AtlasWorld, seed: Int) { (self.world, self.seed) = (world, seed) }

  /// Makes texts.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - others: Texts that must not be among them, because a trained model is judged by them; those of a kind of which
  ///     there are only a few stay, or the corpus would lack the kind.
  public func texts(_ count: Int, without others: Set<String> = []) -> [String] {
    var random = RandomStream(seed: seed, stream: "atlas.corpus")
    let (facts, stories) = (FactSentences(world: world), AtlasStories(world: world))
    var texts: [String] = []
    while texts.count < count {
      let text: String
      if random.integer(below: 10) < 6 {
        text = stories.story(&random)
      } else {
        let sentences = 2 + random.integer(below: 4)
        text = (0..<sentences).map { _ in facts.sentence(&random) }.joined(separator: " ")
      }
      if !others.contains(text) || AtlasStories.countings.contains(text) { texts.append(text) }
    }
    return texts
  }
}
