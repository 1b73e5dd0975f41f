import ArgumentParser
import Checkpoints
import Files
import Foundation
import JSONText
import Regression
import Tensors

/// Times support vectors for all dimensions of all layers, and maps between all pairs of states, beside scikit-learn.
struct RegressionBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regression", abstract: "Solves the regressions of a large model and compares with scikit-learn.")

  @Option(help: "Layers, each predicting the next one.") var layers = 32
  @Option(help: "Dimensions of a state.") var width = 4096
  @Option(help: "Training samples.") var train = 800
  @Option(help: "Test samples.") var test = 200
  @Option(help: "States of the linear maps.") var states = 13
  @Option(help: "Dimensions of a state of the linear maps.") var mapWidth = 768
  @Option(help: "Training samples of the linear maps.") var mapTrain = 9000
  @Option(help: "Test samples of the linear maps.") var mapTest = 3000
  @Option(help: "Threads; by default all cores.") var threads = Compute.threads
  @Option(help: "Targets that scikit-learn solves.") var sample = 6
  @Option(help: "Python with scikit-learn and safetensors; without it only our side runs.")
  var python = ".build/bench-venv/bin/python"
  @Option(help: "Folder for the data handed to scikit-learn.") var folder = ".build/bench"
  @Flag(help: "Leave the raw units out.") var standardizedOnly = false
  @Flag(help: "Only time support vectors at widths from 96 to 1,024.") var widths = false
  @Option(help: "With --widths: the gap every target is solved to; by default what R² within 1e-3 asks of each.")
  var gap: Double?
  @Flag(help: "Leave the linear maps out.") var noMaps = false
  @Flag(help: "Leave the support vectors out.") var noSupportVectors = false

  func run() throws {
    try createDirectory(folder)
    Compute.threads = threads
    let peak = printMachine()
    if widths { return try timeWidths() }
    if !noSupportVectors {
      try supportVectors(.train, peak: peak)
      if !standardizedOnly { try supportVectors(.none, peak: peak) }
    }
    if !noMaps { try maps(peak: peak) }
  }

  private func supportVectors(_ mode: Standardization, peak: Double) throws {
    var model = SyntheticStates(samples: train + test, width: width)
    var (processor, wall, gap, missed) = (0.0, 0.0, 0.0, 0)
    var lastFit: (r2: [Double?], source: Matrix, target: Matrix)?
    resetPeakMemory()
    let name = mode == .train ? "standardised" : "raw"
    print("support vectors, \(name): \(layers) layers × \(width) targets, \(train)/\(test) samples")
    for layer in 0..<layers {
      let source = model.current
      model.advance()
      let target = model.current
      let (startOfWork, start) = (processorSeconds(), ContinuousClock.now)
      let regression = try SupportVectorRegression(
        trainSource: source.rows(0..<train), testSource: source.rows(train..<train + test),
        options: SupportVectorOptions(standardize: mode))
      let fit = try regression.fit(
        trainTargets: target.rows(0..<train), testTargets: target.rows(train..<train + test))
      let (work, time) = (processorSeconds() - startOfWork, seconds(since: start))
      processor += work
      wall += time
      gap = max(gap, fit.largestGap ?? 0)
      missed += fit.missed
      if layer % 8 == 0 || layer == layers - 1 {
        print(
          "  layer \(layer): \(rounded(work, 2)) CPU s, \(rounded(time, 2)) s, mean R² \(rounded(R2.mean(fit.r2) ?? .nan, 4)), "
            + "gap \(fit.largestGap ?? 0), \(fit.solverCounts.interiorPoint) by interior point")
      }
      lastFit = (fit.r2, source, target)
    }
    let fits = Double(layers * width)
    // One product of the Gram matrix with all targets is what a solver cannot do without.
    let products = 2 * Double(train * train) * fits * 1e-9 / peak
    print(
      "  all: \(rounded(processor, 1)) CPU s, \(rounded(wall, 1)) s; \(rounded(1e6 * processor / fits)) µs a fit, as much as "
        + "\(rounded(processor / products, 1)) products with the Gram matrix at sgemm peak")
    print("  largest relative gap \(gap), \(missed) above 1e-3, peak memory \(megabytes(peakMemory()))")
    if let lastFit { try compare(lastFit, mode, perFit: processor / fits) }
  }

  /// The first targets of the last layer by scikit-learn, on the data as the fit saw it.
  private func compare(
    _ fit: (r2: [Double?], source: Matrix, target: Matrix), _ mode: Standardization, perFit: Double
  ) throws {
    guard isFile(python) else { return print("  no \(python): scikit-learn was not run") }
    let targets = Array(0..<min(sample, width))
    func scaled(_ states: Matrix) -> (Matrix, Matrix) {
      let scaler = Scaler(fitting: states.rows(0..<train), standardization: mode)
      return (
        scaler.transform(states.rows(0..<train)).single, scaler.transform(states.rows(train..<train + test)).single
      )
    }
    let (x, xTest) = scaled(fit.source)
    let (y, yTest) = scaled(fit.target.columns(at: targets))
    let json = try scikitLearn("svr", [("x", x), ("x_test", xTest), ("y", y), ("y_test", yTest)], threads: 1)
    guard let each = json["fit"]?.doubleValue, let shared = json["precomputed"]?.doubleValue,
      let r2 = json["r2"]?.arrayValue
    else { throw BenchFailure("sklearn_bench.py printed no times") }
    let difference = zip(targets, r2).map { abs((fit.r2[$0] ?? .nan) - ($1.doubleValue ?? .nan)) }.max() ?? 0
    print(
      "  scikit-learn \(json["sklearn"]?.stringValue ?? ""): \(rounded(each, 3)) CPU s a fit, \(rounded(shared, 3)) with a shared "
        + "Gram matrix; \(rounded(each / perFit)) and \(rounded(shared / perFit)) times ours; R² differs by at most "
        + "\(rounded(difference, 6))")
  }

  private func maps(peak: Double) throws {
    var model = SyntheticStates(samples: mapTrain + mapTest, width: mapWidth, seed: 7)
    var (trainStates, testStates): ([Matrix], [Matrix]) = ([], [])
    for layer in 0..<states {
      if layer > 0 { model.advance() }
      trainStates.append(model.current.rows(0..<mapTrain))
      testStates.append(model.current.rows(mapTrain..<mapTrain + mapTest))
    }
    resetPeakMemory()
    let pairs = states * (states - 1) / 2
    print("linear maps: \(pairs) pairs of \(states) states of width \(mapWidth), \(mapTrain)/\(mapTest) samples")
    let (startOfWork, start) = (processorSeconds(), ContinuousClock.now)
    let result = try LinearMaps.pairwiseR2(train: trainStates, test: testStates)
    let (work, time) = (processorSeconds() - startOfWork, seconds(since: start))
    let products = 2 * Double(mapTrain + mapTest) * Double(mapWidth * mapWidth) * Double(pairs) * 1e-9 / peak
    print(
      "  all: \(rounded(work, 1)) CPU s, \(rounded(time, 1)) s; \(rounded(work / Double(pairs), 3)) CPU s a pair, "
        + "\(rounded(100 * products / work))% of sgemm peak, peak memory \(megabytes(peakMemory()))")
    guard isFile(python) else { return print("  no \(python): scikit-learn was not run") }
    let json = try scikitLearn(
      "maps", [("x", trainStates[0]), ("x_test", testStates[0]), ("y", trainStates[1]), ("y_test", testStates[1])],
      threads: threads)
    guard let single = json["pair"]?.doubleValue, let double = json["pair_double"]?.doubleValue,
      let r2 = json["r2_double"]?.doubleValue, let ours = result.map[0][1]
    else { throw BenchFailure("sklearn_bench.py printed no times") }
    print(
      "  scikit-learn: \(rounded(single, 2)) CPU s a pair in single, \(rounded(double, 2)) in double precision; "
        + "\(rounded(single * Double(pairs) / work, 1)) and \(rounded(double * Double(pairs) / work, 1)) times ours; R² differs by "
        + "\(rounded(abs(r2 - ours), 8))")
  }

  func scikitLearn(
    _ mode: String, _ tensors: [(String, Matrix)], threads: Int, options: [String] = []
  ) throws -> JSONValue {
    let path = folder + "/regression-\(mode).safetensors"
    let writer = try SafetensorsWriter(
      path: path, tensors: tensors.map { .init($0.0, .f32, [$0.1.rows, $0.1.columns]) }, metadata: [], durable: false)
    for (_, matrix) in tensors { try writer.append(matrix.values) }
    try writer.finish()
    return try JSON.parse(try runProcess(python, ["Tests/Bench/sklearn_bench.py", mode, path, "\(threads)"] + options))
  }
}
