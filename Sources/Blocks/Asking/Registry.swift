import Diagnostics
import Directives

/// The directives that are built: an unbuilt one is not accepted.
public struct Registry: Sendable {
  /// Directives that run an engine, in the order they are documented.
  public let blocks: [Block]

  public init(blocks: [Block]) { self.blocks = blocks }

  /// Every built directive.
  public static let standard = Registry(blocks: [
    .convergence, .smodel, .pca, .logitlens, .lens, .lambada, .wikitext, .heatmap, .paths, .redundancy, .precision,
    .surprisal, .earlyexit, .submodules, .alternation, .transfer, .predictions, .bypass, .distill, .generate,
    .contribution, .bsvalues, .vocab, .shift, .logprob, .influence, .neurons, .intervene, .memory, .knowledge, .plot,
    .table,
  ])

  /// The block of a directive's name.
  public func block(_ name: String) -> Block? { blocks.first { $0.schema.name == name } }

  /// What is wrong with a directive beyond its single keys.
  public func faults(of meaning: Bound) -> [Diagnostic] {
    guard let block = block(meaning.source.name) else { return [] }
    let own = block.faults(of: meaning.source)
    if case .quantity(let quantity) = meaning { return own + quantity.faults(in: block.shape(of: quantity.source)) }
    return own
  }

  /// What every directive takes, inline ones included.
  public var schemas: [DirectiveSchema] {
    blocks.map(\.schema) + [
      EquationCatalog.schema, InlineSchemas.value, InlineSchemas.expect, InlineSchemas.spark, InlineSchemas.ref,
    ]
  }
}
