import Blocks
import Foundation
import Results
import TestSupport
import Testing

@Suite struct MapsFileTests {
  private let folder: TemporaryDirectory
  private let path: String

  init() throws {
    folder = try TemporaryDirectory()
    path = folder.path + "/maps.safetensors"
  }

  private func export(_ settings: String) throws {
    let asker = Asker()
    let bound = try asker.bind("<<precision \(settings)>>").source
    let written = try MapsJob(bound, on: asker.evaluator.bench).export(to: path)
    #expect(written.maps == 6 && written.samples == 160)
  }

  @Test(arguments: ["n=200", "n=200 intercept=on"]) func mapsOfAFileReadAsFittedOnesDo(settings: String) throws {
    try export(settings)
    let fitted = try Asker().ask("<<precision \(settings)>>").result
    let read = try Asker().ask("<<precision n=200 maps=\(path)>>")
    #expect(read.result["mat"] == fitted["mat"])
    #expect(try Asker().ask("<<earlyexit 95% n=200 maps=\(path)>>").result["mat"] != nil)
  }

  @Test func anImportSparesTheFit() throws {
    try export("n=200")
    let asker = Asker(store: folder.path + "/store")
    let store = try #require(asker.evaluator.bench.store)
    let maps = try MapsFile(path: path)
    try maps.keep(for: asker.evaluator.bench.subject("bert"), in: store)
    _ = try asker.ask("<<precision n=200>>")
    // The states and the answer are computed; the maps are there.
    #expect(store.counts == ResultStore.Counts(hits: 1, computed: 2))
  }

  @Test func mapsForAnotherUnembeddingAreRefused() throws {
    try export("n=200")
    let maps = try MapsFile(path: path)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let place = try #require(bytes.range(of: Data(maps.unembedding.utf8)))
    bytes.replaceSubrange(place, with: Data(String(maps.unembedding.reversed()).utf8))
    try bytes.write(to: URL(fileURLWithPath: path))
    let failure = try Asker().failure("<<precision n=200 maps=\(path)>>")
    let found = String(maps.unembedding.reversed()).prefix(12)
    #expect(
      failure?.message.hasPrefix("'\(path)' holds maps for the unembedding \(found), and that of 'bert' is") == true)
  }

  @Test func anotherFileIsNoMaps() throws {
    let states = ProjectRoot.asset("models/atlas-bert/model.safetensors")
    let failure = try Asker().failure("<<precision n=200 maps=\(states)>>")
    #expect(failure?.message == "'\(states)' holds no maps")
  }

  @Test func whatMakesNoSenseBesideAFileIsSaid() throws {
    let faults = Registry.standard.faults(of: try Asker().bind("<<precision maps=a,b ridge=1>>"))
    #expect(
      faults.map(\.message) == [
        "'maps' takes one file, found 2", "'ridge' has no meaning beside 'maps': nothing is fitted",
      ])
  }
}
