import Blocks
import Directives
import Files
import Foundation
import JSONText
import TestSupport
import Testing

/// What the views of `memory` say of the embedded models, what they share and what they refuse.
@Suite struct MemoryViewTests {
  private static let sample = "n=40"

  @Test func triggersNameTextPrefixAndNextToken() throws {
    let book = try LensBook()
    let found = try book.result("<<memory triggers L11.N201 \(Self.sample) top=3>>")
    let triggers = try #require(found["triggers"]?.arrayValue)
    #expect(triggers.count == 3)
    let lines = String(decoding: try readFile(ProjectRoot.asset("texts/atlas.txt")), as: UTF8.self)
      .split(separator: "\n")
    for trigger in triggers {
      let text = String(lines[try #require(trigger["text"]?.intValue)])
      let (prefix, next) = (trigger["prefix"]?.stringValue ?? "-", trigger["next"]?.stringValue ?? "-")
      #expect(text.hasPrefix(prefix + next), "\(prefix)|\(next)")
    }
    let sizes = triggers.map { abs($0["coefficient"]?.doubleValue ?? 0) }
    #expect(sizes == sizes.sorted(by: >))
    // A masked model's neurons are lit, too.
    let masked = try book.result("<<memory triggers atlas-bert L2.N7 \(Self.sample) top=3>>")
    #expect(masked["triggers"]?.arrayValue?.count == 3)
  }

  /// All views of the same texts share one search, and all of a sample one reading.
  @Test func viewsShareTheirWork() throws {
    let folder = try TemporaryDirectory()
    let asker = Asker(store: folder.path)
    for view in [
      "agreement", "rank", "maxprob", "predictive", "patterns keys=1", "triggers L0.N1", "agreement sign=signed",
    ] {
      _ = try asker.ask("<<memory \(view) causal \(Self.sample)>>")
    }
    for view in ["active", "composition", "dominant", "residual", "confidence", "cases", "lastlayer"] {
      _ = try asker.ask("<<memory \(view) causal \(Self.sample)>>")
    }
    func entries(_ kind: String) throws -> Int {
      try FileManager.default.subpathsOfDirectory(atPath: folder.path).count {
        $0.hasPrefix(kind + "/") && $0.hasSuffix(".entry")
      }
    }
    #expect(try entries("triggers") == 1)
    #expect(try entries("readings") == 1)
  }

  @Test func sharesAddUpAndControlsStandBeside() throws {
    let book = try LensBook()
    for model in ["atlas-llama", "atlas-gpt2"] {
      let cases = try book.result("<<memory cases \(model) \(Self.sample)>>")
      let parts = ["residual", "agreement", "composition", "ffn", "veto"].map { numbers(cases[$0]) }
      for block in parts[0].indices {
        #expect(abs(parts.reduce(0) { $0 + ($1[block] ?? 9) } - 1) < 1e-12)
        #expect(parts[4][block] == 0)
      }
      let agreement = try book.result("<<memory agreement \(model) \(Self.sample)>>")
      let overall = try #require(agreement["overall"]?.doubleValue)
      #expect(overall > 3 * (try #require(agreement["random"]?.doubleValue)))
      let residual = numbers(try book.result("<<memory residual \(model) \(Self.sample)>>")["rate"])
      #expect((residual.last ?? 0) ?? 0 > (residual.first ?? 1) ?? 1)
    }
  }

  @Test func aPositionIsTheLastTokenOrEveryPrefix() throws {
    let book = try LensBook()
    let all = try book.ask("<<memory cases n=5 position=all>>")
    let last = try book.ask("<<memory cases n=5 position=last>>")
    #expect(last.facts.positions == 5 && all.facts.positions > 50)
    let random = try book.ask("<<memory cases n=5>>")
    #expect(random.facts.positions == 5)
  }

  @Test func labelsOfPeopleWin() throws {
    let folder = try TemporaryDirectory()
    let file = folder.path + "/labels.csv"
    try AtomicFile.write(
      Array("unit,kind,pattern,count\nL3.N5,semantic,\"money, and what is paid with\",7\n".utf8), to: file)
    let book = try LensBook()
    let found = try book.result("<<memory patterns L3.N5 \(Self.sample) annotations=\(file)>>")
    let neuron = try #require(found["neurons"]?[0])
    #expect(neuron["by"]?.stringValue == "annotation" && neuron["count"]?.intValue == 7)
    #expect(neuron["pattern"]?.stringValue == "money, and what is paid with")
    #expect(found["annotated"]?.intValue == 1)
    let prefixes = try #require(neuron["prefixes"]?.doubleValue)
    #expect(numbers(found["semantic"])[3] == 7 / prefixes)
    let counted = try book.result("<<memory patterns L3.N5 \(Self.sample)>>")
    #expect(counted["neurons"]?[0]?["by"]?.stringValue == "automatic")
  }

  @Test(arguments: [
    ("unit,kind,pattern\nL3.H5,none,x\n", "line 2: 'L3.H5' is no neuron"),
    ("unit,kind,pattern\nL3.N5,none,x\nL3.N5,both,x\n", "line 3: L3.N5 is annotated twice"),
    ("unit,kind,pattern\nL3.N5,shalow,x\n", "line 2: 'shalow' is no kind"),
    ("unit,kind,pattern,count\nL3.N5,none,x,-2\n", "line 2: the count is no whole number"),
    ("unit,kind,patern\nL3.N5,none,x\n", "has no column 'pattern'"),
    ("unit,kind,pattern\nL3.N999,none,x\n", "344 neurons"),
  ])
  func faultsOfLabelsAreFoundWithoutRunning(file: String, message: String) throws {
    let folder = try TemporaryDirectory()
    try AtomicFile.write(Array(file.utf8), to: folder.path + "/labels.csv")
    let asker = Asker()
    let bound = try asker.bind("<<memory patterns causal annotations=\(folder.path)/labels.csv>>").source
    #expect {
      try asker.evaluator.resolve(bound)
    } throws: { ($0 as? Misfit)?.message.contains(message) ?? false }
    #expect(asker.evaluator.bench.passes == 0)
  }

  @Test func faultsOfATemplateAreFoundWithoutRunning() throws {
    let book = try LensBook()
    for (text, message) in [
      ("<<memory triggers>>", "no neuron is named"), ("<<memory triggers L3>>", "only a neuron"),
      ("<<memory value L3.H2>>", "only a neuron"), ("<<memory ablation L3.N2 keys=4>>", "'keys' has no meaning"),
      ("<<memory cases sign=signed>>", "sign"), ("<<memory cases norm=froozen>>", "'norm' must be one of"),
      ("<<memory cases position=eos>>", "'position' must be one of"), ("<<memory triger L1.N2>>", "triger"),
      ("<<memory patterns annotations=labels.txt>>", "is no table"),
    ] {
      let faults = try book.faults(text)
      #expect(faults.contains { $0.contains(message) }, "\(text): \(faults)")
    }
    #expect {
      _ = try book.result("<<memory agreement atlas-bert n=5>>")
    } throws: { "\($0)".contains("masked model") || "\($0)".contains("norms after") }
    #expect {
      _ = try book.result("<<memory triggers L3.N344 n=5>>")
    } throws: { "\($0)".contains("344 neurons") }
  }
}
