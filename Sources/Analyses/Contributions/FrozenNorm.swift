import Tensors
import Transformers

/// A norm with the scale it had at one position, which makes it linear but for its bias: g · c(x) / s + β, where c takes
/// the mean away (LayerNorm) or nothing (RMSNorm).
struct FrozenNorm: Sendable {
  /// g, [d]; nil for ones.
  private let gain: [Float]?
  private let centres: Bool
  private let scale: Double
  /// β, [d]; nil for none.
  let bias: [Float]?

  /// Nothing at all: x stays x.
  static let none = FrozenNorm(gain: nil, bias: nil, centres: false, scale: 1)

  init(gain: [Float]?, bias: [Float]?, centres: Bool, scale: Double) {
    (self.gain, self.bias, self.centres, self.scale) = (gain, bias, centres, scale)
  }

  /// The norm at a place of a block; nothing where there is none.
  init(_ place: NormPlace, of plan: BlockPlan, _ parameters: BlockParameters, scale: Float?) {
    self.init(place, of: plan, parameters.norms[place], scale: scale)
  }

  /// The norm at a place of a block, out of its parameters.
  init(_ place: NormPlace, of plan: BlockPlan, _ norm: BlockParameters.Norm?, scale: Float?) {
    guard let plan = plan.norm(place), let norm, let scale else {
      self = .none
      return
    }
    self.init(gain: norm.gain, bias: norm.bias, centres: plan.kind == .layerNorm, scale: Double(scale))
  }

  /// The gain alone: g · x.
  var gainAlone: FrozenNorm { FrozenNorm(gain: gain, bias: nil, centres: false, scale: 1) }

  /// g · c(x) / s of every row, without β.
  func applied(to vectors: Matrix) -> Matrix {
    guard let gain else { return vectors }
    var result = vectors
    for row in 0..<vectors.rows {
      let x = vectors.row(row)
      let mean = centres ? x.reduce(0) { $0 + Double($1) } / Double(x.count) : 0
      result.setRow(row, zip(x, gain).map { Float((Double($0) - mean) / scale) * $1 })
    }
    return result
  }

  /// The y for which ⟨k, g · c(x) / s⟩ = ⟨y, x⟩ for every x.
  func pulledBack(_ key: [Double]) -> [Double] {
    guard let gain else { return key }
    let scaled = zip(key, gain).map { $0 * Double($1) / scale }
    let mean = centres ? scaled.reduce(0, +) / Double(scaled.count) : 0
    return scaled.map { $0 - mean }
  }
}
