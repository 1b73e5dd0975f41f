import Checkpoints
import Files
import Synchronization
import Tensors

/// A Transformer checkpoint, opened: its configuration is read, every tensor is there in its shape, no weight is loaded.
///
/// Weights stay mapped in the file and are converted to `Float` block by block when the model runs.
public final class Model: Sendable {
  /// What config.json says.
  public let configuration: ModelConfiguration
  /// The folder it was opened from.
  public let directory: String

  let checkpoint: Checkpoint
  let tensors: ModelTensors
  let cache = Mutex(WeightCache())

  /// Opens a folder in Hugging Face's layout: config.json and safetensors, sharded or not.
  ///
  /// - Throws: `ModelError` for files that are missing or damaged, architectures and options that are not implemented,
  ///   and tensors that are missing, misshapen or have no place in the architecture.
  public static func open(_ directory: String) throws(ModelError) -> Model { try Model(directory) }

  private init(_ directory: String) throws(ModelError) {
    self.directory = directory
    let path = directory + "/config.json"
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path) } catch {
      guard let found = ModelFolder(path: directory).explanation(missing: "config.json") else {
        throw ModelError(error)
      }
      throw .load(.file, directory, found)
    }
    guard !LargeFilePointer.isPointer(bytes) else { throw .load(.file, path, LargeFilePointer.explanation) }
    var configuration = try ModelConfiguration(bytes, path: path)
    do throws(CheckpointError) { checkpoint = try Checkpoint(path: directory) } catch { throw ModelError(error) }
    tensors = ModelTensors(configuration, exists: checkpoint.contains)
    try tensors.check(checkpoint, configuration)
    configuration.hasHead = tensors.head != nil
    self.configuration = configuration
  }

  /// Checks that a text can be run.
  ///
  /// - Parameters:
  ///   - ids: Its tokens.
  ///   - past: Tokens before them.
  ///   - name: What to call the text in the message.
  /// - Throws: `ModelError` with code `input`.
  func check(_ ids: [Int], after past: Int = 0, name: String = "the text") throws(ModelError) {
    guard !ids.isEmpty else { throw .run(.input, directory, "\(name) has no tokens") }
    try checkContext(past + ids.count, name: name)
    for (position, id) in ids.enumerated() where id < 0 || id >= configuration.vocabulary {
      throw .run(
        .input, directory,
        "\(name) has token id \(id) at position \(position), outside the vocabulary of \(configuration.vocabulary)")
    }
  }

  /// Checks that a text of so many tokens fits in the context.
  func checkContext(_ count: Int, name: String) throws(ModelError) {
    guard count > configuration.context else { return }
    throw .run(.input, directory, "\(name) has \(count) tokens, the model's context holds \(configuration.context)")
  }

  /// Checks that a matrix holds states of this model.
  func check(_ states: Matrix) {
    precondition(
      states.columns == configuration.width, "states \(states.columns) wide, expected \(configuration.width)")
  }
}

/// Converted weights of small models, kept so that running text after text does not convert them again.
struct WeightCache {
  /// The most bytes that are kept.
  var limit = 512 << 20
  /// Bytes that are kept.
  var bytes = 0
  var blocks: [Int: BlockWeights] = [:]
  var unembedding: FloatBuffer?
  var streamMap: StreamMap?
  var rotary = RotaryTables()

  mutating func forget() { (bytes, blocks, unembedding, streamMap) = (0, [:], nil, nil) }
}

extension Model {
  /// The weights of one block, from the cache or converted.
  ///
  /// - Parameter keeps: Whether to remember them as long as there is room.
  func weights(block: Int, keeps: Bool) throws(ModelError) -> BlockWeights {
    if let known = cache.withLock({ $0.blocks[block] }) { return known }
    let bytes = configuration.weightsPerBlock * MemoryLayout<Float>.stride
    // A block that is converted again for every token is better read from mapped pages that stay.
    let fits = cache.withLock { $0.bytes + bytes <= $0.limit }
    let weights = try BlockWeights(
      tensors.blocks[block], configuration.plans[block], configuration, checkpoint, releases: !keeps || fits)
    guard keeps else { return weights }
    cache.withLock { cache in
      guard cache.blocks[block] == nil, cache.bytes + weights.byteCount <= cache.limit else { return }
      cache.blocks[block] = weights
      cache.bytes += weights.byteCount
    }
    return weights
  }

  /// Cosines and sines of the first positions, from the cache or made.
  func rotaryTables(reaching positions: Int) -> RotaryTables {
    cache.withLock { cache in
      cache.rotary.reach(positions, for: configuration.plans)
      return cache.rotary
    }
  }

  /// The most bytes of converted weights that are kept, 512 MiB unless set.
  ///
  /// Blocks and unembedding are kept in the order of their first use as long as they fit; the others stay mapped in the
  /// checkpoint's precision and are converted each time they are used. A capture keeps no blocks whatever the limit. A lower
  /// limit forgets what is kept.
  public var weightLimit: Int {
    get { cache.withLock { $0.limit } }
    set {
      cache.withLock { cache in
        if newValue < cache.bytes { cache.forget() }
        cache.limit = newValue
      }
    }
  }

  /// Forgets converted weights; they are converted again when needed.
  public func releaseWeights() { cache.withLock { $0.forget() } }
}
