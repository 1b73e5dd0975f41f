import Files
import Glibc
import JSONText
import Results

/// A file of an archived version as someone else wrote it; the input's first byte says which file.
///
/// Whatever stands in it, the version can be read, compared with itself and listed, or ends in an error; and any byte
/// that is not the original's is found.
func readArchivedFile(_ bytes: [UInt8]) {
  guard let sound, let first = bytes.first else { return }
  let (name, original) = sound.files[Int(first) % sound.files.count]
  let path = "\(sound.version.path)/\(name)"
  let content = Array(bytes.dropFirst())
  guard (try? AtomicFile.write(content, to: path, durable: false)) != nil else { return }
  let findings = sound.archive.verify(sound.version)
  precondition(findings.isEmpty == (content == original), "an altered file passed, or a sound one did not")
  for finding in findings { _ = finding.description }
  _ = sound.version.info
  _ = try? sound.version.files()
  if let results = try? sound.version.results() {
    let diff = ResultDiff(old: sound.results, new: results)
    precondition(diff.isBeyond || !diff.faults.isEmpty || diff.pairs.allSatisfy(\.isSame), "values changed in silence")
  }
  try? AtomicFile.write(original, to: path, durable: false)
}

/// A version in memory whose files are replaced one at a time, made once.
private struct SoundArchive {
  let archive: Archive
  let version: ArchiveVersion
  let results: ResultSet
  /// The files that are read back, with their bytes.
  let files: [(name: String, bytes: [UInt8])]

  init() throws {
    archive = Archive(directory: "/dev/shm/layerbook-fuzz-\(getpid())/archive")
    let result: JSONValue = ["score": 0.25, "distance": [0.5, nil, 1]]
    let entries = [true, false].map { isEmbedded in
      PageManifest.Entry(
        id: isEmbedded ? "fig-1" : "fig-2", directive: "convergence", line: 1,
        key: ResultKey(inputs: ["directive": "convergence"]), result: StoredResult(value: result),
        isEmbedded: isEmbedded)
    }
    let manifest = PageManifest(version: "0.1", report: "fuzz", template: "# T\n", entries: entries)
    let page = try manifest.seal(page: Array("<html>\(PageManifest.placeholder)</html>".utf8))
    version = try archive.add(
      report: "fuzz",
      description: ArchiveDescription(title: "T", summary: "S", date: "2026-01-31", version: "0.1"),
      items: ArchiveItem.version(
        page: page, template: "# T\n", book: [:], environment: [:], manifest: manifest, results: ["fig-2": result])
    ).version
    results = try version.results()
    let path = version.path
    files = try [
      "tagmanifest-sha256.txt", "manifest-sha256.txt", "bag-info.txt", "data/manifest.json", "data/results/fig-2.json",
    ].map { ($0, try readFile("\(path)/\($0)")) }
  }
}

private let sound = try? SoundArchive()
