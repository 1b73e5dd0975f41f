internal import CKernels

/// Attention of some positions of a short text over all its positions, and back, on the calling thread.
///
/// Rows hold all heads side by side. Made for texts of a few words, where a product of matrices costs more in calls than in
/// arithmetic. The same bits on every processor.
public struct ShortAttention: Sendable {
  /// H and d_h; keys and values have as many heads.
  public let heads, headWidth: Int
  /// What scores are multiplied by.
  public let scale: Float
  /// Positions of a text.
  public let length: Int
  /// Numbers from one row of queries, keys or values to the next, and of their gradients.
  public let stride: Int

  /// Attention over texts of one length.
  public init(heads: Int, headWidth: Int, scale: Float, length: Int, stride: Int) {
    (self.heads, self.headWidth, self.scale) = (heads, headWidth, scale)
    (self.length, self.stride) = (length, stride)
  }

  /// Where the rows of a text begin: the queries that are asked, and all keys and values.
  public typealias Place<Pointer> = (queries: Pointer, keys: Pointer, values: Pointer)

  /// z [count, H · d_h] ← the weighted values of `count` queries; `patterns` [H, count, length] keeps the weights.
  public func apply(
    _ place: Place<UnsafePointer<Float>>, queries count: Int, patterns: UnsafeMutablePointer<Float>,
    to z: UnsafeMutablePointer<Float>
  ) {
    lb_attend(
      place.queries, stride, count, place.keys, place.values, stride, length, heads, headWidth, scale, patterns, z)
  }

  /// Writes the gradients of queries, keys and values for the gradient `dz` of the weighted values.
  public func backward(
    _ place: Place<UnsafePointer<Float>>, queries count: Int, patterns: UnsafePointer<Float>, dz: UnsafePointer<Float>,
    to gradient: Place<UnsafeMutablePointer<Float>>
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count * length) { scores in
      guard let scores = scores.baseAddress else { return }
      lb_attend_backward(
        place.queries, stride, count, place.keys, place.values, stride, length, heads, headWidth, scale, patterns, dz,
        scores, gradient.queries, gradient.keys, gradient.values)
    }
  }
}
