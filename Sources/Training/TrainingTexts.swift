import Tensors

/// The texts of a training run, and which of them each step sees.
///
/// A text that is longer than a window is cut into windows one after the other; a shorter one stands alone, so that no
/// position sees another text. Every pass over the windows has an order of its own, which follows from the seed and the
/// pass's number: a step's batch needs nothing but its own number.
public struct TrainingTexts: Sendable {
  /// The tokens of each window.
  public let windows: [[Int]]
  private let seed: Int

  /// Cuts texts.
  ///
  /// - Parameters:
  ///   - texts: The tokens of each text.
  ///   - length: The most tokens of a window.
  ///   - shortest: Windows of fewer tokens are left out: one token predicts nothing.
  public init(_ texts: [[Int]], length: Int, shortest: Int = 2, seed: Int) {
    precondition(length > 0, "windows of \(length) tokens")
    windows = texts.flatMap { text in
      stride(from: 0, to: text.count, by: length).map { Array(text[$0..<min(text.count, $0 + length)]) }
    }.filter { $0.count >= shortest }
    self.seed = seed
  }

  /// How many tokens a pass over all of them sees.
  public var tokens: Int { windows.reduce(0) { $0 + $1.count } }

  /// The texts of a step, from 0.
  public func batch(step: Int, size: Int) -> [[Int]] {
    precondition(!windows.isEmpty && size > 0, "a batch of \(size) of \(windows.count) texts")
    var batch: [[Int]] = []
    var place = step * size
    while batch.count < size {
      let (pass, start) = place.quotientAndRemainder(dividingBy: windows.count)
      let order = self.order(pass: pass)
      let count = min(size - batch.count, windows.count - start)
      batch += order[start..<start + count].map { windows[$0] }
      place += count
    }
    return batch
  }

  private func order(pass: Int) -> [Int] {
    var random = RandomStream(seed: seed, stream: "training.order.\(pass)")
    return random.permutation(windows.count)
  }
}
