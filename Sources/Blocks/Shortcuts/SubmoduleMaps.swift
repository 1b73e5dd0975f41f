import Analyses
import Books
import Regression
import Transformers

/// Maps fitted to stand in for the parts of every block.
struct SubmoduleMaps {
  /// The maps, `[L]`, by part.
  private var blocks: [[Tap.Part: AffineMap]] = []

  /// Fits every part of every block at one position of each training text.
  ///
  /// What a LayerNorm gives obeys a linear relation but for rounding, which no map should lean on.
  ///
  /// - Parameter memory: about how many bytes of inputs and outputs are held at once; more takes fewer runs.
  init(
    _ model: Model, train: [SampledText], options: LinearMapOptions, memory: Int, monitor: Monitor
  ) throws {
    var options = options
    options.smallestDirection = LinearMapOptions.rounding
    let configuration = model.configuration
    let bytesPerBlock = 8 * train.count * configuration.width * 4
    let step = max(1, min(configuration.blocks, memory / max(1, bytesPerBlock)))
    let requests = train.map { CaptureRequest(ids: $0.ids, positions: $0.positions) }
    for start in stride(from: 0, to: configuration.blocks, by: step) {
      let range = start..<min(start + step, configuration.blocks)
      let capture = try SubmoduleCapture(model, requests, blocks: range, options: CaptureOptions(memory: memory))
      for block in range {
        blocks.append(try Self.fit(capture, block, configuration.plans[block], options))
        monitor.progress("fitting sub-modules", block + 1, configuration.blocks)
      }
    }
  }

  private static func fit(
    _ capture: SubmoduleCapture, _ block: Int, _ plan: BlockPlan, _ options: LinearMapOptions
  ) throws -> [Tap.Part: AffineMap] {
    var maps: [Tap.Part: AffineMap] = [:]
    for part in Submodule.allCases.flatMap({ $0.parts(of: plan) }) {
      let solver = try LinearMapSolver(source: capture.states(block, at: part.input), options: options)
      maps[part.part] = AffineMap(try solver.map(to: capture.states(block, at: part.output)), options)
    }
    return maps
  }

  /// The taps that put the maps in the place of one kind of sub-module, in every block.
  func taps(_ kind: Submodule, _ configuration: ModelConfiguration) -> [Tap] {
    blocks.enumerated().flatMap { block, maps in
      kind.parts(of: configuration.plans[block]).compactMap { part in
        maps[part.part].map { map in .replace(part.part, blocks: [block]) { _, input in map.apply(input) } }
      }
    }
  }
}
