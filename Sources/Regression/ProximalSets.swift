internal import Tensors

/// Active sets about a centre that moves, for a block of targets whose kernel K has no inverse.
///
/// From coefficients β₀ to those that minimise the dual and ½δ‖β − β₀‖²: the same problem with K + δI for K and y + δβ₀ for
/// y. A large δ makes it tame, a small one brings its solution close to that of the problem itself: once the active sets
/// stand, the distance falls by δ/(δ + λ) a round, λ the least eigenvalue of K between the samples on the edge of the
/// tube. So δ falls from round to round, and rises again where the active sets do not settle. Source: Rockafellar,
/// "Augmented Lagrangians and applications of the proximal point algorithm in convex programming" (1976).
struct ProximalSets {
  /// A target under way.
  private struct Place {
    /// Its row among the targets.
    let row: Int
    /// Which δ is next.
    var level = 0
    /// β₀, `[n]`.
    var centre: [Double]
    /// Where each sample lies; see `ActiveSetGuess`.
    var codes: [Int8]
    /// Estimates of y − Kβ − b, `[n]`.
    var residuals: [Float]
  }

  /// A row that seems to be there.
  struct Candidate {
    let row: Int
    /// β, `[n]`.
    let coefficients: [Double]
    /// Kβ + b, `[n]`, nearer to the truth than what a product would make of β: K's large eigenvalues magnify its rounding.
    let fitted: [Double]
    /// The relative duality gap of the two.
    let gap: Double
  }

  let kernel: ProximalKernel
  let c: Double
  let epsilon: Double
  /// Centred targets as rows, `[targets, n]`.
  let targets: DoubleMatrix
  /// Newton steps taken, over all targets.
  private(set) var steps = 0
  private var places: [Place] = []

  private init(_ kernel: ProximalKernel, _ options: SupportVectorOptions, _ targets: DoubleMatrix) {
    (self.kernel, self.targets) = (kernel, targets)
    (c, epsilon) = (options.c, options.epsilon)
  }

  /// Begins some rows from a guess.
  init(_ kernel: ProximalKernel, _ options: SupportVectorOptions, _ targets: DoubleMatrix, rows: [Int]) {
    self.init(kernel, options, targets)
    let n = targets.columns
    // A good guess is cheap: its steps are one product in single precision.
    let guess = ActiveSetGuess(targets.rows(at: rows), inverse: kernel.guess, c: c, epsilon: epsilon, steps: 60)
    places = rows.enumerated().map { place, row in
      let range = place * n..<(place + 1) * n
      return Place(
        row: row, centre: guess.coefficients[range].map { Double($0) }, codes: Array(guess.codes[range]),
        residuals: Array(guess.residuals[range]))
    }
  }

  /// Goes on from where the splitting of some targets stands.
  init(_ kernel: ProximalKernel, _ options: SupportVectorOptions, _ targets: DoubleMatrix, starts: [SplittingStart]) {
    self.init(kernel, options, targets)
    places = starts.map { start in
      let bound = start.rho * c
      let dual = start.state.map { a in
        min(max(a - min(max(a, -start.epsilon), start.epsilon), -bound), bound)
      }
      return Place(
        row: start.row, centre: start.average.map { min(max($0 / start.rho, -c), c) },
        codes: dual.map { u in u == 0 ? 0 : (abs(u) >= bound * (1 - 1e-6) ? 2 : 1) * (u > 0 ? 1 : -1) },
        residuals: zip(start.state, dual).map { Float($0 - $1) })
    }
  }

  /// Whether no row is left.
  var isDone: Bool { places.isEmpty }

  /// One round: some Newton steps about the present centres, which then move.
  ///
  /// - Parameters:
  ///   - aim: the relative gap to reach.
  ///   - areGood: certifies rows that seem to have reached it; those that have are let go.
  mutating func advance(aim: Double, areGood: ([Candidate]) -> [Bool]) {
    var rest: [Place] = []
    for level in kernel.levels.indices {
      let part = places.filter { $0.level == level }
      if part.isEmpty { continue }
      let (moved, found) = move(part, level)
      let candidates = found.filter { $0.gap < aim }
      let good = Set(zip(candidates, areGood(candidates)).filter(\.1).map(\.0.row))
      rest += moved.filter { !good.contains($0.row) }
    }
    places = rest
  }

  /// Newton steps of targets whose δ is the same; returns where they stand then, and solutions of those that settled.
  private mutating func move(_ part: [Place], _ level: Int) -> (places: [Place], found: [Candidate]) {
    let penalty = kernel.levels[level].penalty
    let y = targets.rows(at: part.map(\.row))
    let shifted = DoubleMatrix(
      rows: part.count, columns: targets.columns,
      values: zip(y.values, part.flatMap(\.centre)).map { $0 + penalty * $1 })
    var solver = ActiveSetSolver(
      inverse: kernel.levels[level].inverse, c: c, epsilon: epsilon, targets: shifted,
      guess: ActiveSetGuess(codes: part.flatMap(\.codes), residuals: part.flatMap(\.residuals)), isFast: true)
    let isSettled = solver.run(maximumSteps: 5)
    steps += solver.steps
    var found: [Candidate] = []
    let places = part.enumerated().map { index, before in
      var place = before
      if !isSettled[index] && level > 0 {
        // Back to where the active sets stood, and on from there by smaller steps.
        place.level = level - 1
        return place
      }
      let state = solver.state(of: [index])
      (place.codes, place.residuals) = (state.codes, state.residuals)
      place.centre = solver.duals.row(index).map { min(max($0, -c), c) }
      if isSettled[index] {
        place.level = min(level + 1, kernel.levels.count - 1)
        let fitted = (0..<targets.columns).map { i in
          solver.right[index, i] - penalty * place.centre[i]
        }
        found.append(candidate(before.row, place.centre, fitted))
      }
      return place
    }
    return (places, found)
  }

  /// A solution with the relative duality gap of coefficients that sum to zero, from their residuals r = y − Kβ − b.
  ///
  /// With βᵀKβ = yᵀβ − rᵀβ every sample has a share of its own in P − D: C max(0, |r| − ε) + ε|β| − rβ.
  private func candidate(_ row: Int, _ beta: [Double], _ fitted: [Double]) -> Candidate {
    var (distance, primal) = (0.0, 0.0)
    for (i, y) in targets.row(row).enumerated() {
      let residual = y - fitted[i]
      let loss = c * max(0, abs(residual) - epsilon)
      distance += loss + epsilon * abs(beta[i]) - residual * beta[i]
      primal += 0.5 * fitted[i] * beta[i] + loss
    }
    let gap = distance / max(abs(primal), .leastNormalMagnitude)
    return Candidate(row: row, coefficients: beta, fitted: fitted, gap: gap.isFinite ? gap : .infinity)
  }
}
