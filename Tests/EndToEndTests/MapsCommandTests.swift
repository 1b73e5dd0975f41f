import Foundation
import TestSupport
import Testing

@Suite struct MapsCommandTests {
  private let folder: TemporaryDirectory
  private let model = ["--model", ProjectRoot.asset("models/atlas-bert")]
  private let book = ["--book", "none", "--store", "store"]

  init() throws { folder = try TemporaryDirectory() }

  private func run(_ arguments: [String]) throws -> Program.Outcome { try Program.run(arguments, in: folder.path) }

  @Test func mapsGoIntoAFileAndBack() throws {
    let texts = ["--dataset", ProjectRoot.asset("texts/atlas.txt")]
    let written = try run(["maps", "export"] + model + texts + book + ["--set", "n=200", "--out", "m"])
    #expect(written.output == "m  6 maps, fitted to 160 samples\n", "\(written.errors)")
    let kept = try run(["maps", "import", "m"] + model + book)
    #expect(kept.output.hasPrefix("m  6 maps for "), "\(kept.errors)")
    let ask = ["ask"] + model + texts + book + ["--format", "json", "<<precision n=200 maps=\(folder.path)/m>>"]
    #expect(try run(ask).status == 0)
    let other = ["--model", ProjectRoot.asset("models/atlas-gpt2")]
    let refused = try run(["maps", "import", "m"] + other + book)
    #expect(refused.status == 1 && refused.errors.contains("6 maps 128 wide"), "\(refused.errors)")
  }

  @Test func whatCannotBeASettingIsSaid() throws {
    let texts = ["--dataset", ProjectRoot.asset("texts/atlas.txt")]
    let outcome = try run(["maps", "export"] + model + texts + book + ["--set", "m=200", "--out", "m"])
    #expect(outcome.status == 2)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/m"))
  }
}
