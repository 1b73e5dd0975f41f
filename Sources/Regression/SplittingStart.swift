internal import Tensors

/// Where the splitting of one target begins, or where it stands, in numbers that suit either precision.
struct SplittingStart {
  /// The target's row in its block.
  let row: Int
  /// The relative gap to reach.
  var aim: Double
  /// Half-width of the tube in which steps are taken: a little less than ε in single precision.
  var epsilon: Double
  /// ρ.
  var rho: Double
  /// Steps taken.
  var steps = 0
  /// The averages reach over the last steps/window of all steps.
  var window = 3.0
  /// Averaged intercept.
  var bias = 0.0
  /// a = r + u of `AveragedSplitting`, `[n]`.
  var state: [Double]
  /// Averaged u, `[n]`; empty for zeros.
  var average: [Double] = []
  /// Averaged projection, `[r]`; empty for zeros.
  var mean: [Double] = []
}

/// A target that left the splitting: its primal candidate, the averaged projection of `start`, and its dual one.
struct SplittingCandidate {
  /// Where it stands, to go on from.
  var start: SplittingStart
  /// β, `[n]`.
  var coefficients: [Double]
  /// Samples whose multiplier is not zero in the last step.
  var support: Int
  /// Steps taken in this precision.
  var steps: Int
}

extension EigenBasis {
  /// Starts from ridge regression with penalty 1: its residuals say how large ρ must be.
  ///
  /// - Parameters:
  ///   - rows: the targets to start.
  ///   - targets: all targets of the block, centred, `[targets, n]`.
  func starts(_ rows: [Int], _ targets: DoubleMatrix, _ options: SupportVectorOptions) -> [SplittingStart] {
    let y = targets.rows(at: rows)
    let shares = Matrix(rows: 1, columns: rank, values: spectrum.map { Float($0 / ($0 + 1)) })
    var projections = left.projections(of: y.single)
    for place in 0..<rows.count {
      projections.setRow(place, zip(projections.row(place), shares.values).map { $0 * $1 })
    }
    let fitted = left.expansions(of: projections)
    return rows.enumerated().map { place, row in
      let residuals = zip(y.row(place), fitted.row(place)).map { $0 - Double($1) }
      let size = residuals.reduce(0) { $0 + abs($1) } / Double(count)
      let variance = y.row(place).reduce(0) { $0 + $1 * $1 }
      let left = zip(residuals, leverages).reduce(0.0) { sum, sample in
        let distance = sample.0 / max(1 - sample.1, 1e-6)
        return sum + distance * distance
      }
      let aim =
        options.splittingGap.map(SplittingAim.init(gap:))
        ?? SplittingAim(samples: count, expectedR2: 1 - left / variance)
      // Residuals on the edge of the tube are off by rounding; a tube narrower by that keeps them from costing anything.
      let slack = aim.slack * (variance / Double(count)).squareRoot()
      return SplittingStart(
        row: row, aim: aim.gap, epsilon: max(0, options.epsilon - slack),
        rho: 2 * (size + options.epsilon) / options.c, state: residuals)
    }
  }
}

/// How small a gap a target needs for its R² to stand within 10⁻³ · max(1, 1 − R²) of that of the exact solution.
///
/// That is 10⁻³ where R² is at least 0, and below that a thousandth of the unexplained share 1 − R²: of R² = −2.8 nobody
/// reads more. The gaps were chosen by measurement against runs to gaps of 3 · 10⁻⁶ and against an interior-point method
/// run to gaps of 10⁻¹⁰.
struct SplittingAim {
  /// The gap that every target reaches.
  static let general = 1e-4
  /// The relative gap.
  let gap: Double
  /// By how much the tube is narrowed in single precision, in standard deviations of the target.
  let slack: Double

  /// - Parameters:
  ///   - samples: training samples.
  ///   - expectedR2: R² of leave-one-out predictions by ridge regression. What is left unexplained magnifies the
  ///     distance from the exact solution, many samples lessen it. Targets that are mostly noise need no more than those
  ///     of which half is noise, and where R² is far below 0 single precision could not give more either.
  init(samples: Int, expectedR2: Double) {
    let unexplained = max(1 - expectedR2, 1e-3)
    let share = Double(samples) / 800
    let wanted = max(1e-6 / (unexplained * unexplained), 1e-5 * max(1, unexplained / 2))
    self.init(
      gap: samples >= 4000 ? Self.general : min(wanted * (share < 1 ? share.squareRoot() : share), Self.general))
  }

  init(gap: Double) {
    self.gap = gap
    slack = gap > 3e-5 ? 1e-6 : 2e-7
  }
}
