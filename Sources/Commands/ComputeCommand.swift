import ArgumentParser
import Blocks
import Diagnostics
import Dispatch
import Foundation
import JSONText

/// `layerbook compute`: some of a plan's work, into a store that other workers share.
struct ComputeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compute",
    abstract: "Compute work of a plan into the store.",
    discussion: """
      Any number of workers may share a store, also on several machines with a network folder: whoever begins a piece of
      work claims it, others wait for it, and the claim of a worker that died passes on, at once on its own machine, after
      a minute on others. What a page shows does not depend on who computed what.

      A line on standard output for each key: "outcome" is computed, or stored where the store had it or another worker
      was quicker; "entries" counts what this worker added to the store.

      Examples:
        layerbook compute 3f0c9a7b52d1                        a key of the plan, or its beginning
        layerbook plan --shards 8 | layerbook compute -       lines of a plan; their own options hold
        layerbook compute - < plan.jsonl --store /net/store   the plan has to come from the same store
      """)

  @Argument(help: "Keys, of eight digits at least; '-' reads lines of a plan from standard input.")
  var keys: [String]

  @Option(name: .customLong("template"), help: "For keys: a template to look in. Default: every one of the book.")
  var templates: [String] = []

  @Option(name: .customLong("set"), help: "For keys: as `plan` was given it.")
  var settings: [String] = []

  @Option(help: "For keys: as `plan` was given it.")
  var shards: Int = 1

  @OptionGroup var options: BookOptions

  func validate() throws {
    try ShardCount.check(shards)
    if keys.contains("-"), keys.count > 1 || !templates.isEmpty || !settings.isEmpty || shards > 1 {
      throw ValidationError("lines of a plan bring keys, templates and settings themselves: '-' stands alone")
    }
    for key in keys where key != "-" && !PlanLine.isKey(key) {
      throw ValidationError("'\(key)' is no key: 8 to 64 of the digits 0-9 and a-f")
    }
  }

  func run() throws {
    let wanted = try self.wanted()
    guard !wanted.isEmpty else { return }
    var requests: [WorkPlan.Request] = []
    for request in wanted.flatMap(\.requests) where !requests.contains(request) { requests.append(request) }
    let plan = try WorkPlan(requests, options: options, all: true)
    let chosen = try wanted.map { try $0.entry(in: plan) }
    let places = Set(chosen)
    var failed = 0
    // In the order of the plan, whatever the order they were named in.
    for place in plan.entries.indices where places.contains(place) {
      if !compute(plan.entries[place]) { failed += 1 }
    }
    if failed > 0 {
      throw CommandFailure(code: .failed, message: "\(failed) of \(counted(places.count, "key")) could not be computed")
    }
  }

  /// Computes one, and says so; false where it failed.
  private func compute(_ entry: WorkPlan.Entry) -> Bool {
    let started = DispatchTime.now().uptimeNanoseconds
    let store = entry.evaluator.bench.store
    do {
      let entries = entry.item.isKept ? 0 : try entry.evaluator.compute(entry.item)
      let warnings = store?.takeWarnings() ?? []
      Terminal.warn(warnings)
      // Computed for nobody: another worker would do it again, and so would the page.
      if warnings.contains(where: { $0.code == .notKept }) { return false }
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9
      let line: JSONValue = [
        "key": .string(entry.item.key.hex), "outcome": entries > 0 ? "computed" : "stored", "entries": .int(entries),
        "seconds": .double((seconds * 1000).rounded() / 1000), "host": .string(ProcessInfo.processInfo.hostName),
        "process": .int(Int(ProcessInfo.processInfo.processIdentifier)),
      ]
      // Each as it comes: a worker that is killed later has done this one.
      StandardOutput.write(Array((JSON.write(line) + "\n").utf8))
      StandardOutput.finish()
      return true
    } catch {
      Terminal.warn(store?.takeWarnings() ?? [])
      let (message, hints) = error.explanation
      let directive = entry.item.bound.directive
      Terminal.error(directive.diagnostic(at: directive.span, message, hints: hints).rendered())
      return false
    }
  }

  /// The keys that are asked for, and where each may be found.
  private func wanted() throws -> [PlanLine] {
    if keys == ["-"] { return try PlanLine.all(from: FileHandle.standardInput.readDataToEndOfFile()) }
    _ = try Settings.pairs(settings)
    let requests = try TemplateList(named: templates, options: options).items.map {
      WorkPlan.Request(template: $0.path, settings: settings, shards: shards)
    }
    return keys.map { PlanLine(key: $0.lowercased(), requests: requests, line: nil) }
  }
}
