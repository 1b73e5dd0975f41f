import Checkpoints
import Files
import JSONText
import Regression
import Tensors
import TestSupport
import Testing

/// States of 1,000 stories and what scikit-learn made of them, with one split: the first 800 train, the other 200 test.
struct StoryReference {
  let states: [Matrix]
  let json: JSONValue

  init() throws {
    let file = try SafetensorsFile(path: SharedMaterial.path("reference/stories260K/states.last.safetensors"))
    states = try (0...5).map { layer in
      let name = "hidden.\(layer)"
      let shape = try file.shape(of: name)
      return Matrix(rows: shape[0], columns: shape[1], values: try file.floats(name))
    }
    json = try JSON.parse(try readFile(SharedMaterial.path("reference/stories260K/reference.json")))
  }

  func train(_ layer: Int) -> Matrix { states[layer].rows(0..<800) }
  func test(_ layer: Int) -> Matrix { states[layer].rows(800..<1000) }
}

@Suite(.enabled(if: SharedMaterial.isPresent)) struct ReferenceTests {
  @Test(arguments: 0..<5) func standardizedMatchesScikitLearn(_ layer: Int) throws {
    let reference = try StoryReference()
    let regression = try SupportVectorRegression(
      trainSource: reference.train(layer), testSource: reference.test(layer))
    let fit = try regression.fit(trainTargets: reference.train(layer + 1), testTargets: reference.test(layer + 1))
    let expected = try #require(reference.json["svr_standardized"]?["\(layer)"]?["r2"]?.arrayValue)
    #expect(fit.missed == 0)
    #expect((fit.largestGap ?? 1) <= 1e-4)
    for (target, value) in expected.enumerated() {
      let found = try #require(fit.r2[target])
      #expect(abs(found - (value.doubleValue ?? .nan)) < 1e-3, "dimension \(target)")
    }
  }

  @Test(arguments: 0..<5) func rawMatchesScikitLearn(_ layer: Int) throws {
    let reference = try StoryReference()
    let regression = try SupportVectorRegression(
      trainSource: reference.train(layer), testSource: reference.test(layer),
      options: SupportVectorOptions(standardize: .none))
    let fit = try regression.fit(trainTargets: reference.train(layer + 1), testTargets: reference.test(layer + 1))
    #expect(fit.missed == 0)
    let expected = try #require(reference.json["svr_r2"]?["\(layer)"]?.objectValue)
    for target in 0..<64 {
      guard let value = expected["\(target)"]?.doubleValue else { continue }
      let found = try #require(fit.r2[target])
      #expect(abs(found - value) < 0.02, "dimension \(target)")
    }
  }
}

extension ReferenceTests {
  @Test func linearMapsMatchScikitLearn() throws {
    let reference = try StoryReference()
    let result = try LinearMaps.pairwiseR2(
      train: (0...5).map { reference.train($0) }, test: (0...5).map { reference.test($0) })
    #expect(result.methods.count == 5 && result.warnings.isEmpty)
    for i in 0..<5 {
      for j in i + 1...5 {
        let map = try #require(reference.json["linear_map_r2"]?["\(i)-\(j)"]?.doubleValue)
        let identity = try #require(reference.json["identity_r2"]?["\(i)-\(j)"]?.doubleValue)
        #expect(abs(try #require(result.map[i][j]) - map) < 1e-5)
        #expect(abs(try #require(result.identity[i][j]) - identity) < 1e-5)
        #expect(result.map[j][i] == nil)
      }
    }
  }
}
