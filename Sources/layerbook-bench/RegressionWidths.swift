import Diagnostics
import Files
import JSONText
import Regression
import Tensors

/// Support vectors of one layer at widths below and above the number of samples, beside scikit-learn.
struct WidthShape {
  let samples: Int
  let width: Int
  /// How many of the targets are solved.
  let targets: Int
  /// Whether targets have noise.
  let isNoisy: Bool

  /// Widths at 800 samples, then one model size at 9,000: no two neighbours may be far apart.
  static let all = [true, false].flatMap { isNoisy in
    [96, 128, 192, 256, 384, 512, 640, 700, 768, 896, 1024].map {
      WidthShape(samples: 800, width: $0, targets: $0, isNoisy: isNoisy)
    } + [WidthShape(samples: 9000, width: 768, targets: 128, isNoisy: isNoisy)]
  }

  /// Iterations after which scikit-learn is stopped: seconds where all of its kernel fits in memory, minutes where a row
  /// of it is computed anew for most iterations.
  var limit: Int { samples > 4000 ? 100_000_000_000 / (samples * width) : 500_000 }
  /// Targets that scikit-learn solves.
  var compared: Int { samples > 4000 ? 1 : 2 }
}

/// What our side made of a shape.
private struct WidthFit {
  let scaler: Scaler
  let fit: SupportVectorFit
  let source: Matrix
  let target: Matrix
  /// CPU seconds a target, its share of what all targets need included.
  let each: Double
}

extension RegressionBench {
  /// Milliseconds of processor time a target at each shape, beside scikit-learn on the first targets of the same data.
  func timeWidths() throws {
    print("support vectors, standardised, one layer: CPU ms a target with its share of what all targets need")
    var before: (shape: WidthShape, each: Double)?
    var steepest = 1.0
    for shape in WidthShape.all {
      let found = try fit(shape)
      if let before, before.shape.samples == shape.samples, before.shape.isNoisy == shape.isNoisy {
        steepest = max(steepest, found.each / before.each, before.each / found.each)
      }
      before = (shape, found.each)
      try compare(found, shape)
    }
    print("  largest ratio between neighbouring widths of the same data: \(rounded(steepest, 2))")
  }

  private func fit(_ shape: WidthShape) throws -> WidthFit {
    let (samples, width) = (shape.samples, shape.width)
    let test = samples / 4
    var model = SyntheticStates(samples: samples + test, width: width)
    let source = model.current
    model.advance()
    let target = shape.isNoisy ? model.noisy() : model.current
    var options = SupportVectorOptions()
    options.splittingGap = gap
    let start = processorSeconds()
    let regression = try SupportVectorRegression(
      trainSource: source.rows(0..<samples), testSource: source.rows(samples..<samples + test), options: options)
    let shared = processorSeconds()
    let fit = try regression.fit(
      trainTargets: target.rows(0..<samples), testTargets: target.rows(samples..<samples + test),
      targets: Array(0..<shape.targets))
    let each = (shared - start) / Double(width) + (processorSeconds() - shared) / Double(shape.targets)
    let counts = fit.solverCounts
    print(
      "  n = \(samples), d = \(width), \(shape.isNoisy ? "noisy" : "free of noise"), \(shape.targets) targets: "
        + "\(rounded(1e3 * each, 2)) ms; largest gap \(rounded(1e6 * (fit.largestGap ?? .nan), 1))e-6; "
        + "\(counts.doublePrecision) in double precision, \(counts.interiorPoint) by interior point")
    return WidthFit(scaler: regression.sourceScaler, fit: fit, source: source, target: target, each: each)
  }

  /// The first targets by SVR(kernel="linear").
  private func compare(_ found: WidthFit, _ shape: WidthShape) throws {
    guard isFile(python) else { return }
    let (train, test) = (0..<shape.samples, shape.samples..<found.source.rows)
    let x = found.scaler.transform(found.source.rows(train)).single
    let xTest = found.scaler.transform(found.source.rows(test)).single
    let columns = Array(0..<shape.compared)
    let y = found.fit.scaler.transform(found.target.rows(train)).single.columns(at: columns)
    let yTest = found.fit.scaler.transform(found.target.rows(test)).single.columns(at: columns)
    let json = try scikitLearn(
      "svr_only", [("x", x), ("x_test", xTest), ("y", y), ("y_test", yTest)], threads: 1, options: ["\(shape.limit)"])
    guard let theirs = json["fit"]?.doubleValue, let r2 = json["r2"]?.arrayValue else {
      throw BenchFailure("sklearn_bench.py printed no times")
    }
    let stopped = json["stopped"]?.intValue ?? 0
    let difference = zip(found.fit.r2, r2).map { abs(($0 ?? .nan) - ($1.doubleValue ?? .nan)) }.max() ?? 0
    print(
      "    scikit-learn, \(counted(columns.count, "target")): \(rounded(theirs, 2)) s each, "
        + "\(rounded(theirs / found.each)) times ours"
        + (stopped > 0
          ? " at least: \(stopped) stopped after \(shape.limit) iterations"
          : "; R² differs by \(rounded(difference, 5))"))
  }
}
