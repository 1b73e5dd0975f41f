extension Block {
  /// `<<contribution layers|heads|positions|neurons|attn-neurons "prompt">>`: where a prediction comes from.
  static let contribution = Block(
    "contribution", "the residual stream behind one prediction, taken apart by layer, head, position or neuron",
    views: [
      ContributionLayersView(), ContributionHeadsView(), ContributionPositionsView(), ContributionNeuronsView(),
    ],
    takesDataset: false,
    examples: [
      "<<contribution layers \"The capital of France is\">>",
      "<<contribution heads \"The capital of France is\" target=\" Paris\" contrast=\" Berlin\">>",
      "<<contribution positions \"The capital of France is\" L4.H3>>",
      "<<contribution neurons \"The capital of France is\" top=5 as=table>>",
      "<<contribution attn-neurons \"The capital of France is\" top=5 as=table>>",
    ])
}
