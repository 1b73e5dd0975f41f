extension Block {
  /// `<<knowledge …>>`: whether single neurons hold facts.
  static let knowledge = Block(
    "knowledge", "the feed-forward neurons that the answers of facts rest on, what they do and what changing them does",
    views: [
      KnowledgeAttributionView(), KnowledgeNeuronsView(), KnowledgePromptsView(), KnowledgeActivationView(),
      KnowledgeStatsView(), KnowledgeDistributionView(), KnowledgeEffectView(), KnowledgeUpdateView(),
      KnowledgeEraseView(), KnowledgeSeenView(),
    ],
    standardDataset: "facts",
    examples: [
      "<<knowledge attribution \"capital/France\">>",
      "<<knowledge attribution \"The capital of France is\" target=\" Paris\">>",
      "<<knowledge neurons \"capital/France\">>", "<<knowledge prompts \"capital/France\">>",
      "<<knowledge activation relations=capital,continent>>", "<<knowledge stats>>", "<<knowledge distribution>>",
      "<<knowledge suppress>>", "<<knowledge amplify as=table>>", "<<knowledge update \"capital/France\" \"Baghdad\">>",
      "<<knowledge erase \"capital\">>", "<<knowledge seen corpus=atlas>>",
    ])
}
