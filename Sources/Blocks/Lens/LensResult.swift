import Analyses
import JSONText

#if canImport(Glibc)
  import Glibc
#endif

/// One lens quantity at every depth.
struct LensResult: Codable, Sendable {
  @Field("mean over positions at every depth, [L + 1]; in bits per byte where the unit says so") var mean: [Double?] =
    []
  @Field("lower quartile, median and upper quartile over positions at every depth, [L + 1][3], never per byte")
  var quartiles: [[Double?]] = []
  @Field("positions that were read") var positions = 0
  @OptionalField("UTF-8 bytes of the texts; where a dataset was read as it is") var bytes: Int? = nil
  @OptionalField("the value at every depth and position, [L + 1][columns]; where the directive brings a text")
  var values: [[Double?]]? = nil
  @OptionalField("the tokens of the text, [columns]") var tokens: [String]? = nil
  @OptionalField("for logitdiff, the two tokens compared at each position, [columns][2]") var pairs: [[String]]? = nil
  @OptionalField("for lens=mat, the mean over the same states read as they are, [L + 1]") var control: [Double?]? = nil
}

extension LensResult {
  /// Of one text: values by depth and position.
  init(_ values: [[Double?]]) {
    let curve = DepthCurve(values)
    self.init(mean: curve.mean, quartiles: curve.quartiles, positions: values.first?.count ?? 0, values: values)
  }

  /// Of a dataset.
  init(_ summary: LensSummary, _ quantity: LensQuantity, unit: LensUnit) throws {
    guard let curve = summary.curves[quantity.rawValue] else { throw EngineError.unreadable("lens readings") }
    var mean = curve.mean
    if unit == .bitsPerByte, let bytes = summary.bytes {
      mean = mean.map { $0.map { $0 * Double(summary.positions) / log(2.0) / Double(bytes) } }
    }
    self.init(
      mean: mean, quartiles: curve.quartiles, positions: summary.positions, bytes: summary.bytes,
      control: summary.control?[quantity.rawValue]?.mean)
  }
}
