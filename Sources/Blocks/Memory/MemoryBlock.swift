import Directives

extension Block {
  /// `<<memory VIEW>>`: feed-forward layers as key-value memories.
  static let memory = Block(
    "memory",
    "feed-forward layers as memories: what lights their neurons, what their values say, what becomes of it",
    views: [
      MemoryTriggersView(), MemoryPatternsView(), MemoryAblationView(), MemoryValueView(), MemoryAgreementView(),
      MemoryRankView(), MemoryMaxprobView(), MemoryPredictiveView(), MemoryActiveView(), MemoryCompositionView(),
      MemoryDominantView(), MemoryResidualView(), MemoryConfidenceView(), MemoryCasesView(), MemoryLastLayerView(),
    ],
    examples: [
      "<<memory triggers L6.N254 top=25>>", "<<memory value L11.N88>>", "<<memory agreement sign=signed>>",
      "<<memory cases norm=none>>",
    ])
}

/// A view of the neurons of feed-forward layers over the prefixes of a corpus.
protocol MemoryView: View {}

extension MemoryView {
  func needs(_: BoundDirective) -> ModelNeeds { [.head, .sum, .causal] }
}
