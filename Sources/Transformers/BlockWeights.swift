import Checkpoints
import Tensors

/// A product's weights [out, in], ready to multiply: y = x Wᵀ + b.
struct Linear {
  let weight: UnsafePointer<Float>
  let bias: UnsafePointer<Float>?
  let inputs: Int
  let outputs: Int

  /// y (`rows` × outputs) = x Wᵀ + keep · y, without the bias.
  ///
  /// - Parameters:
  ///   - x: rows `stride` elements apart.
  ///   - y: rows `outputs` apart.
  ///   - part: where the rows stand among others, if they are to round as they do there.
  func apply(
    _ x: UnsafePointer<Float>, stride: Int, rows: Int, keep: Float = 0, to y: UnsafeMutablePointer<Float>,
    part: RowPart? = nil
  ) {
    Products.gemm(
      transposeB: true, m: rows, n: outputs, k: inputs, a: x, lda: stride, b: weight, ldb: inputs, keep: keep, c: y,
      ldc: outputs, fillsTiles: true, part: part)
  }
}

/// A norm's gain and bias.
struct NormWeights {
  let gain: UnsafePointer<Float>
  let bias: UnsafePointer<Float>?
  let width: Int
  let kind: NormPlan.Kind
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
  let attentionNorm: NormWeights?
  let attentionOutNorm: NormWeights?
  let ffnNorm: NormWeights?
  let ffnOutNorm: NormWeights?
  /// Over one head or over all of them, as the plan says.
  let queryNorm: NormWeights?
  let keyNorm: NormWeights?
  private let memory: FloatBuffer

  /// Converts the tensors of one block.
  ///
  /// - Parameter releases: Whether to give the mapped pages of the checkpoint back.
  /// - Throws: `ModelError` with code `notFinite` for a weight that is NaN or infinite.
  init(
    _ tensors: BlockTensors, _ plan: BlockPlan, _ c: ModelConfiguration, _ checkpoint: Checkpoint, releases: Bool
  ) throws(ModelError) {
    var loader = WeightLoader(checkpoint: checkpoint, turnsInputs: true)
    let slots = (
      loader.plan(tensors.attentionIn), loader.plan([tensors.attentionOut]), loader.plan(tensors.ffnIn),
      loader.plan([tensors.ffnOut])
    )
    let queryKey = plan.attention.queryKeyNorm
    let norms = [
      loader.plan(tensors.attentionNorm, plan.attentionNorm, c.width),
      loader.plan(tensors.attentionOutNorm, plan.attentionOutNorm, c.width),
      loader.plan(tensors.ffnNorm, plan.ffnNorm, c.width), loader.plan(tensors.ffnOutNorm, plan.ffnOutNorm, c.width),
      loader.plan(tensors.queryNorm, queryKey?.norm, queryKey?.width(c.queryWidth, c.headWidth) ?? 0),
      loader.plan(tensors.keyNorm, queryKey?.norm, queryKey?.width(c.keyWidth, c.headWidth) ?? 0),
    ]
    memory = try loader.load(releases: releases)
    let base = UnsafePointer(memory.pointer)
    attentionIn = slots.0.linear(base)
    attentionOut = slots.1.linear(base)
    ffnIn = slots.2.linear(base)
    ffnOut = slots.3.linear(base)
    let weights = norms.map { $0?(base) }
    (attentionNorm, attentionOutNorm, ffnNorm, ffnOutNorm) = (weights[0], weights[1], weights[2], weights[3])
    (queryNorm, keyNorm) = (weights[4], weights[5])
  }

  /// Bytes of the converted weights.
  var byteCount: Int { memory.count * MemoryLayout<Float>.stride }
}

extension AttentionPlan.QueryKeyNorm {
  /// The norm of queries and of keys.
  var norm: NormPlan {
    switch self {
    case .perHead(let norm), .wholeProjection(let norm): norm
    }
  }

  /// Elements that are normalised together.
  func width(_ projection: Int, _ head: Int) -> Int {
    if case .perHead = self { head } else { projection }
  }
}

extension WeightLoader {
  /// Plans a norm that may not be there; what is returned finds it in the loaded memory.
  fileprivate mutating func plan(
    _ tensors: NormTensors?, _ plan: NormPlan?, _ width: Int
  ) -> ((UnsafePointer<Float>) -> NormWeights)? {
    guard let tensors, let plan else { return nil }
    let slot = self.plan(tensors, plan, width)
    return { slot.norm($0, plan) }
  }
}
