internal import CKernels

/// A matrix of weights laid out for products of many rows with it: panels of 32 columns, rows of each panel side by side.
///
/// Every element of a product is a chain of fused multiply-adds in the order of the inner index, or the sum of several
/// where that is long. No other row has a part in its rounding, so neither the number of rows nor that of threads changes
/// a bit, nor does the processor.
public final class PanelMatrix: @unchecked Sendable {
  // Written once, by its initialiser.
  private let panels: UnsafeMutablePointer<Float>
  private let inner: Int
  private let columns: Int

  /// Rows that one thread takes where several share a product: some tiles of the kernels, and few enough to stay near.
  private static let part = 56

  /// Lays out B [inner, columns], rows `stride` apart, or, transposed, what is stored as [columns, inner].
  public init(_ b: UnsafePointer<Float>, inner: Int, columns: Int, stride: Int, transposed: Bool) {
    (self.inner, self.columns) = (inner, columns)
    let count = (columns + 31) / 32
    let bytes = max(1, count * inner * 32) * MemoryLayout<Float>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    let panels = memory.bindMemory(to: Float.self, capacity: max(1, count * inner * 32))
    self.panels = panels
    Compute.parallelFor(count: count, chunk: max(1, 16384 / max(inner, 1)), multiplies: false) { part in
      lb_panels(b, inner, columns, stride, transposed ? 1 : 0, part.lowerBound, part.upperBound, panels)
    }
  }

  deinit { UnsafeMutableRawPointer(panels).deallocate() }

  /// c ← a B + bias + addend.
  ///
  /// - Parameters:
  ///   - a: [rows, inner], rows `stride` apart.
  ///   - bias: One number to a column.
  ///   - addend: [rows, columns], rows `stride` apart; may be `c` itself.
  ///   - c: [rows, columns], rows `stride` apart; must not overlap `a`.
  public func multiply(
    _ a: (pointer: UnsafePointer<Float>, stride: Int), rows: Int, bias: UnsafePointer<Float>? = nil,
    adding addend: (pointer: UnsafePointer<Float>, stride: Int)? = nil,
    to c: (pointer: UnsafeMutablePointer<Float>, stride: Int)
  ) {
    let part = Compute.isAlone ? max(rows, 1) : Self.part
    Compute.parallelFor(count: rows, chunk: part, multiplies: false) { part in
      let first = part.lowerBound
      lb_panel_product(
        a.pointer + first * a.stride, a.stride, part.count, panels, columns, inner, bias,
        addend.map { $0.pointer + first * $0.stride }, addend?.stride ?? 0, c.pointer + first * c.stride, c.stride)
    }
  }
}
