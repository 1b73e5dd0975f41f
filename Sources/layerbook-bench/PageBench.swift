import ArgumentParser
import Files
import Foundation
import Results

/// Times a page whose prose alone changed, whole processes in turn with R Markdown's cached chunks.
struct PageBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "page",
    abstract: "Renders a page of twenty figures again and again, beside R Markdown with cache=TRUE.")

  @Option(help: "The program to time.") var program = ".build/release/layerbook"
  @Option(help: "Folder for both pages.") var folder = ".build/bench/page"
  @Option(help: "Rscript with rmarkdown and knitr; without it only our side runs.") var rscript = "/usr/bin/Rscript"
  @Option(help: "Renders of each side, of which the median counts.") var repeats = 15

  private var book: String { folder + "/book" }
  private var template: String { book + "/page.md" }

  func run() throws {
    try createDirectory(book)
    try? FileManager.default.removeItem(atPath: book + "/.layerbook")
    try write(Self.bookFile, to: book + "/layerbook.yaml")
    let hasR = FileManager.default.isExecutableFile(atPath: rscript)
    if !hasR { print("no \(rscript): R Markdown was not run") }
    let cold = try render(prose: 0).seconds
    let coldR = hasR ? try renderR(prose: 0) : 0
    var ours: [Double] = []
    var theirs: [Double] = []
    for round in 1...repeats {
      let (seconds, output) = try render(prose: round)
      guard output.contains("nothing to compute") else { throw BenchFailure("not warm: \(output)") }
      ours.append(seconds)
      if hasR { theirs.append(try renderR(prose: round)) }
    }
    print("page of \(Self.directives.count) figures, prose edited before each of \(repeats) renders, whole processes")
    print("  layerbook: first \(rounded(cold, 2)) s, then \(Self.wording(ours)), no engine called")
    if hasR {
      print("  R Markdown, cache=TRUE: first \(rounded(coldR, 2)) s, then \(Self.wording(theirs)), no chunk run")
      print("  times faster: \(rounded(Self.median(theirs) / Self.median(ours), 1))")
    }
    try timeHits()
  }

  // MARK: - Our side

  private func render(prose: Int) throws -> (seconds: Double, output: String) {
    let figures = Self.directives.enumerated().map { "## Question \($0 + 1)\n\nProse \(prose).\n\n\($1)\n" }
    try write("# Twenty figures\n\n" + figures.joined(separator: "\n"), to: template)
    return try timeProcess(program, ["render", template, "--out", folder + "/site"])
  }

  private static let bookFile = """
    models:
      llama: {path: \(FileManager.default.currentDirectoryPath)/assets/models/atlas-llama}
      gpt: {path: \(FileManager.default.currentDirectoryPath)/assets/models/atlas-gpt2}
    datasets:
      atlas: {path: \(FileManager.default.currentDirectoryPath)/assets/texts/atlas.txt, format: lines}
    defaults: {model: llama, dataset: atlas, seed: 42}

    """

  private static let directives = ["llama", "gpt"].flatMap { model in
    [
      "<<convergence \(model)>>", "<<convergence \(model) n=100>>", "<<convergence \(model) n=50 as=table>>",
      "<<heatmap r2 both \(model) position=random n=1000>>", "<<heatmap r2 diff \(model) position=random n=1000>>",
      "<<heatmap r2 mean \(model) n=200>>", "<<heatmap r2 dims \(model) n=200>>", "<<earlyexit \(model) 90%>>",
      "<<earlyexit \(model) 95%>>", "<<redundancy targets \(model) n=200>>",
    ]
  }

  /// How long the store takes to answer for each result of the page.
  private func timeHits() throws {
    let store = ResultStore(directory: book + "/.layerbook")
    guard let record = RunRecord.load(template: URL(fileURLWithPath: template).standardizedFileURL.path, from: store)
    else { throw BenchFailure("the store has no record of \(template)") }
    let keys = record.slots.map { ResultKey(inputs: $0.inputs) }
    var longest = 0.0
    let rounds = 20
    let begin = ContinuousClock.now
    for _ in 0..<rounds {
      for key in keys {
        let start = ContinuousClock.now
        guard store.lookup(key) != nil else { throw BenchFailure("a result is gone") }
        longest = max(longest, seconds(since: start))
      }
    }
    let mean = seconds(since: begin) / Double(rounds * keys.count)
    print("  a hit of the store: \(rounded(mean * 1e6)) µs, at most \(rounded(longest * 1e6)) µs")
  }

  // MARK: - The other side

  private func renderR(prose: Int) throws -> Double {
    let chunks = Self.directives.indices.map { index in
      // Each chunk draws as many numbers as a figure of ours, and leaves a mark where it is run.
      """
      ## Question \(index + 1)

      Prose \(prose).

      ```{r figure-\(index + 1)}
      cat("x", file = "runs", append = TRUE)
      set.seed(\(index)); plot(cumsum(rnorm(144)), type = "b", xlab = "depth", ylab = "distance")
      ```

      """
    }
    let head = """
      ---
      title: Twenty figures
      output: html_document
      ---

      ```{r, include = FALSE}
      knitr::opts_chunk$set(cache = TRUE)
      ```

      """
    let home = folder + "/rmarkdown"
    if prose == 0 { try? FileManager.default.removeItem(atPath: home) }
    try createDirectory(home)
    try write(head + chunks.joined(), to: home + "/page.Rmd")
    let runs = { (try? fileStatus(home + "/runs").size) ?? 0 }
    let before = runs()
    let seconds = try timeProcess(rscript, ["-e", "rmarkdown::render('\(home)/page.Rmd', quiet = TRUE)"]).seconds
    let expected = prose == 0 ? Self.directives.count : 0
    guard runs() - before == expected else { throw BenchFailure("R ran \(runs() - before) chunks") }
    return seconds
  }

  // MARK: - Timing

  private func write(_ text: String, to path: String) throws { try AtomicFile.write(Array(text.utf8), to: path) }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  private static func wording(_ values: [Double]) -> String {
    "\(rounded(median(values) * 1e3)) ms (\(rounded((values.min() ?? 0) * 1e3)) to \(rounded((values.max() ?? 0) * 1e3)))"
  }
}
