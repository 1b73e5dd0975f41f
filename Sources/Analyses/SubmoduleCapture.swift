import Tensors
import Transformers

/// What goes into and comes out of the sub-modules of some blocks, at one position of each text.
public struct SubmoduleCapture {
  /// `rows[block][site]`, each `[n, d]`, for the blocks that were asked for.
  private var rows: [Int: [Site: SiteRows]] = [:]

  /// Runs texts and reads every part of some blocks.
  ///
  /// - Parameters:
  ///   - requests: texts with one position each.
  ///   - blocks: the blocks that are read.
  /// - Throws: what the run throws.
  public init(
    _ model: Model, _ requests: [CaptureRequest], blocks: Range<Int>, options: CaptureOptions
  ) throws {
    precondition(requests.allSatisfy { $0.positions.count == 1 }, "one position for each text")
    let positions = requests.map { Set($0.positions) }
    var taps: [Tap] = []
    for block in blocks {
      let plan = model.configuration.plans[block]
      let sites = Set(Submodule.allCases.flatMap { $0.parts(of: plan) }.flatMap { [$0.input, $0.output] })
      for site in sites {
        let target = SiteRows(rows: requests.count, columns: model.configuration.width)
        rows[block, default: [:]][site] = target
        taps.append(.read(site, blocks: [block], positions: .each(positions)) { target.take($1, at: $0.texts) })
      }
    }
    try model.capture(requests, options: options, taps: taps)
  }

  /// What stood at a place of a block, `[n, d]`.
  public func states(_ block: Int, at site: Site) -> Matrix {
    guard let found = rows[block]?[site] else { preconditionFailure("nothing was read at \(site) of block \(block)") }
    return found.matrix
  }
}

/// Rows that arrive a few at a time.
final class SiteRows {
  private(set) var matrix: Matrix

  init(rows: Int, columns: Int) { matrix = Matrix(rows: rows, columns: columns) }

  /// Puts rows where they belong.
  func take(_ values: Matrix, at places: [Int]) {
    for (row, place) in places.enumerated() { matrix.setRow(place, values.row(row)) }
  }
}
