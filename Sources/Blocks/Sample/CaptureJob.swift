import Books
import Checkpoints
import Files
import Transformers

/// `layerbook capture`: the states of a sample, written as they come, in little memory.
public struct CaptureJob {
  /// What is captured.
  public var selection: SampleSelection
  /// Whether fewer texts than asked for are good enough.
  public var takesFewer: Bool
  /// Where an interrupted capture leaves what it has done.
  public var journalDirectory: String?

  public init(selection: SampleSelection, takesFewer: Bool, journalDirectory: String?) {
    self.selection = selection
    self.takesFewer = takesFewer
    self.journalDirectory = journalDirectory
  }

  /// Captures and writes `layerbook.states/1`.
  ///
  /// - Returns: how many texts and positions were written.
  public func run(
    model name: String, dataset: String?, to path: String, on bench: Workbench
  ) throws -> (texts: Int, positions: Int) {
    let subject = try bench.subject(name)
    let entry = try bench.datasetEntry(dataset, for: "capture")
    let model = try subject.model()
    let samples = try bench.samples(
      of: subject, entry,
      StatesRequest(selection: selection, takesFewer: takesFewer, remedy: "lower --n, or leave it out"))
    let digest = try subject.identity().digest
    let positions = samples.flatMap(\.positions)
    // A capture that was killed may have left gigabytes beside its target.
    removeAbandonedPartials(in: parentDirectory(of: path))
    let writer = try CapturedStatesWriter(
      path: path, states: model.configuration.blocks + 1, samples: positions.count, width: model.configuration.width,
      metadata: StatesMetadata(
        model: name, modelDigest: digest, dataset: entry.name, datasetDigest: try bench.identity(of: entry).digest,
        position: selection.position.rawValue),
      positions: positions, nextTokens: samples.flatMap(\.nextTokens).map { $0 < 0 ? nil : $0 },
      tokenIDs: samples.map(\.ids))
    var options = CaptureOptions()
    options.memory = bench.memory
    options.journal = journalDirectory.map { CaptureJournal(directory: $0, modelDigest: digest) }
    let monitor = bench.monitor
    options.progress = { monitor.progress("running \(name)", $0.blocksDone, $0.blocks) }
    var failure: CheckpointError?
    try model.capture(
      samples.map { CaptureRequest(ids: $0.ids, positions: $0.positions) }, options: options
    ) { level, firstRow, rows in
      guard failure == nil else { return }
      do throws(CheckpointError) { try writer.write(rows, state: level, firstRow: firstRow) } catch { failure = error }
    }
    if let failure { throw failure }
    try writer.finish()
    return (samples.count, positions.count)
  }
}
