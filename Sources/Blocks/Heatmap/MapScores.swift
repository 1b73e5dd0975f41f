import JSONText

/// The result of the linear maps between all depths: R² with the source depth as the row.
struct MapScores: Codable, Sendable {
  @OptionalField("R² of the fitted maps, [L+1][L+1], row = source depth; 1 on the diagonal, null below it")
  var mat: [[JSONNumber?]]? = nil
  @OptionalField("R² of the states as they are, likewise") var id: [[JSONNumber?]]? = nil
  @Field("target coordinates that do not vary on the test samples") var undefined = 0
  @Field("whether there were fewer training samples than dimensions") var minimumNorm = false
}

extension MapScores {
  /// What a view shows: one lens of the two, or both.
  init(_ keyword: String?, mat: [[Double?]], id: [[Double?]], undefined: Int, minimumNorm: Bool) {
    self.init(
      mat: keyword == "id" ? nil : Self.rows(mat), id: keyword == "mat" ? nil : Self.rows(id), undefined: undefined,
      minimumNorm: minimumNorm)
  }

  /// 1 on the diagonal, by definition and so without a fraction.
  private static func rows(_ values: [[Double?]]) -> [[JSONNumber?]] {
    values.enumerated().map { source, row in
      row.enumerated().map { target, value in source == target ? 1 : value.flatMap { JSONNumber($0) } }
    }
  }
}

extension Shown<MapScores> {
  /// The numbers of one lens; nil where the view does not have it.
  func scores(_ lens: KeyPath<MapScores, [[JSONNumber?]]?>) -> [[Double?]]? {
    result[keyPath: lens]?.map { $0.map { $0?.asDouble } }
  }
}
