/// The activation of some neurons, each counted with the sign it has on prompts of their own.
///
/// A gated network's neuron may speak by a negative coefficient as well as by a positive one.
public struct AlignedActivation: Sendable {
  /// The neurons.
  public let units: [StreamUnit]
  /// 1 or −1 for each.
  private let signs: [Float]

  /// Takes the signs from prompts of the neurons' own, mean over prompts.
  ///
  /// - Parameter activations: [prompts][units].
  public init(_ units: [StreamUnit], own activations: [[Float]]) {
    self.units = units
    signs = units.indices.map { place in
      activations.reduce(Float(0)) { $0 + $1[place] } < 0 ? -1 : 1
    }
  }

  /// The mean over the neurons for one prompt; nil without any.
  ///
  /// - Parameter activations: [units].
  public func mean(_ activations: [Float]) -> Double? {
    guard !units.isEmpty else { return nil }
    return zip(signs, activations).reduce(0.0) { $0 + Double($1.0 * $1.1) } / Double(units.count)
  }
}
