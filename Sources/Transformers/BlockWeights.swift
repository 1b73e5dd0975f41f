import Checkpoints
import Tensors

/// A product's weights, ready to multiply: y = x Wᵀ + b.
struct Linear {
  let weight: UnsafePointer<Float>
  let bias: UnsafePointer<Float>?
  let inputs: Int
  let outputs: Int
  /// Whether the matrix is [inputs, outputs] rather than [outputs, inputs].
  let rowsAreInputs: Bool

  /// y (`rows` × outputs) = x Wᵀ + keep · y, without the bias.
  ///
  /// - Parameters:
  ///   - x: rows `stride` elements apart.
  ///   - y: rows `outputs` apart.
  func apply(
    _ x: UnsafePointer<Float>, stride: Int, rows: Int, keep: Float = 0, to y: UnsafeMutablePointer<Float>
  ) {
    Products.gemm(
      transposeB: !rowsAreInputs, m: rows, n: outputs, k: inputs, a: x, lda: stride, b: weight,
      ldb: rowsAreInputs ? outputs : inputs, keep: keep, c: y, ldc: outputs)
  }
}

/// A norm's gain and bias.
struct NormWeights {
  let gain: UnsafePointer<Float>
  let bias: UnsafePointer<Float>?
  let width: Int
  let kind: ModelConfiguration.Norm
  let epsilon: Double

  /// Normalises one vector of `width` elements; `y` may be `x`.
  func apply(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
    switch kind {
    case .layerNorm: Kernels.layerNorm(x, gain: gain, bias: bias, epsilon: epsilon, to: y, count: width)
    case .rmsNorm: Kernels.rmsNorm(x, gain: gain, epsilon: epsilon, to: y, count: width)
    }
  }
}

/// The weights of one block as `Float`s in one piece of memory, converted from the checkpoint's types.
///
/// Unchecked: nothing is written after `init`, and the pointers live as long as `memory`.
final class BlockWeights: @unchecked Sendable {
  let attentionIn: Linear
  let attentionOut: Linear
  let ffnIn: Linear
  let ffnOut: Linear
  let norm1: NormWeights
  let norm2: NormWeights
  private let memory: FloatBuffer

  /// Converts the tensors of one block.
  ///
  /// - Throws: `ModelError` with code `notFinite` for a weight that is NaN or infinite.
  init(_ tensors: BlockTensors, _ c: ModelConfiguration, _ checkpoint: Checkpoint) throws(ModelError) {
    var loader = WeightLoader(checkpoint: checkpoint)
    let slots = (
      loader.plan(tensors.attentionIn), loader.plan([tensors.attentionOut]), loader.plan(tensors.ffnIn),
      loader.plan([tensors.ffnOut]), loader.plan(tensors.norm1, c.width), loader.plan(tensors.norm2, c.width)
    )
    memory = try loader.load()
    let base = UnsafePointer(memory.pointer)
    attentionIn = slots.0.linear(base)
    attentionOut = slots.1.linear(base)
    ffnIn = slots.2.linear(base)
    ffnOut = slots.3.linear(base)
    norm1 = slots.4.norm(base, c)
    norm2 = slots.5.norm(base, c)
  }

  /// Bytes of the converted weights.
  var byteCount: Int { memory.count * MemoryLayout<Float>.stride }
}
