import Tensors

/// A place inside a pre-norm block where an activation [positions, d] can be looked at.
///
/// With h the state that enters: x = N1(h), a = Attn(x), m = h + a, y = N2(m), f = FFN(y), and h + a + f leaves. The
/// names in parentheses are TransformerLens'.
public enum ActivationSite: Hashable, Sendable, CaseIterable {
  /// x, what attention reads (ln1.hook_normalized with its gain and bias).
  case attentionInput
  /// a, what attention adds, output bias included (hook_attn_out).
  case attentionOut
  /// m, the stream between the two (hook_resid_mid).
  case residualMid
  /// y, what the feed-forward network reads (ln2.hook_normalized with its gain and bias).
  case ffnInput
  /// f, what the feed-forward network adds, output bias included (hook_mlp_out).
  case ffnOut
}

/// Something put in the place of a part of every block that runs, position by position.
public struct BlockReplacement {
  /// A part of a block.
  public enum Part: Hashable, Sendable, CaseIterable { case attentionNorm, attention, ffnNorm, ffn }

  /// Which parts are replaced.
  public var parts: Set<Part>

  /// The output [n, d] of a part of a block for its input [n, d]; rows are positions of whole texts, in order.
  public var output: (_ block: Int, _ part: Part, _ input: Matrix) -> Matrix

  /// Replaces some parts by a function of their input.
  public init(parts: Set<Part>, output: @escaping (_ block: Int, _ part: Part, _ input: Matrix) -> Matrix) {
    (self.parts, self.output) = (parts, output)
  }
}

/// What looks into blocks or replaces parts of them.
struct BlockHooks {
  var replacement: BlockReplacement?
  /// Gets the block, the site, the first row of the stream and the rows there.
  var observe: ((_ block: Int, _ site: ActivationSite, _ firstRow: Int, _ rows: Matrix) -> Void)?

  /// Writes the replacement's output; false where the part is not replaced.
  func replace(
    _ part: BlockReplacement.Part, block: Int, input: UnsafePointer<Float>, rows: Int, width: Int,
    to target: UnsafeMutablePointer<Float>
  ) -> Bool {
    guard let replacement, replacement.parts.contains(part) else { return false }
    let output = replacement.output(block, part, copy(input, rows, width))
    precondition(output.rows == rows && output.columns == width, "a replacement of \(output.rows) × \(output.columns)")
    output.withUnsafePointer { target.update(from: $0, count: rows * width) }
    return true
  }

  func see(_ site: ActivationSite, block: Int, firstRow: Int, _ values: UnsafePointer<Float>, rows: Int, width: Int) {
    observe?(block, site, firstRow, copy(values, rows, width))
  }

  private func copy(_ values: UnsafePointer<Float>, _ rows: Int, _ width: Int) -> Matrix {
    Matrix(rows: rows, columns: width) { $0.initialize(from: values, count: rows * width) }
  }
}

extension BlockRunner {
  /// h ← block(h), stage by stage, for pre-norm blocks; the same numbers as the fast way but for rounding.
  func run(_ h: UnsafeMutablePointer<Float>, texts: [Range<Int>], firstRow: Int, block: Int, hooks: BlockHooks) {
    let (rows, d) = (texts.last?.upperBound ?? 0, configuration.width)
    let x = scratch.normed.pointer
    let added = FloatBuffer(count: rows * d)
    func see(_ site: ActivationSite, _ values: UnsafePointer<Float>) {
      hooks.see(site, block: block, firstRow: firstRow, values, rows: rows, width: d)
    }
    func isReplaced(
      _ part: BlockReplacement.Part, _ input: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
    ) -> Bool {
      hooks.replace(part, block: block, input: input, rows: rows, width: d, to: target)
    }
    if !isReplaced(.attentionNorm, h, x) { normalize(h, weights.norm1, to: x, rows: rows) }
    see(.attentionInput, x)
    if !isReplaced(.attention, x, added.pointer) {
      attention(of: x, rows: rows, texts: texts, keep: 0, to: added.pointer)
      addBias(weights.attentionOut.bias, to: added.pointer, rows: rows)
    }
    see(.attentionOut, added.pointer)
    Kernels.add(added.pointer, to: h, count: rows * d)
    see(.residualMid, h)
    if !isReplaced(.ffnNorm, h, x) { normalize(h, weights.norm2, to: x, rows: rows) }
    see(.ffnInput, x)
    if !isReplaced(.ffn, x, added.pointer) {
      for start in stride(from: 0, to: rows, by: scratch.ffnRows) {
        let count = min(scratch.ffnRows, rows - start)
        ffn(of: x + start * d, rows: count, keep: 0, to: added.pointer + start * d)
      }
      addBias(weights.ffnOut.bias, to: added.pointer, rows: rows)
    }
    see(.ffnOut, added.pointer)
    Kernels.add(added.pointer, to: h, count: rows * d)
  }

  private func addBias(_ bias: UnsafePointer<Float>?, to values: UnsafeMutablePointer<Float>, rows: Int) {
    guard let bias else { return }
    let d = configuration.width
    for row in 0..<rows { Kernels.add(bias, to: values + row * d, count: d) }
  }
}
