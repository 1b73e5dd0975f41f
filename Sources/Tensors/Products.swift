internal import Glibc

/// Returns op(A) · op(B), where op transposes when asked to.
///
/// - Parameters:
///   - a: `[m, k]`, or `[k, m]` when `transposeA`.
///   - b: `[k, n]`, or `[n, k]` when `transposeB`.
/// - Returns: `[m, n]`.
public func multiply<Element: MatrixElement>(
  _ a: DenseMatrix<Element>, _ b: DenseMatrix<Element>, transposeA: Bool = false, transposeB: Bool = false
) -> DenseMatrix<Element> {
  let shape = productShape(a, b, transposeA, transposeB)
  return DenseMatrix(rows: shape.m, columns: shape.n) { c in
    a.withUnsafePointer { a0 in
      b.withUnsafePointer { b0 in
        Products.gemm(
          transposeA: transposeA, transposeB: transposeB, m: shape.m, n: shape.n, k: shape.k, a: a0, lda: a.columns,
          b: b0, ldb: b.columns, c: c, ldc: shape.n)
      }
    }
  }
}

/// Computes C = scale · op(A) · op(B) + keep · C in place.
///
/// - Parameters:
///   - a: `[m, k]`, or `[k, m]` when `transposeA`.
///   - b: `[k, n]`, or `[n, k]` when `transposeB`.
///   - c: `[m, n]`.
///   - keep: factor of the old contents: 0 overwrites (whatever was there, NaN included), 1 accumulates.
public func multiply<Element: MatrixElement>(
  _ a: DenseMatrix<Element>, _ b: DenseMatrix<Element>, transposeA: Bool = false, transposeB: Bool = false,
  scale: Element = 1, into c: inout DenseMatrix<Element>, keep: Element = 0
) {
  let shape = productShape(a, b, transposeA, transposeB)
  precondition(
    c.rows == shape.m && c.columns == shape.n,
    "product [\(shape.m), \(shape.n)] does not fit in [\(c.rows), \(c.columns)]")
  let width = c.columns
  c.withUnsafeMutablePointer { c0 in
    a.withUnsafePointer { a0 in
      b.withUnsafePointer { b0 in
        Products.gemm(
          transposeA: transposeA, transposeB: transposeB, m: shape.m, n: shape.n, k: shape.k, scale: scale, a: a0,
          lda: a.columns, b: b0, ldb: b.columns, keep: keep, c: c0, ldc: width)
      }
    }
  }
}

/// Returns the Gram matrix A · Aᵀ (`[rows, rows]`), or Aᵀ · A (`[columns, columns]`), with both triangles filled.
public func gram<Element: MatrixElement>(
  _ a: DenseMatrix<Element>, ofColumns: Bool = false
) -> DenseMatrix<Element> {
  let (n, k) = ofColumns ? (a.columns, a.rows) : (a.rows, a.columns)
  return DenseMatrix(rows: n, columns: n) { c in
    a.withUnsafePointer { Products.gram(ofColumns: ofColumns, n: n, k: k, a: $0, lda: a.columns, c: c, ldc: n) }
  }
}

/// Returns A · x, or Aᵀ · x when `transposed`.
public func multiply<Element: MatrixElement>(
  _ a: DenseMatrix<Element>, _ x: [Element], transposed: Bool = false
) -> [Element] {
  precondition(x.count == (transposed ? a.rows : a.columns), "a vector of \(x.count) for [\(a.rows), \(a.columns)]")
  let product = multiply(
    DenseMatrix(rows: 1, columns: x.count, values: x), a, transposeB: !transposed)
  return product.values
}

private func productShape<Element>(
  _ a: DenseMatrix<Element>, _ b: DenseMatrix<Element>, _ transposeA: Bool, _ transposeB: Bool
) -> (m: Int, n: Int, k: Int) {
  let (m, inner) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
  let (k, n) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
  precondition(inner == k, "cannot multiply [\(m), \(inner)] by [\(k), \(n)]")
  return (m, n, k)
}

/// Products over raw rows, for code that works on parts of matrices.
///
/// Each is split into panels whose shape follows from the sizes alone, one thread to a panel.
public enum Products {
  /// Computes C = scale · op(A) · op(B) + keep · C.
  ///
  /// - Parameters:
  ///   - a: op(A) is `[m, k]`; rows of A as stored are `lda` elements apart.
  ///   - b: op(B) is `[k, n]`; rows of B as stored are `ldb` elements apart.
  ///   - c: `[m, n]`, rows `ldc` elements apart; it must not overlap A or B.
  ///   - keep: factor of the old contents; 0 overwrites.
  ///   - fillsTiles: whether rows that fill no tile of BLAS' kernels are computed in one that is filled up with zeros, so
  ///     that a row rounds the same whatever number of rows stands below it. A is not transposed then.
  ///   - part: where the rows of A stand in a larger matrix, if they are to round as they do there; A is then not
  ///     transposed, and `keep` is 0.
  public static func gemm<Element: MatrixElement>(
    transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, scale: Element = 1,
    a: UnsafePointer<Element>, lda: Int, b: UnsafePointer<Element>, ldb: Int, keep: Element = 0,
    c: UnsafeMutablePointer<Element>, ldc: Int, fillsTiles: Bool = false, part: RowPart? = nil
  ) {
    guard m > 0, n > 0 else { return }
    if let part, part.whole != m, k > 0 {
      precondition(!transposeA && keep == 0 && part.first + m <= part.whole, "rows that are no part of a product")
      return gemm(part, fillsTiles, transposeB, m, n, k, scale, a, lda, b, ldb, c, ldc)
    }
    if k == 0 {
      for row in 0..<m {
        for column in 0..<n { c[row * ldc + column] = keep == 0 ? 0 : keep * c[row * ldc + column] }
      }
      return
    }
    if m == 1 && (!transposeA || lda == 1) {
      return gemv(transposeB: transposeB, n: n, k: k, scale: scale, x: a, b: b, ldb: ldb, keep: keep, y: c)
    }
    let grid = PanelGrid(m: m, n: n, k: k, keepsColumns: fillsTiles)
    Compute.parallelFor(count: grid.count) { index in
      let (rows, columns) = grid.panel(index)
      let a0 = a + (transposeA ? rows.lowerBound : rows.lowerBound * lda)
      let b0 = b + (transposeB ? columns.lowerBound * ldb : columns.lowerBound)
      let c0 = c + rows.lowerBound * ldc + columns.lowerBound
      panel(fillsTiles, transposeA, transposeB, rows.count, columns.count, k, scale, a0, lda, b0, ldb, keep, c0, ldc)
    }
  }

  /// A panel of a product on one thread.
  private static func panel<Element: MatrixElement>(
    _ fillsTiles: Bool, _ transposeA: Bool, _ transposeB: Bool, _ rows: Int, _ n: Int, _ k: Int, _ scale: Element,
    _ a: UnsafePointer<Element>, _ lda: Int, _ b: UnsafePointer<Element>, _ ldb: Int, _ keep: Element,
    _ c: UnsafeMutablePointer<Element>, _ ldc: Int
  ) {
    let whole = fillsTiles ? rows / tileRows * tileRows : rows
    if whole > 0 { Element.gemm(transposeA, transposeB, whole, n, k, scale, a, lda, b, ldb, keep, c, ldc) }
    guard whole < rows else { return }
    filled(transposeB, rows - whole, n, k, scale, a + whole * lda, lda, b, ldb, keep, c + whole * ldc, ldc)
  }

  /// A product of some rows of a larger one: its panels that hold them, with zeros in the place of all other rows.
  private static func gemm<Element: MatrixElement>(
    _ part: RowPart, _ fillsTiles: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ scale: Element,
    _ a: UnsafePointer<Element>, _ lda: Int, _ b: UnsafePointer<Element>, _ ldb: Int,
    _ c: UnsafeMutablePointer<Element>, _ ldc: Int
  ) {
    let grid = PanelGrid(m: part.whole, n: n, k: k, keepsColumns: fillsTiles)
    Compute.parallelFor(count: grid.count) { index in
      let (rows, columns) = grid.panel(index)
      let own = rows.clamped(to: part.first..<part.first + m)
      guard !own.isEmpty else { return }
      let b0 = b + (transposeB ? columns.lowerBound * ldb : columns.lowerBound)
      let (a0, c0) = (a + (own.lowerBound - part.first) * lda, c + (own.lowerBound - part.first) * ldc)
      let (height, width, above) = (rows.count, columns.count, own.lowerBound - rows.lowerBound)
      withUnsafeTemporaryAllocation(of: Element.self, capacity: height * (k + width)) { memory in
        guard let tile = memory.baseAddress else { return }
        let result = tile + height * k
        memset(tile, 0, height * k * MemoryLayout<Element>.stride)
        for row in 0..<own.count { (tile + (above + row) * k).update(from: a0 + row * lda, count: k) }
        panel(fillsTiles, false, transposeB, height, width, k, scale, tile, k, b0, ldb, 0, result, width)
        for row in 0..<own.count {
          (c0 + row * ldc + columns.lowerBound).update(from: result + (above + row) * width, count: width)
        }
      }
    }
  }

  /// Rows of a multiple of which no kernel of OpenBLAS' treats the last ones in a way of their own: theirs are 4, 12 and
  /// 16 rows high.
  ///
  /// Which of the rows of a tile one is can matter all the same.
  public static let tileRows = 24

  /// A product of a few rows, computed as one of a whole tile.
  private static func filled<Element: MatrixElement>(
    _ transposeB: Bool, _ rows: Int, _ n: Int, _ k: Int, _ scale: Element, _ a: UnsafePointer<Element>, _ lda: Int,
    _ b: UnsafePointer<Element>, _ ldb: Int, _ keep: Element, _ c: UnsafeMutablePointer<Element>, _ ldc: Int
  ) {
    withUnsafeTemporaryAllocation(of: Element.self, capacity: tileRows * (k + n)) { memory in
      guard let tile = memory.baseAddress else { return }
      let (result, empty) = (tile + tileRows * k, tileRows - rows)
      // By bytes: to a generic function a number is something to be copied one by one.
      memset(tile + rows * k, 0, empty * k * MemoryLayout<Element>.stride)
      if keep != 0 { memset(result + rows * n, 0, empty * n * MemoryLayout<Element>.stride) }
      for row in 0..<rows {
        (tile + row * k).update(from: a + row * lda, count: k)
        if keep != 0 { (result + row * n).update(from: c + row * ldc, count: n) }
      }
      Element.gemm(false, transposeB, tileRows, n, k, scale, tile, k, b, ldb, keep, result, n)
      for row in 0..<rows { (c + row * ldc).update(from: result + row * n, count: n) }
    }
  }

  /// Computes the Gram matrix C = A · Aᵀ of `n` rows of width `k`, or Aᵀ · A of `n` columns of height `k`.
  ///
  /// Both triangles are written and are equal bit for bit.
  public static func gram<Element: MatrixElement>(
    ofColumns: Bool = false, n: Int, k: Int, a: UnsafePointer<Element>, lda: Int, c: UnsafeMutablePointer<Element>,
    ldc: Int
  ) {
    guard n > 0 else { return }
    guard k > 0 else { return gemm(m: n, n: n, k: 0, a: a, lda: lda, b: a, ldb: lda, c: c, ldc: ldc) }
    let blocks = n * n * k > 1 << 22 ? max(3, (n + 319) / 320) : 1
    let side = (((n + blocks - 1) / blocks) + 15) / 16 * 16
    let starts = Array(stride(from: 0, to: n, by: side))
    // Off-diagonal blocks cost twice as much as diagonal ones and go first.
    var pairs: [(Int, Int)] = []
    for row in starts { for column in starts where column < row { pairs.append((row, column)) } }
    for start in starts { pairs.append((start, start)) }
    Compute.parallelFor(count: pairs.count) { index in
      let (row, column) = pairs[index]
      let (height, width) = (min(side, n - row), min(side, n - column))
      let a0 = a + (ofColumns ? row : row * lda)
      let c0 = c + row * ldc + column
      if row == column {
        Element.syrk(ofColumns, height, k, a0, lda, c0, ldc)
      } else {
        let b0 = a + (ofColumns ? column : column * lda)
        Element.gemm(ofColumns, !ofColumns, height, width, k, 1, a0, lda, b0, lda, 0, c0, ldc)
      }
    }
    mirrorLower(n: n, c, ldc)
  }

  /// Copies the lower triangle of a square matrix to the upper one.
  static func mirrorLower<Element: MatrixElement>(n: Int, _ c: UnsafeMutablePointer<Element>, _ ldc: Int) {
    let block = 32
    Compute.parallelFor(count: n, chunk: 256) { part in
      for rowStart in stride(from: part.lowerBound, to: part.upperBound, by: block) {
        for columnStart in stride(from: 0, to: rowStart + block, by: block) {
          for r in rowStart..<min(rowStart + block, part.upperBound) {
            for q in columnStart..<min(columnStart + block, r) { c[q * ldc + r] = c[r * ldc + q] }
          }
        }
      }
    }
  }

  /// y (n) = scale · op(B)ᵀ x + keep · y for one row x (k): BLAS is slow at products of height one.
  private static func gemv<Element: MatrixElement>(
    transposeB: Bool, n: Int, k: Int, scale: Element, x: UnsafePointer<Element>, b: UnsafePointer<Element>, ldb: Int,
    keep: Element, y: UnsafeMutablePointer<Element>
  ) {
    let chunk = max(64, (1 << 18) / k / 16 * 16)
    Compute.parallelFor(count: n, chunk: chunk) { part in
      if transposeB {
        Element.gemv(false, part.count, k, scale, b + part.lowerBound * ldb, ldb, x, keep, y + part.lowerBound)
      } else {
        Element.gemv(true, k, part.count, scale, b + part.lowerBound, ldb, x, keep, y + part.lowerBound)
      }
    }
  }
}

/// How a product of `[m, k]` by `[k, n]` is split into panels of its result: by the sizes alone.
///
/// Panels of about 384 × 1024 run at full speed on one thread; a product worth sharing gets at least four.
struct PanelGrid {
  let m: Int
  let n: Int
  let height: Int
  let width: Int

  /// - Parameter keepsColumns: whether the number of rows has no part in where columns are split, since the columns beside
  ///   one decide how it rounds.
  init(m: Int, n: Int, k: Int, keepsColumns: Bool = false) {
    self.m = m
    self.n = n
    // Where rows cannot be split any further columns still must be enough for some threads.
    let widest = keepsColumns ? 512 : 1024
    var (rowParts, columnParts) = ((m + 383) / 384, (n + widest - 1) / widest)
    let wanted = min(4, Int(Double(m) * Double(n) * Double(k) / 2e6))
    let mostRowParts = keepsColumns ? max(rowParts, (m + 47) / 48) : Int.max
    while rowParts * columnParts < wanted, rowParts < mostRowParts {
      if keepsColumns || m / rowParts >= n / columnParts { rowParts += 1 } else { columnParts += 1 }
    }
    height = ((m + rowParts - 1) / rowParts + 47) / 48 * 48
    width = ((n + columnParts - 1) / columnParts + 15) / 16 * 16
  }

  var count: Int { ((m + height - 1) / height) * ((n + width - 1) / width) }

  func panel(_ index: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let across = (n + width - 1) / width
    let (row, column) = (index / across * height, index % across * width)
    return (row..<min(row + height, m), column..<min(column + width, n))
  }
}
