import Tensors
import Tokenizers

/// Which tokens of a text are looked at.
public enum PositionMode: String, Sendable, CaseIterable {
  /// The last token of the (possibly truncated) text.
  case last
  /// The end-of-text token, appended to the text.
  case eos
  /// One seeded uniform position per text.
  case random
  /// One seeded position per text, its token replaced by the mask token.
  case mask
  /// Every position but the beginning-of-text token's.
  case all
}

/// What is drawn from a dataset.
public struct SampleSelection: Sendable, Equatable {
  /// How many texts; the first so many usable ones.
  public var texts: Int
  /// Which tokens of each.
  public var position: PositionMode
  /// Where a text is cut, in tokens, special ones counted.
  public var maxTokens: Int
  /// Seed of the draws of `random` and `mask`.
  public var seed: Int

  public init(texts: Int, position: PositionMode, maxTokens: Int = 128, seed: Int = 42) {
    self.texts = texts
    self.position = position
    self.maxTokens = maxTokens
    self.seed = seed
  }
}

/// One text as the model will see it, and which of its positions are wanted.
public struct SampledText: Sendable, Equatable {
  /// Token ids.
  public var ids: [Int]
  /// Wanted positions, rising.
  public var positions: [Int]
  /// The token after each wanted position, -1 = none.
  public var nextTokens: [Int]
}

/// Draws texts and positions from a dataset, the same ones for the same seed whatever else a report asks.
public struct Sampler {
  /// The checkpoint's own tokenizer.
  public let tokenizer: Tokenizer
  /// The ids that may be appended, skipped or put in place of a token.
  public let special: SpecialIDs
  /// Whether later tokens cannot change a state: then a text is cut after its last wanted position.
  public let isCausal: Bool

  /// Ids of the special tokens a sample may need.
  public struct SpecialIDs: Sendable, Equatable {
    /// Beginning of text.
    public var beginning: Int?
    /// End of text.
    public var end: Int?
    public var mask: Int?

    /// Ids, nil where the checkpoint names none.
    public init(beginning: Int?, end: Int?, mask: Int?) {
      self.beginning = beginning
      self.end = end
      self.mask = mask
    }
  }

  public init(tokenizer: Tokenizer, special: SpecialIDs, isCausal: Bool) {
    self.tokenizer = tokenizer
    self.special = special
    self.isCausal = isCausal
  }

  /// The first usable texts of `texts`, at most `selection.texts`; a blank text is not usable.
  ///
  /// - Throws: `BookError` where the model has no token that the position needs.
  public func sample(_ texts: [String], _ selection: SampleSelection) throws(BookError) -> [SampledText] {
    var stream = RandomStream(
      seed: selection.seed, stream: "position.\(selection.position.rawValue)")
    var samples: [SampledText] = []
    for text in texts {
      if samples.count == selection.texts { break }
      guard !text.unicodeScalars.allSatisfy(\.properties.isWhitespace) else { continue }
      let ids = Array(try encode(text).prefix(selection.maxTokens))
      guard !ids.isEmpty, let sample = try sample(ids, selection, &stream) else { continue }
      samples.append(sample)
    }
    return samples
  }

  private func encode(_ text: String) throws(BookError) -> [Int] {
    do throws(TokenizerError) {
      return try tokenizer.encode(text)
    } catch {
      throw BookError(error.description)
    }
  }

  private func sample(
    _ whole: [Int], _ selection: SampleSelection, _ stream: inout RandomStream
  ) throws(BookError) -> SampledText? {
    var ids = whole
    var positions: [Int] = []
    switch selection.position {
    case .last:
      positions = [ids.count - 1]
    case .eos:
      guard let end = special.end else {
        throw BookError("position=eos: the checkpoint names no end-of-text token", hint: "use position=last")
      }
      if ids.last != end { ids = Array(ids.prefix(max(1, selection.maxTokens - 1))) + [end] }
      positions = [ids.count - 1]
    case .random:
      positions = [stream.integer(below: ids.count)]
    case .mask:
      guard let mask = special.mask else {
        throw BookError("position=mask: the checkpoint names no mask token", hint: "use position=random")
      }
      let position = stream.integer(below: ids.count)
      ids[position] = mask
      positions = [position]
    case .all:
      positions = ids.indices.filter { !($0 == 0 && ids[0] == special.beginning) }
    }
    guard let last = positions.last else { return nil }
    let next = positions.map { $0 + 1 < whole.count ? whole[$0 + 1] : -1 }
    if isCausal { ids = Array(ids.prefix(last + 1)) }
    return SampledText(ids: ids, positions: positions, nextTokens: next)
  }
}

/// Which samples fit the maps and which judge them.
public enum SampleSplit: String, Sendable, CaseIterable {
  /// The first samples train, the next ones test.
  case head
  /// A seeded permutation, then as `head`.
  case random

  /// Row numbers of the training and the test samples among `count`.
  public func rows(count: Int, train: Int, test: Int, seed: Int) -> (train: [Int], test: [Int]) {
    precondition(train + test <= count, "the split needs no more samples than there are")
    var order = Array(0..<count)
    if self == .random {
      var stream = RandomStream(seed: seed, stream: "split.random")
      stream.shuffle(&order)
    }
    return (Array(order[..<train]), Array(order[train..<(train + test)]))
  }
}
