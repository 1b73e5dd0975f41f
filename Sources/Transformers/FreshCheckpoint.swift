internal import Glibc
import Files
import JSONText
import Tensors

/// A checkpoint that has learned nothing: the architecture of a config.json with random weights, in F32.
///
/// Products and embeddings are drawn from a normal distribution around 0, as wide as the config.json's `initializer_range`
/// says, products that write into the stream narrower by √(2 L); biases are 0 and gains 1. Source: Radford et al., Language
/// Models are Unsupervised Multitask Learners, section 2.3, for the narrowing.
public enum FreshCheckpoint {
  /// Writes config.json, model.safetensors and the tokenizer's files.
  ///
  /// - Parameters:
  ///   - source: A folder with config.json and the tokenizer's files.
  ///   - directory: A folder that is there.
  ///   - seed: The seed of all weights; each tensor has a stream of its own.
  /// - Throws: `FileError`, `CheckpointError`; `ModelError` for architectures and options that are not implemented.
  public static func write(from source: String, to directory: String, seed: Int) throws {
    let path = source + "/config.json"
    let bytes = try readFile(path)
    let configuration = try ModelConfiguration(bytes, path: path)
    try CheckpointCompanions.copy(from: source, to: directory)
    try AtomicFile.write(bytes, to: directory + "/config.json")
    // Names as of today; the gamma and beta of old checkpoints, and copies of what is tied, are not written.
    let tensors = ModelTensors(configuration) { !$0.hasSuffix(".gamma") }
    let parts = parts(tensors, configuration, spread: try spread(in: bytes, path: path))
    try WeightsFile(parts: parts.map { part in .values(part.name, part.shape) { part.values(seed: seed) } })
      .write(to: directory + "/model.safetensors", durable: false)
  }

  /// The standard deviation: 0.02 where a config.json names none, as GPT-2's and BERT's was.
  private static func spread(in bytes: [UInt8], path: String) throws -> Double {
    guard let value = try JSON.parse(bytes)["initializer_range"], value != .null else { return 0.02 }
    guard let spread = value.doubleValue, spread > 0, spread <= 10 else {
      throw ModelError.load(
        .configuration, path, "initializer_range is \(JSON.write(value)), not a number above 0 and at most 10")
    }
    return spread
  }

  /// One tensor and what it holds.
  private struct Part {
    enum Content {
      case constant(Float)
      case normal(Double)
    }

    var name: String
    var shape: [Int]
    var content: Content

    func values(seed: Int) -> [Float] {
      let count = shape.reduce(1, *)
      guard case .normal(let spread) = content else {
        guard case .constant(let value) = content else { return [] }
        return [Float](repeating: value, count: count)
      }
      var random = RandomStream(seed: seed, stream: "weights.\(name)")
      return (0..<count).map { _ in
        // Box and Muller's cosine; 1 − u is never 0.
        let radius = (-2 * log(1 - random.uniform())).squareRoot()
        return Float(spread * radius * cos(2 * Double.pi * random.uniform()))
      }
    }
  }

  private static func parts(_ tensors: ModelTensors, _ c: ModelConfiguration, spread: Double) -> [Part] {
    let narrow = spread / (2 * Double(c.blocks)).squareRoot()
    var parts: [Part] = []
    func linear(_ linear: LinearTensors, _ spread: Double) {
      parts.append(Part(name: linear.weight, shape: linear.shape, content: .normal(spread)))
      if let bias = linear.bias { parts.append(Part(name: bias, shape: [linear.outputs], content: .constant(0))) }
    }
    func norm(_ norm: NormTensors?, _ plan: NormPlan?, _ width: Int) {
      guard let norm, let plan else { return }
      let gain: Float = plan.gain == .onePlusWeight ? 0 : 1
      parts.append(Part(name: norm.gain, shape: [width], content: .constant(gain)))
      if let bias = norm.bias { parts.append(Part(name: bias, shape: [width], content: .constant(0))) }
    }
    func table(_ name: String?, _ rows: Int) {
      if let name { parts.append(Part(name: name, shape: [rows, c.width], content: .normal(spread))) }
    }
    table(tensors.embedding, c.vocabulary)
    table(tensors.positions, c.context + (c.embedding.positionOffset ?? 0))
    table(tensors.tokenTypes, c.embedding.tokenTypes)
    norm(tensors.embeddingNorm, c.embedding.norm, c.width)
    for (block, plan) in zip(tensors.blocks, c.plans) {
      for part in block.attentionIn + block.ffnIn { linear(part, spread) }
      for part in [block.attentionOut, block.ffnOut] { linear(part, narrow) }
      let queryKey = plan.attention.queryKeyNorm
      norm(block.attentionNorm, plan.attentionNorm, c.width)
      norm(block.attentionOutNorm, plan.attentionOutNorm, c.width)
      norm(block.ffnNorm, plan.ffnNorm, c.width)
      norm(block.ffnOutNorm, plan.ffnOutNorm, c.width)
      norm(block.queryNorm, queryKey?.norm, queryKey?.width(c.queryWidth, c.headWidth) ?? 0)
      norm(block.keyNorm, queryKey?.norm, queryKey?.width(c.keyWidth, c.headWidth) ?? 0)
    }
    norm(tensors.finalNorm, c.head.norm, c.width)
    guard let head = tensors.head else { return parts }
    if let transform = head.transform { linear(transform, spread) }
    norm(head.transformNorm, c.head.transform?.norm, c.width)
    if head.unembedding != tensors.embedding { table(head.unembedding, c.vocabulary) }
    if let bias = head.bias { parts.append(Part(name: bias, shape: [c.vocabulary], content: .constant(0))) }
    return parts
  }
}
