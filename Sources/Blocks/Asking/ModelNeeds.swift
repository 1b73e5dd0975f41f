import Directives
import Transformers

/// What a view needs of a model beyond its states.
public struct ModelNeeds: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The unembedding, and with it a checkpoint.
  public static let head = ModelNeeds(rawValue: 1)
  /// A model in which no position sees later ones: what follows is to be predicted.
  public static let causal = ModelNeeds(rawValue: 2)
  /// A residual stream that is a sum of what its blocks wrote: norms that come before a block's parts.
  public static let sum = ModelNeeds(rawValue: 4)
}

extension Subject {
  /// Stops where the model can never give what a directive needs; reads its configuration and the names of its tensors.
  ///
  /// - Throws: `Misfit`; or the error of a checkpoint that cannot be read.
  func requireFit(_ view: some View, of bound: BoundDirective) throws {
    let needs = view.needs(bound)
    guard !needs.isEmpty else { return }
    let (name, directive) = (entry.name, "<<\(bound.name)>>")
    guard hasCheckpoint else {
      throw Misfit(
        "\(directive) needs the model's head, and '\(name)' has captured states but no checkpoint",
        hint: "add path: to its entry in the book", at: .model(name))
    }
    let configuration = try model().configuration
    if needs.contains(.head), !configuration.hasHead {
      throw Misfit(
        "\(directive) needs the model's head, and the checkpoint of '\(name)' has none",
        hint: "name a checkpoint with its unembedding, such as one saved by a ForCausalLM or ForMaskedLM class",
        at: .model(name))
    }
    if needs.contains(.causal), configuration.isBidirectional {
      throw Misfit(
        "\(directive) scores the token that follows, and '\(name)' is a masked model", hint: "ask a decoder",
        at: .model(name))
    }
    if needs.contains(.sum), configuration.isPostNorm {
      throw Misfit(
        "\(directive) takes the residual stream apart into a sum, and '\(name)' norms after each addition",
        hint: "ask a model whose norms come first", at: .model(name))
    }
    try view.requireFit(bound, named: name, in: configuration)
  }
}

extension BoundDirective {
  /// Stops where a model has no such unit as the settings name.
  func requireUnits(in configuration: ModelConfiguration) throws(Misfit) {
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      guard case .unit(let unit) = value else { continue }
      do { _ = try unit.streamUnit(in: configuration) } catch { throw Misfit("\(error)", at: .setting(key)) }
    }
  }
}
