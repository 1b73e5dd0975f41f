import Blocks
import Diagnostics
import Files
import Results

/// The author's own files in an archived version: tables that a page shows, programs that answered it.
enum OwnFiles {
  /// One item for each file, under `own/`.
  ///
  /// - Throws: `EngineError` where a file is no longer what the page was made of.
  static func items(of evaluations: [Evaluation], _ bench: Workbench) throws -> [ArchiveItem] {
    var items: [ArchiveItem] = []
    for evaluation in evaluations {
      for file in evaluation.namedFiles + evaluation.programFiles {
        let name = path(of: file)
        guard !items.contains(where: { $0.path == name }) else { continue }
        let bytes = try readFile(bench.path(of: file, in: evaluation))
        guard sha256(bytes).hex == file.digest else {
          throw EngineError("'\(quotable(file.name))' was changed while the page was made", hint: "archive it again")
        }
        items.append(ArchiveItem(path: name, title: "A file of the author's own", content: .bytes(bytes)))
      }
    }
    return items
  }

  /// The file's own name, made portable, below a part of its digest: two files may be called the same.
  private static func path(of file: NamedDigest) -> String {
    "own/" + PortableName.make(from: "\(file.digest.prefix(8))-\(fileName(of: file.name))")
  }
}
