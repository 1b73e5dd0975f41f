import Directives

extension Block {
  /// `<<lens entropy|kl|ce|rank|maxprob|logitdiff|transfer>>`: what each depth's state says when it is read as the last.
  static let lens = Block(
    "lens",
    "what each depth says when its state is read as if it were the last: entropy, distance to the end, surprise",
    views: [LensView(), LensTransferView()], bringsText: true,
    examples: [
      "<<lens kl>>", "<<lens entropy \"The capital of France is\">>", "<<lens ce unit=bits-per-byte as=table>>",
    ])

  /// `<<logitlens M "text">>`: the token each depth would say.
  static let logitlens = Block(
    "logitlens", "the most likely token at every depth and position of a text, with its probability",
    views: [LogitLensView()], bringsText: true,
    examples: [
      "<<logitlens \"The capital of France is\">>", "<<logitlens \"The capital of France is\" last=1 view=lines>>",
    ])
}
