import Transformers

/// A kind of sub-module that a fitted map can stand in for.
public enum Submodule: String, Sendable, CaseIterable {
  /// From what attention reads to what it adds.
  case attention
  /// From what the feed-forward network reads to what it adds.
  case ffn
  /// Every norm of a block.
  case norms
}

/// One part of a block, with the places where its input and its output can be read.
public struct SubmodulePart: Hashable, Sendable {
  /// The part.
  public var part: Tap.Part
  /// Where its input stands.
  public var input: Site
  /// Where its output stands.
  public var output: Site
}

extension Submodule {
  /// The parts of a block that belong to this kind: one, or as many as the block has norms.
  public func parts(of plan: BlockPlan) -> [SubmodulePart] {
    switch self {
    case .attention: [SubmodulePart(part: .attention, input: plan.attentionInput, output: .attentionOut)]
    case .ffn: [SubmodulePart(part: .ffn, input: plan.ffnInput, output: .ffnOut)]
    case .norms:
      NormPlace.allCases.filter { plan.norm($0) != nil }.map {
        SubmodulePart(part: .norm($0), input: .normInput($0), output: .normOutput($0))
      }
    }
  }
}

extension BlockPlan {
  /// What attention reads.
  fileprivate var attentionInput: Site { attentionNorm == nil ? .residualIn : .normOutput(.attention) }

  /// What the feed-forward network reads.
  fileprivate var ffnInput: Site {
    if ffnNorm != nil { return .normOutput(.ffn) }
    // A parallel block without a norm of its own reads what attention reads (GPT-J).
    return residual == .parallel ? attentionInput : .residualMid
  }
}
