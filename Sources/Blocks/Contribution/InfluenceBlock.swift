extension Block {
  /// `<<influence layers L28.N29 "prompt">>` and `<<influence neurons "prompt">>`: what feeds a unit.
  static let influence = Block(
    "influence", "what lower parts of the stream feed an upper unit, by inner products with its key",
    views: [InfluenceLayersView(), InfluenceNeuronsView()], takesDataset: false, bringsText: true,
    examples: [
      "<<influence layers L11.N340 \"The capital of France is\">>",
      "<<influence neurons \"The capital of France is\" as=table>>",
    ])
}
