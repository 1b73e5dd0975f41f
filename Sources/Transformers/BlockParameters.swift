import Tensors

/// Copies of one block's weights, for engines that take a block apart.
public struct BlockParameters: Sendable {
  /// A product y = W x + b.
  public struct Product: Sendable {
    /// W, [outputs, inputs], whichever way round the checkpoint stores it.
    public var weight: Matrix
    /// b, [outputs]; nil where the checkpoint has none, which counts as 0.
    public var bias: [Float]?
  }

  /// A norm's gain, 1 added where the checkpoint stores the difference, and bias.
  public struct Norm: Sendable {
    /// What the normalised vector is multiplied by, element by element, [width of what is normalised].
    public var gain: [Float]
    /// What is added after that, as long as the gain; nil for RMSNorm.
    public var bias: [Float]?
  }

  /// W_Q, [H · d_h, d].
  public var queries: Product
  /// W_K, [H_kv · d_h, d].
  public var keys: Product
  /// W_V, [H_kv · d_h, d]; head h reads the values of head h / (H / H_kv).
  public var values: Product
  /// W_O, [d, H · d_h].
  public var attentionOut: Product
  /// The product before the activation, the gate where the network is gated, [d_ff, d].
  public var ffnIn: Product
  /// The factor of a gated network, [d_ff, d].
  public var ffnUp: Product?
  /// W_out, [d, d_ff]; column k is neuron k's value.
  public var ffnOut: Product
  /// The norms of the stream and of what the branches add to it, [d] each; a place without a norm has no entry.
  public var norms: [NormPlace: Norm]
  /// What queries are normalised with before rotation: [d_h], the same for every head, or [H · d_h] over all of them at
  /// once; nil where they are not.
  public var queryNorm: Norm?
  /// What keys are normalised with before rotation, [d_h] or [H_kv · d_h].
  public var keyNorm: Norm?
}

extension Model {
  /// Copies the weights of one block, converted to `Float`.
  ///
  /// - Throws: `ModelError` with code `notFinite`.
  public func parameters(block: Int) throws(ModelError) -> BlockParameters {
    precondition(block >= 0 && block < configuration.blocks, "no block \(block)")
    let weights = try weights(block: block, keeps: false)
    let (q, k, f) = (configuration.queryWidth, configuration.keyWidth, configuration.ffnWidth)
    var norms: [NormPlace: BlockParameters.Norm] = [:]
    norms[.attention] = weights.attentionNorm?.copied
    norms[.attentionOut] = weights.attentionOutNorm?.copied
    norms[.ffn] = weights.ffnNorm?.copied
    norms[.ffnOut] = weights.ffnOutNorm?.copied
    return withExtendedLifetime(weights) {
      BlockParameters(
        queries: weights.attentionIn.copied(0..<q), keys: weights.attentionIn.copied(q..<q + k),
        values: weights.attentionIn.copied(q + k..<q + 2 * k),
        attentionOut: weights.attentionOut.copied(0..<configuration.width), ffnIn: weights.ffnIn.copied(0..<f),
        ffnUp: configuration.plans[block].ffn.isGated ? weights.ffnIn.copied(f..<2 * f) : nil,
        ffnOut: weights.ffnOut.copied(0..<configuration.width), norms: norms, queryNorm: weights.queryNorm?.copied,
        keyNorm: weights.keyNorm?.copied)
    }
  }
}

extension Linear {
  /// Copies some outputs, as [outputs, inputs].
  fileprivate func copied(_ range: Range<Int>) -> BlockParameters.Product {
    let matrix = Matrix(rows: range.count, columns: inputs) {
      $0.initialize(from: weight + range.lowerBound * inputs, count: range.count * inputs)
    }
    return BlockParameters.Product(weight: matrix, bias: bias.map { bias in range.map { bias[$0] } })
  }
}

extension NormWeights {
  /// Its numbers, out of the block's memory.
  var copied: BlockParameters.Norm {
    BlockParameters.Norm(
      gain: (0..<width).map { gain[$0] }, bias: bias.map { bias in (0..<width).map { bias[$0] } })
  }
}
