import Analyses
import JSONText

/// The result of early exit through both lenses.
struct ExitResult: Codable, Sendable {
  /// One lens.
  struct Lens: Codable, Sendable {
    @Field("mean blocks run at the wanted agreement") var layers = 0.0
    @Field("share of blocks saved, 1 - layers / L") var saved = 0.0
    @Field("share of multiply-adds saved when every exit test is charged; may be negative") var savedNet = 0.0
    @Field("the exit rule, one entry for each λ") var curve: [Point] = []
    @Field("every sample leaving after the same block, one entry for each state") var fixed: [Fixed] = []
  }

  /// One setting of the exit rule.
  struct Point: Codable, Sendable {
    @Field("the rule's λ") var lambda = 0.0
    @Field("mean blocks run") var layers = 0.0
    @Field("share of agreement with the full model") var precision = 0.0
  }

  /// Every sample leaving at one state.
  struct Fixed: Codable, Sendable {
    @Field("the state's index") var layer = 0
    @Field("share of agreement with the full model") var precision = 0.0
  }

  @Field("through maps fitted to the last state") var mat = Lens()
  @Field("reading the state as it is") var id = Lens()
  @Field("saved by mat less saved by id, in percentage points") var difference = 0.0
  @Field("the wanted share of agreement") var target = 0.0
  @Field("whether there were fewer training samples than dimensions") var minimumNorm = false
}

extension ExitResult {
  init(mat: EarlyExit, id: EarlyExit, target: Double, minimumNorm: Bool) {
    self.init(
      mat: Lens(mat), id: Lens(id), difference: 100 * (mat.saved - id.saved), target: target, minimumNorm: minimumNorm)
  }

  /// A result of the usual shape.
  static var example: ExitResult {
    let lens = Lens(
      layers: 1.5, saved: 0.25, savedNet: 0.2, curve: [Point(lambda: 0.5, layers: 1.5, precision: 0.95)],
      fixed: [Fixed(layer: 0, precision: 0.1), Fixed(layer: 1, precision: 0.8), Fixed(layer: 2, precision: 1)])
    return ExitResult(mat: lens, id: lens, difference: 0, target: 0.95)
  }
}

extension ExitResult.Lens {
  init(_ exit: EarlyExit) {
    self.init(
      layers: exit.layers, saved: exit.saved, savedNet: exit.savedNet,
      curve: exit.curve.points.map { .init(lambda: $0.lambda, layers: $0.layers, precision: $0.precision) },
      fixed: exit.curve.fixed.enumerated().map { .init(layer: $0.offset, precision: $0.element) })
  }
}
