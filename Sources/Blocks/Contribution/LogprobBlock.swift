extension Block {
  /// `<<logprob curve|additivity "prompt">>`: why contributions are measured in log-probability.
  static let logprob = Block(
    "logprob", "probability against log-probability: along the way a vector is added, and of sums of parts",
    views: [LogprobCurveView(), LogprobAdditivityView()], takesDataset: false, bringsText: true,
    examples: [
      "<<logprob curve \"The capital of France is\">>", "<<logprob curve \"The capital of France is\" L11.N340>>",
      "<<logprob additivity \"The capital of France is\">>",
    ])
}
