import Foundation
import Tensors
import TestSupport
import Transformers

/// The tiny checkpoints that tests of the block path run on: all residual orders, norms, caps, windows and layouts.
enum FixtureModels {
  /// Every committed checkpoint with weights, by its path under Tests/Fixtures.
  static let all: [String] = {
    let families = (try? FileManager.default.contentsOfDirectory(atPath: ProjectRoot.fixture("families"))) ?? []
    let runnable = families.sorted().filter {
      FileManager.default.fileExists(atPath: ProjectRoot.fixture("families/\($0)/model.safetensors"))
    }
    return ["gpt2", "llama", "llama-tied", "qwen2", "bert"] + runnable.map { "families/\($0)" }
  }()

  static let causal = all.filter { (try? open($0).configuration.isBidirectional) == false }

  static func open(_ name: String) throws -> Model { try Model.open(ProjectRoot.fixture(name)) }

  /// Texts of several lengths, one of a single token and one longer than a tile of queries where the context allows.
  static func texts(_ model: Model) -> [[Int]] {
    let c = model.configuration
    return [9, 1, 17, min(c.context, 150)].enumerated().map { text, length in
      (0..<length).map { (text * 31 + $0 * 17 + 3) % c.vocabulary }
    }
  }
}

extension Model {
  /// h_0 … h_L of every position of some texts.
  func states(_ texts: [[Int]], taps: [Tap] = []) throws -> [Matrix] {
    let run = try ModelRun(self, texts)
    var levels = [try run.allStates()]
    for level in 1...configuration.blocks {
      try run.advance(to: level, taps: taps)
      levels.append(try run.allStates())
    }
    return levels
  }
}

/// Collects what read taps are shown.
final class Notebook {
  struct Entry: Hashable {
    var block: Int
    var site: Site
  }
  /// Rows by block, site, text and position.
  private(set) var rows: [Entry: [[Int]: [[Float]]]] = [:]

  private(set) var taps: [Tap] = []

  func add(_ site: Site, blocks: Set<Int>?) {
    let tap = Tap.read(site, blocks: blocks) { visit, values in
      for row in 0..<values.rows {
        let place = [visit.texts[row], visit.positions[row]]
        self.rows[Entry(block: visit.block, site: site), default: [:]][place, default: []].append(values.row(row))
      }
    }
    taps.append(tap)
  }

  /// What was shown at a place; several rows at `pattern`, one for each head.
  func all(_ site: Site, block: Int, text: Int, position: Int) -> [[Float]] {
    rows[Entry(block: block, site: site)]?[[text, position]] ?? []
  }

  func row(_ site: Site, block: Int, text: Int, position: Int) -> [Float] {
    let found = all(site, block: block, text: text, position: position)
    return found.count == 1 ? found[0] : []
  }
}
