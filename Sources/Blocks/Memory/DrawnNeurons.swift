import Tensors

/// Neurons of each block drawn by chance, the same for every view of a page.
enum DrawnNeurons {
  /// So many of each block, in rising order; all of a block that has no more.
  static func of(blocks: Int, neurons: Int, each count: Int, seed: Int) -> [[Int]] {
    var stream = RandomStream(seed: seed, stream: "memory.neurons")
    return (0..<blocks).map { _ in stream.sample(min(count, neurons), below: neurons).sorted() }
  }
}
