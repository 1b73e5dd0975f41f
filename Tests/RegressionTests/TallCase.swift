import Files
import JSONText
import Regression
import Tensors
import TestSupport
import Testing

/// One case of Tests/Fixtures/regression/tall.json, which Tests/Generators/regression_cases.py wrote: the data are drawn
/// again, what scikit-learn or an interior-point method made of them is stored.
struct TallCase: CustomTestStringConvertible {
  let name: String
  let trainX: Matrix
  let testX: Matrix
  let trainY: Matrix
  let testY: Matrix
  let r2: [Double]
  let objective: [Double]

  var testDescription: String { name }

  static let all: [TallCase] = {
    guard let bytes = try? readFile(ProjectRoot.fixture("regression/tall.json")), let json = try? JSON.parse(bytes)
    else { return [] }
    return (json.arrayValue ?? []).map { TallCase($0) }
  }()

  init(_ json: JSONValue) {
    func number(_ key: String) -> Int { json[key]?.intValue ?? 0 }
    let (train, width, rank, targets) = (number("train"), number("width"), number("rank"), number("targets"))
    let n = train + number("test")
    var draws = WholeNumbers(state: UInt64(number("seed")))
    var latent = draws.matrix(n, rank, 6)
    for row in number("distinct")..<train { latent.setRow(row, latent.row(row % number("distinct"))) }
    let x = multiply(latent, draws.matrix(rank, width, 3))
    let signal = multiply(x, draws.matrix(width, targets, 2))
    let noise = draws.matrix(n, targets, 20)
    let y = zip(signal.values, noise.values).map { ($0 + Double(number("noise")) * $1) / 64 }
    let source = DoubleMatrix(rows: n, columns: width, values: x.values.map { $0 / 16 }).single
    let target = DoubleMatrix(rows: n, columns: targets, values: y).single
    name = json["name"]?.stringValue ?? ""
    (trainX, testX) = (source.rows(0..<train), source.rows(train..<n))
    (trainY, testY) = (target.rows(0..<train), target.rows(train..<n))
    r2 = json["r2"]?.arrayValue?.compactMap(\.doubleValue) ?? []
    objective = json["objective"]?.arrayValue?.compactMap(\.doubleValue) ?? []
  }
}

/// The generator of regression_cases.py.
private struct WholeNumbers {
  var state: UInt64

  mutating func matrix(_ rows: Int, _ columns: Int, _ limit: Int) -> DoubleMatrix {
    DoubleMatrix(
      rows: rows, columns: columns,
      values: (0..<rows * columns).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(Int(state >> 40) % (2 * limit + 1) - limit)
      })
  }
}

/// P and D of a fit, from its weights, intercept and coefficients alone.
struct PrimalAndDual {
  var primal: Double
  var dual: Double
  /// Largest |β| and |Σβ|.
  var largest: Double
  var sum: Double

  /// Of the target at a position of a fit on training samples `x`, `y`.
  init(
    _ regression: SupportVectorRegression, _ fit: SupportVectorFit, at position: Int, _ x: DoubleMatrix, _ y: [Double]
  ) {
    let w = regression.weights(fit, at: [position])
    let beta = fit.duals.row(position)
    let options = regression.options
    let predicted = multiply(w, x, transposeB: true).values
    let image = multiply(x, beta, transposed: true)
    let bias = fit.biases[position] ?? .nan
    let loss = zip(y, predicted).reduce(0.0) { $0 + max(0, abs($1.0 - $1.1 - bias) - options.epsilon) }
    primal = 0.5 * w.values.reduce(0) { $0 + $1 * $1 } + options.c * loss
    dual = -0.5 * image.reduce(0) { $0 + $1 * $1 } - options.epsilon * beta.reduce(0) { $0 + abs($1) }
    for (value, coefficient) in zip(y, beta) { dual += value * coefficient }
    largest = beta.reduce(0) { max($0, abs($1)) }
    sum = abs(beta.reduce(0, +))
  }
}
