import ArgumentParser
import Blocks
import Books

/// `layerbook maps`: fitted maps in a file of their own.
struct MapsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maps",
    abstract: "Write fitted linear maps to a file, or take them from one.",
    discussion: """
      The file is safetensors: map.0 … map.L-1, each [d, d], so that h_l · map.l is near h_L for row vectors, and the
      digest of the unembedding they were fitted for; for another unembedding they are refused. A directive reads states
      through the maps of a file with maps=FILE.

      Examples:
        layerbook maps export --model atlas-llama --dataset atlas --out maps.safetensors
        layerbook maps import maps.safetensors --model atlas-llama
        layerbook ask '<<precision atlas-llama maps=maps.safetensors>>'
      """,
    subcommands: [MapsExport.self, MapsImport.self])
}

/// `layerbook maps export`.
struct MapsExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Fit the maps that `precision` and its kin read states through, and write them.")

  @Option(help: "The model: a name of the book or a checkpoint folder.")
  var model: String

  @Option(help: "The dataset: a name of the book or a file; not for captured states.")
  var dataset: String?

  @Option(name: .customLong("set"), help: "A setting of the fit, as `precision` takes it: --set n=1000.")
  var settings: [String] = []

  @Option(help: "The file to write.")
  var out: String

  @OptionGroup var options: BookOptions

  func validate() throws { try PathOptions.check("--out", out) }

  func run() throws {
    let book = try options.load()
    let bound = try DirectiveLine("precision").bind(
      in: book, model: model, dataset: dataset, settings: try Settings.pairs(settings))
    do {
      let written = try MapsJob(bound, on: options.bench(book)).export(to: out)
      ProgressLine.shared.clear()
      print("\(out)  \(written.maps) maps, fitted to \(written.samples) samples")
    } catch {
      throw Faults.failure(error)
    }
  }
}

/// `layerbook maps import`.
struct MapsImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Check maps against a model, and keep them where directives would look for the same ones.")

  @Argument(help: "The file.")
  var file: String

  @Option(help: "The model: a name of the book or a checkpoint folder.")
  var model: String

  @OptionGroup var options: BookOptions

  func run() throws {
    let book = try options.load()
    try NameCheck.model(model, in: book)
    do {
      let bench = options.bench(book)
      let maps = try MapsFile(path: file)
      let subject = try bench.subject(model)
      guard let store = bench.store else {
        throw EngineError("there is no store to keep maps in", hint: "leave --store none out")
      }
      try maps.keep(for: subject, in: store)
      print("\(file)  \(maps.maps.count) maps for \(model), kept in \(store.directory)")
    } catch {
      throw Faults.failure(error)
    }
  }
}
