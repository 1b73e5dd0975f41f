import ArgumentParser
import Blocks
import Books
import Checkpoints
import Markup
import Transformers

/// `layerbook models`: every model of the book, and whether it is there.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the models of the book: family, size, dtype, digest, and whether they are there.")

  @OptionGroup var options: BookOptions

  func run() throws {
    let book = try options.load()
    let bench = options.bench(book)
    var rows = [["model", "family", "blocks", "width", "weights", "dtype", "digest", "where"]]
    for entry in book.models { rows.append(row(entry, bench)) }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let cells = row.enumerated().map { index, cell in
        index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
      }
      print(cells.joined(separator: "  "))
    }
  }

  private func row(_ entry: ModelEntry, _ bench: Workbench) -> [String] {
    func absent(_ reason: String) -> [String] { [entry.name, "-", "-", "-", "-", "-", "-", reason] }
    do {
      let subject = try bench.subject(entry.name)
      let digest = String(try subject.identity().digest.prefix(12))
      guard let directory = entry.checkpointDirectory() else {
        return [entry.name, "-", "-", "-", "-", "-", digest, "captured states"]
      }
      let configuration = try Model.open(directory).configuration
      let summary = try CheckpointSummary(directory: directory)
      return [
        entry.name, configuration.family.name, String(configuration.blocks), String(configuration.width),
        summary.size, summary.types, digest, directory,
      ]
    } catch let error as EngineError {
      return absent("absent" + (error.hint.map { ": " + $0 } ?? ": " + error.message))
    } catch {
      return absent("unusable: \(error)")
    }
  }
}

/// How many weights a checkpoint has and how they are stored.
private struct CheckpointSummary {
  var size: String
  var types: String

  init(directory: String) throws {
    let checkpoint = try Checkpoint(path: directory)
    var count = 0
    var types: Set<String> = []
    for entry in checkpoint.files.flatMap(\.entries) where entry.type.isFloatingPoint {
      count += entry.shape.reduce(1, *)
      types.insert(entry.type.rawValue)
    }
    size = count >= 1_000_000 ? NumberText.fixed(Double(count) / 1e6, decimals: 1) + " M" : "\(count / 1000) K"
    self.types = types.sorted().joined(separator: ",")
  }
}
