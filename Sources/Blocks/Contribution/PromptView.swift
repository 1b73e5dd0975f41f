import Directives
import JSONText

/// A view of one prompt that the directive brings, read through the head frozen to the prompt's last state.
protocol PromptView: View {}

extension PromptView {
  var constants: JSONObject { ["norm": "frozen"] }
  func readsDataset(_: BoundDirective) -> Bool { false }
  func needs(_: BoundDirective) -> ModelNeeds { [.head, .sum] }
  func idleKeys(of bound: BoundDirective) -> [String] { PredictionKeys.idle(in: bound) }
}
