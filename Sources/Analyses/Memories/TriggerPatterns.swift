/// What the triggers of one neuron have in common, as far as counting tokens can tell.
///
/// A heuristic in the place of the annotators of Geva et al. (2021): it finds what is the same, not what is alike.
public struct TriggerPatterns: Sendable, Equatable {
  /// What a prefix shares with others.
  public enum Kind: String, Sendable, CaseIterable {
    /// Its last token.
    case shallow
    /// A word somewhere in it that is rare elsewhere: a candidate for a topic.
    case semantic
    /// Both.
    case both
    /// Nothing that at least three have.
    case none
  }

  /// A token that several prefixes share.
  public struct Shared: Sendable, Equatable {
    public var token: Int
    /// How many prefixes share it.
    public var count: Int
    /// Whether it is their last token.
    public var isLast: Bool
  }

  /// How many prefixes must share a pattern.
  public static let fewest = 3
  /// How much commoner a topic's word must be in the triggers than in the texts.
  public static let lift = 3.0

  /// The kind of each different prefix.
  public var kinds: [Kind]
  /// The patterns, the commonest first.
  public var shared: [Shared]

  /// Labels the triggers of a neuron.
  ///
  /// - Parameters:
  ///   - triggers: its triggers; prefixes of the same tokens count once.
  ///   - statistics: how common tokens are in the corpus.
  public init(_ triggers: some Sequence<Trigger>, in corpus: PrefixCorpus, _ statistics: TokenStatistics) {
    var seen: Set<[Int]> = []
    var prefixes: [[Int]] = []
    for trigger in triggers {
      let (text, position) = (Int(trigger.text), Int(trigger.position))
      let tokens = Array(corpus.tokens(text, position).dropFirst(corpus.first[text]))
      if seen.insert(tokens).inserted { prefixes.append(tokens) }
    }
    var (last, anywhere): ([Int: Int], [Int: Int]) = ([:], [:])
    for prefix in prefixes {
      if let token = prefix.last { last[token, default: 0] += 1 }
      for token in Set(prefix.dropLast()) { anywhere[token, default: 0] += 1 }
    }
    let endings = last.filter { $0.value >= Self.fewest }
    let topics = anywhere.filter { token, count in
      count >= Self.fewest && !statistics.common.contains(token)
        && Double(count) / Double(prefixes.count) >= Self.lift * statistics.share(of: token)
    }
    kinds = prefixes.map { prefix in
      let isShallow = prefix.last.map { endings[$0] != nil } ?? false
      let isSemantic = prefix.dropLast().contains { topics[$0] != nil }
      return isShallow ? (isSemantic ? .both : .shallow) : isSemantic ? .semantic : .none
    }
    let all =
      endings.map { Shared(token: $0.key, count: $0.value, isLast: true) }
      + topics.map { Shared(token: $0.key, count: $0.value, isLast: false) }
    shared = all.sorted { a, b in
      a.count != b.count ? a.count > b.count : a.isLast != b.isLast ? a.isLast : a.token < b.token
    }
  }

  /// How many prefixes are of a kind.
  public func count(_ kind: Kind) -> Int { kinds.count { $0 == kind } }

  /// The kind that stands for the neuron: what most of its prefixes share, if most share something.
  public var kind: Kind {
    let shallow = count(.shallow) + count(.both)
    let semantic = count(.semantic) + count(.both)
    let isShallow = 2 * shallow > kinds.count
    let isSemantic = 2 * semantic > kinds.count
    return isShallow ? (isSemantic ? .both : .shallow) : isSemantic ? .semantic : .none
  }
}

/// How common tokens are in a corpus.
public struct TokenStatistics: Sendable {
  /// The commonest tokens, which make up half of the corpus.
  public let common: Set<Int>
  private let texts: [Int: Int]
  private let count: Int

  /// Counts the tokens of a corpus.
  public init(_ corpus: PrefixCorpus) {
    common = corpus.commonTokens
    var texts: [Int: Int] = [:]
    for text in corpus.texts { for token in Set(text) { texts[token, default: 0] += 1 } }
    (self.texts, count) = (texts, corpus.texts.count)
  }

  /// Share of the texts that hold a token.
  func share(of token: Int) -> Double { count == 0 ? 0 : Double(texts[token, default: 0]) / Double(count) }
}
