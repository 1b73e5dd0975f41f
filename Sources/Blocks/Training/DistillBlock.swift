import Directives

extension Block {
  /// `<<distill loss|weights|train M>>`: states that are trained to settle.
  static let distill = Block(
    "distill", "self-distillation: its loss layer by layer, its weights, and a model before and after",
    views: [DistillLossView(), DistillWeightsView(), DistillTrainView()],
    examples: [
      "<<distill loss>>", "<<distill diagram>>", "<<distill loss atlas-gpt2 vs=atlas-llama n=100 kl=reverse>>",
      "<<distill weights gamma=0.5>>",
      "<<distill train steps=50>>",
    ])
}
