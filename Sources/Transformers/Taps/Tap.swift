import Tensors

/// Something that looks at activations of a run, changes them, or puts something else in the place of a part of a block:
/// a hook function in TransformerLens' terms, an intervention in nnsight's.
///
/// Taps run in the order given, on the thread that runs the model; several visits may make up one block, each row in one
/// of them. What a tap throws ends the run and is thrown on. A tap that changes nothing changes no bit of the run.
public struct Tap {
  /// Which positions of each text.
  public enum Positions: Hashable, Sendable {
    /// Every position of every text.
    case all
    /// The last position of each text of a run, whatever its length.
    case last
    /// These positions, in every text that has them.
    case at(Set<Int>)
    /// Positions of each text of the run, by the text's number.
    case each([Set<Int>])
  }

  /// A part of a block that something else can stand in for.
  public enum Part: Hashable, Sendable {
    /// From what attention reads to what it adds to the stream.
    case attention
    /// From what the feed-forward network reads to what it adds to the stream.
    case ffn
    /// One of the block's norms, gain and bias included: from what it reads to what it gives.
    case norm(NormPlace)
    /// The whole block, from h_l to h_{l+1}.
    case block
  }

  /// What is shown to a tap.
  public struct Visit: Hashable, Sendable {
    /// The number of the block, counted from 0: block l turns h_l into h_{l+1}.
    public var block: Int
    /// The text of each row, counted from 0 in the order of the run; H rows to a position at `pattern`.
    public var texts: [Int]
    /// The position of each row in its text.
    public var positions: [Int]
  }

  enum Action {
    case read((Visit, Matrix) throws -> Void)
    case write((Visit, inout Matrix) throws -> Void)
    case replace(Part, (Visit, Matrix) throws -> Matrix)
    case skip
  }

  let site: Site?
  /// The blocks; nil for all.
  let blocks: Set<Int>?
  let positions: Positions
  /// The columns of the site; nil for all.
  let columns: Range<Int>?
  let action: Action

  /// Looks at an activation.
  ///
  /// - Parameters:
  ///   - site: Where.
  ///   - blocks: In which blocks; nil for all.
  ///   - positions: At which positions.
  ///   - columns: Which columns of the site, such as those of one head; nil for all.
  ///   - body: Gets a copy of the rows.
  public static func read(
    _ site: Site, blocks: Set<Int>? = nil, positions: Positions = .all, columns: Range<Int>? = nil,
    _ body: @escaping (Visit, Matrix) throws -> Void
  ) -> Tap { Tap(site: site, blocks: blocks, positions: positions, columns: columns, action: .read(body)) }

  /// Changes an activation in place; parameters as in `read`, and the rows keep their shape.
  public static func write(
    _ site: Site, blocks: Set<Int>? = nil, positions: Positions = .all, columns: Range<Int>? = nil,
    _ body: @escaping (Visit, inout Matrix) throws -> Void
  ) -> Tap { Tap(site: site, blocks: blocks, positions: positions, columns: columns, action: .write(body)) }

  /// Puts a function of its input in the place of a part; where that is at all positions, the part is not computed.
  ///
  /// Of several that replace the same part the last one counts; sites inside a part that is not computed are not visited.
  ///
  /// - Parameters:
  ///   - part: Which part.
  ///   - blocks: In which blocks; nil for all.
  ///   - positions: At which positions.
  ///   - output: The part's output [n, d] for its input [n, d].
  public static func replace(
    _ part: Part, blocks: Set<Int>? = nil, positions: Positions = .all,
    by output: @escaping (Visit, Matrix) throws -> Matrix
  ) -> Tap { Tap(site: nil, blocks: blocks, positions: positions, columns: nil, action: .replace(part, output)) }

  /// Leaves blocks out: h_{l+1} = h_l; where that is at all positions, their weights are not even read.
  public static func skip(blocks: Set<Int>, positions: Positions = .all) -> Tap {
    Tap(site: nil, blocks: blocks, positions: positions, columns: nil, action: .skip)
  }
}

extension Tap {
  /// Multiplies an activation by a number; 0 takes it away.
  ///
  /// Neuron k is column `k..<k + 1` of `ffnActivation`, head h columns `h * d_h..<(h + 1) * d_h` of `heads`.
  public static func scale(
    _ site: Site, by factor: Float, blocks: Set<Int>? = nil, positions: Positions = .all, columns: Range<Int>? = nil
  ) -> Tap {
    .write(site, blocks: blocks, positions: positions, columns: columns) { _, values in
      let count = values.values.count
      values.withUnsafeMutablePointer { Kernels.scale($0, by: factor, count: count) }
    }
  }

  /// Adds a vector to every row of an activation.
  public static func add(
    _ vector: [Float], to site: Site, blocks: Set<Int>? = nil, positions: Positions = .all, columns: Range<Int>? = nil
  ) -> Tap {
    .write(site, blocks: blocks, positions: positions, columns: columns) { _, values in
      precondition(values.columns == vector.count, "a vector of \(vector.count) for rows of \(values.columns)")
      for row in 0..<values.rows { values.setRow(row, zip(values.row(row), vector).map { $0 + $1 }) }
    }
  }
}
