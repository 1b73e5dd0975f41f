import Files
import JSONText
import Regression
import Tensors

extension RegressionBench {
  /// Widths at 800 samples, then one model size at 9,000: no two neighbours may be far apart.
  private static let shapes =
    [96, 128, 192, 256, 384, 512, 640, 700, 768, 896, 1024].map { (samples: 800, width: $0, targets: $0) }
    + [(samples: 9000, width: 768, targets: 256)]

  /// Milliseconds of processor time a target at each shape, beside scikit-learn on the first targets of the same data.
  func timeWidths() throws {
    print("support vectors, standardised, one layer: CPU ms a target with its share of what all targets need")
    for shape in Self.shapes { try time(shape.samples, shape.width, shape.targets) }
  }

  private func time(_ samples: Int, _ width: Int, _ targets: Int) throws {
    let test = samples / 4
    var model = SyntheticStates(samples: samples + test, width: width)
    let source = model.current
    model.advance()
    let target = model.current
    let start = processorSeconds()
    let regression = try SupportVectorRegression(
      trainSource: source.rows(0..<samples), testSource: source.rows(samples..<samples + test))
    let shared = processorSeconds()
    let fit = try regression.fit(
      trainTargets: target.rows(0..<samples), testTargets: target.rows(samples..<samples + test),
      targets: Array(0..<targets))
    let each = (shared - start) / Double(width) + (processorSeconds() - shared) / Double(targets)
    let counts = fit.solverCounts
    print(
      "  n = \(samples), d = \(width), \(targets) targets: \(rounded(1e3 * each, 2)) ms; largest gap "
        + "\(rounded(1e6 * (fit.largestGap ?? .nan), 1))e-6; \(counts.doublePrecision) in double precision, "
        + "\(counts.interiorPoint) by interior point")
    try compare(regression.sourceScaler, fit, source, target, samples, each: each)
  }

  /// The first two targets, one where there are many samples, by SVR(kernel="linear").
  private func compare(
    _ scaler: Scaler, _ fit: SupportVectorFit, _ source: Matrix, _ target: Matrix, _ samples: Int, each: Double
  ) throws {
    guard isFile(python) else { return }
    let (train, test) = (0..<samples, samples..<source.rows)
    let count = samples > 2000 ? 1 : 2
    let x = scaler.transform(source.rows(train)).single
    let xTest = scaler.transform(source.rows(test)).single
    let columns = Array(0..<count)
    let y = fit.scaler.transform(target.rows(train)).single.columns(at: columns)
    let yTest = fit.scaler.transform(target.rows(test)).single.columns(at: columns)
    let json = try scikitLearn("svr_only", [("x", x), ("x_test", xTest), ("y", y), ("y_test", yTest)], threads: 1)
    guard let theirs = json["fit"]?.doubleValue, let r2 = json["r2"]?.arrayValue else {
      throw BenchFailure("sklearn_bench.py printed no times")
    }
    let stopped = json["stopped"]?.intValue ?? 0
    let difference = zip(fit.r2, r2).map { abs(($0 ?? .nan) - ($1.doubleValue ?? .nan)) }.max() ?? 0
    print(
      "    scikit-learn, \(count) target\(count == 1 ? "" : "s"): \(rounded(theirs, 2)) s each, "
        + "\(rounded(theirs / each)) times ours"
        + (stopped > 0
          ? " at least: \(stopped) stopped after 200,000 iterations" : "; R² differs by \(rounded(difference, 5))"))
  }
}
