import Analyses

/// Savings at 95% agreement that the study reports for its own models: marks to compare with, never results of ours.
///
/// Source: Yom Din and others, "Jump to conclusions: short-cutting transformers with linear transformations" (2024). Its
/// abstract gives the differences of the lenses, 7.9 and 5.4 percentage points; the savings agree with them.
struct PublishedExit {
  /// The model, with its depth.
  var model: String
  /// The lens.
  var lens: Lens
  /// Share of blocks saved.
  var saved: Double

  /// The agreement at which they were saved.
  static let target = 0.95

  static let all = [
    PublishedExit(model: "GPT-2 (24)", lens: .mat, saved: 0.138),
    PublishedExit(model: "GPT-2 (24)", lens: .id, saved: 0.059),
    PublishedExit(model: "BERT (24)", lens: .mat, saved: 0.2),
    PublishedExit(model: "BERT (24)", lens: .id, saved: 0.146),
  ]
}
