import Charts
import Directives

extension Block {
  /// `<<heatmap r2 …>>`: how well one depth predicts another, by support-vector regression or by linear maps.
  static let heatmap = Block(
    "heatmap", "R² between the hidden states of two depths",
    prefix: ViewKeyword("r2", "coefficient of determination on test samples"),
    views: [StatisticsView(), DimensionsView(), MapsView()],
    examples: [
      "<<heatmap r2 mean>>", "<<heatmap r2 mean pairs=all>> <<heatmap r2 std pairs=all>>", "<<heatmap r2 dims>>",
      "<<heatmap r2 mean standardize=none>>", "<<heatmap r2 both position=random n=2000>>",
    ])
}

/// What every heatmap takes.
enum HeatmapKeys {
  static let palette = Key<Palette>.choice(
    "palette", among: [.viridis, .cividis], standard: .viridis, "colours"
  ).presentation
}

extension CellMatrix {
  /// Values at and below the diagonal do not exist: a depth does not predict itself or an earlier one.
  static func upperTriangle(_ rows: [[Double?]], keepingDiagonal: Bool = false) -> CellMatrix {
    var matrix = CellMatrix(rows).blankBelowDiagonal()
    if !keepingDiagonal { for index in 0..<matrix.rows { matrix[index, index] = .blank } }
    return matrix
  }
}
