import Checkpoints
import Foundation
import TestSupport
import Testing
import Transformers

/// Every family with its options against transformers 5.23 in float32: see Tests/Generators/family_fixtures.py.
@Suite struct FamilyParityTests {
  static let own = cases(in: ProjectRoot.fixture("families"))
  static let shared = SharedMaterial.isPresent ? cases(in: SharedMaterial.path("fixtures/families")) : []

  private static func cases(in folder: String) -> [ParityCase] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().map {
      ParityCase(name: $0, model: folder + "/" + $0, expected: folder + "/\($0)/expected.safetensors")
    }
  }

  @Test func everyFamilyHasAFixture() throws {
    var found: Set<ModelConfiguration.Family> = []
    for parity in Self.own { found.insert(try Model.open(parity.model).configuration.family) }
    for name in ["gpt2", "llama", "qwen2", "bert"] {
      found.insert(try Model.open(ProjectRoot.fixture(name)).configuration.family)
    }
    #expect(found == Set(ModelConfiguration.Family.allCases))
    #expect(Self.own.count == 33)
  }

  @Test(arguments: own) func equalsTransformers(_ parity: ParityCase) throws {
    #expect(try ParityTests.largestDifference(parity) < 1e-5)
  }

  @Test(.enabled(if: SharedMaterial.isPresent), arguments: shared)
  func equalsTransformersOnLargerOnes(_ parity: ParityCase) throws {
    #expect(try ParityTests.largestDifference(parity) < 1e-5)
  }
}
