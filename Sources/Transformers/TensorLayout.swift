/// A product y = x Wᵀ + b as a checkpoint stores it.
struct LinearTensors: Hashable, Sendable {
  var weight: String
  var bias: String?
  var inputs: Int
  var outputs: Int
  /// Whether rows of the stored matrix are inputs (GPT-2's Conv1D, [in, out]) rather than outputs ([out, in]).
  var rowsAreInputs = false
  /// The order in which the stored outputs are wanted, all of them once; nil for the order of the file.
  ///
  /// GPT-NeoX stores queries, keys and values head by head; blocks want all queries, then all keys, then all values.
  var outputOrder: [Range<Int>]?

  var shape: [Int] { rowsAreInputs ? [inputs, outputs] : [outputs, inputs] }
}

/// The gain and bias of a norm.
struct NormTensors: Hashable, Sendable {
  var gain: String
  var bias: String?

  /// The tensors of a LayerNorm with this name.
  static func layerNorm(_ name: String) -> NormTensors { NormTensors(gain: name + ".weight", bias: name + ".bias") }
}

/// The tensors of one block, by role; products that share their input are listed together and run as one.
struct BlockTensors: Sendable {
  /// Queries, keys and values, in this order.
  var attentionIn: [LinearTensors]
  var attentionOut: LinearTensors
  /// The gate and the up product where the network is gated, else the one product.
  var ffnIn: [LinearTensors]
  var ffnOut: LinearTensors
  /// The norms that the block's plan has.
  var attentionNorm: NormTensors?
  var attentionOutNorm: NormTensors?
  var ffnNorm: NormTensors?
  var ffnOutNorm: NormTensors?
  /// The gains of queries and keys, where these are normalised.
  var queryNorm: NormTensors?
  var keyNorm: NormTensors?

  var linears: [LinearTensors] { attentionIn + [attentionOut] + ffnIn + [ffnOut] }
  /// The norms over the width of the stream.
  var norms: [NormTensors] { [attentionNorm, attentionOutNorm, ffnNorm, ffnOutNorm].compactMap { $0 } }
}

/// The tensors of a head: an unembedding, and for BERT the transform before it.
struct HeadTensors: Sendable {
  var unembedding: String
  var bias: String?
  var transform: LinearTensors?
  var transformNorm: NormTensors?
}

/// Which tensors make up a model, by role, with the names this checkpoint uses.
struct ModelTensors: Sendable {
  var embedding: String
  var positions: String?
  var tokenTypes: String?
  var embeddingNorm: NormTensors?
  var finalNorm: NormTensors?
  var head: HeadTensors?
  var blocks: [BlockTensors]
  /// What the names of all blocks begin with, such as `model.layers.`.
  var blockPrefix: String
  /// Endings of tensors inside blocks that hold no weights: masks and tables that older versions saved.
  var strayBlockTensors: [String]
  /// A second copy of a tied unembedding, which must equal the embedding.
  var tiedCopy: String?
  /// The linear layer of a shortened checkpoint.
  var streamMap: LinearTensors?
}

extension ModelTensors {
  /// Finds the names for a configuration.
  ///
  /// - Parameters:
  ///   - configuration: Read from config.json.
  ///   - exists: Whether the checkpoint holds a tensor of this name.
  init(_ configuration: ModelConfiguration, exists: (String) -> Bool) {
    self = configuration.family.reader.tensors(configuration, exists: exists)
    guard let plan = configuration.streamMap else { return }
    streamMap = LinearTensors(
      weight: BypassDeclaration.weightName, bias: plan.hasBias ? BypassDeclaration.biasName : nil,
      inputs: configuration.width, outputs: configuration.width)
  }
}
