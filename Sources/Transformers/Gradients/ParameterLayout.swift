import Checkpoints
import Tensors

/// Where every tensor of a model lies in one list of numbers.
///
/// The order is what the arithmetic wants: products that share their input are stacked. Norms' gains lie there as they are
/// stored.
struct ParameterLayout {
  typealias NormSlot = (slot: WeightLoader.Slot, plan: NormPlan)

  struct BlockSlots {
    var attentionIn: WeightLoader.Slot
    var attentionOut: WeightLoader.Slot
    var ffnIn: WeightLoader.Slot
    var ffnOut: WeightLoader.Slot
    var attentionNorm: NormSlot?
    var attentionOutNorm: NormSlot?
    var ffnNorm: NormSlot?
    var ffnOutNorm: NormSlot?
    var queryNorm: NormSlot?
    var keyNorm: NormSlot?
  }

  struct HeadSlots {
    var norm: NormSlot?
    var transform: WeightLoader.Slot?
    var transformNorm: NormSlot?
    var unembedding: Int
    var bias: Int?
  }

  let configuration: ModelConfiguration
  let loader: WeightLoader
  let tokens: Int
  let positions: Int?
  let segments: Int?
  let embeddingNorm: NormSlot?
  let blocks: [BlockSlots]
  let head: HeadSlots?
  init(_ model: Model) throws(ModelError) {
    let (c, tensors) = (model.configuration, model.tensors)
    configuration = c
    var loader = WeightLoader(checkpoint: model.checkpoint)
    func plan(_ norm: NormTensors?, _ plan: NormPlan?, _ width: Int) -> NormSlot? {
      guard let norm, let plan else { return nil }
      // As stored: the loader would add 1 to a gain that is stored without it.
      return (loader.plan(norm, NormPlan(plan.kind, epsilon: plan.epsilon), width), plan)
    }
    func table(_ name: String?) throws(ModelError) -> Int? {
      guard let name else { return nil }
      do throws(CheckpointError) {
        return loader.plan(name, count: try model.checkpoint.shape(of: name).reduce(1, *))
      } catch { throw ModelError(error) }
    }
    tokens = loader.plan(tensors.embedding, count: c.vocabulary * c.width)
    positions = try table(tensors.positions)
    segments = try table(tensors.tokenTypes)
    embeddingNorm = plan(tensors.embeddingNorm, c.embedding.norm, c.width)
    blocks = zip(tensors.blocks, c.plans).map { tensors, block in
      let queryKey = block.attention.queryKeyNorm
      return BlockSlots(
        attentionIn: loader.plan(tensors.attentionIn), attentionOut: loader.plan([tensors.attentionOut]),
        ffnIn: loader.plan(tensors.ffnIn), ffnOut: loader.plan([tensors.ffnOut]),
        attentionNorm: plan(tensors.attentionNorm, block.attentionNorm, c.width),
        attentionOutNorm: plan(tensors.attentionOutNorm, block.attentionOutNorm, c.width),
        ffnNorm: plan(tensors.ffnNorm, block.ffnNorm, c.width),
        ffnOutNorm: plan(tensors.ffnOutNorm, block.ffnOutNorm, c.width),
        queryNorm: plan(tensors.queryNorm, queryKey?.norm, queryKey?.width(c.queryWidth, c.headWidth) ?? 0),
        keyNorm: plan(tensors.keyNorm, queryKey?.norm, queryKey?.width(c.keyWidth, c.headWidth) ?? 0))
    }
    let norm = plan(tensors.finalNorm, c.head.norm, c.width)
    var head: HeadSlots?
    if let names = tensors.head {
      head = HeadSlots(
        norm: norm, transform: names.transform.map { loader.plan([$0]) },
        transformNorm: plan(names.transformNorm, c.head.transform?.norm, c.width), unembedding: tokens,
        bias: try table(names.bias))
      if names.unembedding != tensors.embedding {
        head?.unembedding = loader.plan(names.unembedding, count: c.vocabulary * c.width)
      }
    }
    (self.head, self.loader) = (head, loader)
  }
}

extension WeightLoader.Slot {
  func part(_ base: UnsafeMutablePointer<Float>) -> LinearPart<Float> {
    LinearPart(
      weight: base + weight, bias: bias.map { base + $0 }, inputs: inputs, outputs: outputs,
      rowsAreInputs: rowsAreInputs)
  }

  func part(_ base: UnsafeMutablePointer<Float>, _ plan: NormPlan) -> NormPart<Float> {
    NormPart(gain: base + weight, bias: bias.map { base + $0 }, width: outputs, plan: plan)
  }
}

extension ParameterLayout {
  /// The weights of a block in a list that is laid out like this, or the places of their gradients.
  func block(_ index: Int, in base: UnsafeMutablePointer<Float>) -> BlockParts<Float> {
    let slots = blocks[index]
    func norm(_ norm: NormSlot?) -> NormPart<Float>? { norm.map { $0.slot.part(base, $0.plan) } }
    var parts = BlockParts(
      attentionIn: slots.attentionIn.part(base), attentionOut: slots.attentionOut.part(base),
      ffnIn: slots.ffnIn.part(base), ffnOut: slots.ffnOut.part(base))
    (parts.attentionNorm, parts.attentionOutNorm) = (norm(slots.attentionNorm), norm(slots.attentionOutNorm))
    (parts.ffnNorm, parts.ffnOutNorm) = (norm(slots.ffnNorm), norm(slots.ffnOutNorm))
    (parts.queryNorm, parts.keyNorm) = (norm(slots.queryNorm), norm(slots.keyNorm))
    return parts
  }

  /// The head's weights or the places of their gradients; nil where the model has no head.
  func head(in base: UnsafeMutablePointer<Float>) -> HeadParts<Float>? {
    guard let head else { return nil }
    var parts = HeadParts(
      unembedding: LinearPart(
        weight: base + head.unembedding, bias: head.bias.map { base + $0 }, inputs: configuration.width,
        outputs: configuration.vocabulary, rowsAreInputs: false))
    parts.norm = head.norm.map { $0.slot.part(base, $0.plan) }
    parts.transform = head.transform.map { $0.part(base) }
    parts.transformNorm = head.transformNorm.map { $0.slot.part(base, $0.plan) }
    if let transform = configuration.head.transform { parts.activation = transform.activation.function }
    parts.softCap = configuration.head.softCap
    return parts
  }

  /// The embedding's weights or the places of their gradients.
  func embedding(in base: UnsafeMutablePointer<Float>) -> EmbeddingParts<Float> {
    var parts = EmbeddingParts(tokens: base + tokens, width: configuration.width)
    parts.positions = positions.map { base + $0 }
    parts.segments = segments.map { base + $0 }
    parts.norm = embeddingNorm.map { $0.slot.part(base, $0.plan) }
    parts.scale = configuration.embedding.scale
    return parts
  }
}
