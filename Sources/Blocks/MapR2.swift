import Directives
import JSONText
import Regression

/// R² of linear maps between all pairs of depths, and of the states as they are.
enum MapR2 {
  /// The result of `heatmap r2 mat|id|both|diff`: rows are source depths.
  static func result(of bound: BoundDirective, _ split: SplitStates) throws -> JSONObject {
    let view = HeatmapBlock.view(bound)
    let options = LinearMapOptions(intercept: bound.bool("intercept"), ridge: bound.double("ridge") ?? 0)
    let pairs = try LinearMaps.pairwiseR2(train: split.train, test: split.test, options: options)
    var result = JSONObject()
    if view != "id" { result["mat"] = rows(pairs.map) }
    if view != "mat" { result["id"] = rows(pairs.identity) }
    result["undefined"] = .int(pairs.undefinedCoordinates.dropFirst().reduce(0, +))
    result["minimum_norm"] = .bool(view != "id" && pairs.methods.contains(.minimumNorm))
    return result
  }

  /// 1 on the diagonal, nothing below it.
  private static func rows(_ values: [[Double?]]) -> JSONValue {
    .array(
      values.enumerated().map { source, row in
        .array(row.enumerated().map { target, value in source == target ? .int(1) : .double(value) })
      })
  }
}
