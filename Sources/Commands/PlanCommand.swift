import ArgumentParser
import Diagnostics
import JSONText

/// `layerbook plan`: what would have to be computed, as lines for whoever shares it out.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "List every result that the store lacks, one JSON line each; compute nothing.",
    discussion: """
      A line names a result, or a part under results that is kept by itself: captured states, the regressions out of one
      depth, fitted maps, a shard of a corpus. `layerbook compute` takes lines or their keys. What others rest on comes
      first, then the longest; a result that several templates show stands there once.

        key         SHA-256 that names the work; of a result, its key in the store
        part        which part it is; absent for a result
        directive   the directive with all its settings; template and line say where it stands
        inputs      models, datasets and files with their digests
        seconds     a rough estimate for two cores, from multiply-adds; nothing is timed
        waits_for   keys of work in this plan that should be done before; what is not is done on the way
        whole       with --shards: why this one is not split
        decides     conditions (<<if …>>) that cannot be decided before; what stands in their branches is in the next plan

      Examples:
        layerbook plan
        layerbook plan reports/convergence.md --shards 8 > plan.jsonl
        layerbook plan | parallel --pipe -N1 layerbook compute -
      """)

  @Argument(help: "Templates; by default every one of the book.")
  var templates: [String] = []

  @Option(name: .customLong("set"), help: "Overrides front matter: --set model=NAME, --set n=500.")
  var settings: [String] = []

  @Option(help: "Into how many parts a corpus is cut that an engine goes over text by text; no result depends on it.")
  var shards: Int = 1

  @OptionGroup var options: BookOptions

  func validate() throws { try ShardCount.check(shards) }

  func run() throws {
    _ = try Settings.pairs(settings)
    let items = try TemplateList(named: templates, options: options).items
    let plan = try WorkPlan(
      items.map { .init(template: $0.path, settings: settings, shards: shards) }, options: options)
    for entry in plan.entries { StandardOutput.write(Array((JSON.write(entry.json) + "\n").utf8)) }
    for condition in plan.openConditions {
      Terminal.error("note: \(condition): <<if>> is decided by a result of this plan; plan again once it is there")
    }
    Terminal.warn(plan.takeWarnings())
    for fault in plan.faults { Terminal.error(fault.rendered()) }
    if plan.faults.hasErrors {
      throw CommandFailure(code: .failed, message: "of some directives it cannot be told what they depend on")
    }
  }
}

/// `--shards`.
enum ShardCount {
  static let most = 100_000

  static func check(_ count: Int) throws {
    guard (1...most).contains(count) else {
      throw ValidationError("--shards needs a number from 1 to \(most), found \(count)")
    }
  }
}
