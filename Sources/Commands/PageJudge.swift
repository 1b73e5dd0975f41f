import Blocks
import Books
import Diagnostics
import Files
import JSONText
import Reports
import Results

/// What `verify` finds out about pages, and how it is said.
struct PageJudge {
  let options: BookOptions
  let book: Book
  let recompute: Bool
  let sealOnly: Bool
  let store: ResultStore?

  /// What was found out about one page.
  struct Verdict {
    /// What contradicts the page.
    var findings: [String] = []
    /// What was checked and what was not, the most important first.
    var parts: [String] = []
    /// Number by number, where everything was computed again.
    var diff: ResultDiff?
    /// Whether nothing is left to wish for.
    var isVerified = false

    var line: String { parts.joined(separator: "; ") }
  }

  func verdict(_ path: String) throws -> Verdict {
    let page: [UInt8]
    do { page = try readFile(path) } catch { throw Faults.failure(error) }
    if let pages = SiteIndex.pages(of: page) { return list(page, of: pages, path) }
    let report = PageAudit.verify(page: page, store: store)
    var verdict = Verdict(findings: report.findings.map { "\($0)" })
    if let manifest = try? PageManifest(page: page), report.isSound {
      try again(page, manifest, path, &verdict)
      verdict.parts += counts(report)
    }
    if !verdict.findings.isEmpty {
      let count = verdict.findings.count
      verdict.parts.insert(counted(count, "contradiction"), at: 0)
      verdict.isVerified = false
    }
    return verdict
  }

  /// A list of reports, made again from the pages that it names.
  private func list(_ page: [UInt8], of pages: [String], _ path: String) -> Verdict {
    // Pages stand at most one folder up: the lists of the other languages do, too.
    let isBelow = pages.contains { $0.hasPrefix("../") }
    let name = fileName(of: parentDirectory(of: absolutePath(path)))
    let root = parentDirectory(of: absolutePath(path)) + (isBelow ? "/.." : "")
    let folder = isBelow ? name + "/" : ""
    let members = pages.map { $0.hasPrefix("../") ? String($0.dropFirst(3)) : folder + $0 }
    let index = BookSites.index(of: members, in: root, theme: book.theme?.css ?? "")
    var verdict = Verdict()
    verdict.isVerified = index.lists.contains { $0.bytes == page }
    if verdict.isVerified {
      verdict.parts.append("made again: the \(index.count) reports that it lists give the same list")
    } else {
      verdict.findings.append("the list is not what the pages that it names give")
      verdict.parts.append("1 contradiction")
    }
    return verdict
  }

  // MARK: - Making it again

  private func again(_ page: [UInt8], _ manifest: PageManifest, _ path: String, _ verdict: inout Verdict) throws {
    if sealOnly {
      verdict.isVerified = true
      verdict.parts.append("the seal holds; nothing else was asked")
      return fromRecord(page, manifest, path, &verdict)
    }
    let reprint: PageReprint
    let again: RenderedPage?
    if recompute {
      let outcome = try Reproduction(options: options, book: book).compare(
        ResultSet(label: path, manifest: manifest), manifest: manifest, page: page)
      (reprint, again) = (outcome.reprint, outcome.again)
      verdict.diff = outcome.diff
    } else {
      let frozen = Evaluator(bench: options.bench(book, isFrozen: true))
      frozen.bench.templateFolder = TemplateList.folder(of: manifest, options: options)
      (reprint, again) = PageReprint.compare(page, manifest: manifest, book: book, evaluator: frozen)
    }
    let source = recompute ? "results computed now" : "the store"
    switch reprint {
    case .same:
      verdict.isVerified = !(verdict.diff?.isBeyond ?? false)
      verdict.parts.append("made again: its template and \(source) give the same page")
      if manifest.version != Version.current {
        verdict.parts.append("it says layerbook \(manifest.version) made it, this is \(Version.current)")
      }
      judgeFiles(again, beside: path, &verdict)
    case .differs(let place) where manifest.version == Version.current:
      verdict.findings.append("the page is not what its template and \(source) give, \(place)")
    case .differs(let place):
      verdict.parts.append(
        "not verified: layerbook \(Version.current) makes another page of it with \(source), \(place); it says that "
          + "layerbook \(manifest.version) made it, which may have set it otherwise")
      fromRecord(page, manifest, path, &verdict)
    case .impossible(let reason):
      verdict.parts.append("not verified: it could not be made again from its template and \(source): \(reason)")
      fromRecord(page, manifest, path, &verdict)
    }
  }

  /// What the page's own record says of what it shows.
  private func fromRecord(_ page: [UInt8], _ manifest: PageManifest, _ path: String, _ verdict: inout Verdict) {
    let kept = store.map { manifest.omittedResults(in: $0) } ?? [:]
    let (reprint, taken, again) = PageReprint.fromRecord(page, manifest: manifest, book: book, kept: kept)
    switch reprint {
    case .same:
      var text = "what it shows is what the results in it give"
      if !taken.isEmpty { text += ", but for \(taken.joined(separator: ", ")), of which it has digests only" }
      verdict.parts.append(text)
      judgeFiles(again, beside: path, &verdict)
    case .differs(let place) where manifest.version == Version.current:
      verdict.findings.append("the page is not what its template and the results in it give, \(place)")
    case .differs(let place): uncompared("they are set otherwise, \(place)", page, manifest, kept, &verdict)
    case .impossible(let reason): uncompared(reason, page, manifest, kept, &verdict)
    }
  }

  /// What the files beside a page say, against those that the page made again has.
  private func judgeFiles(_ again: RenderedPage?, beside path: String, _ verdict: inout Verdict) {
    guard let again, !again.exhibitFiles.isEmpty else { return }
    let folder = PageFolder(again, beside: path)
    guard let contradictions = folder.contradictions() else {
      return verdict.parts.append("its \(counted(folder.count, "file")) of numbers and drawings are not beside it")
    }
    verdict.findings += contradictions
    if contradictions.isEmpty {
      verdict.parts.append("\(counted(folder.count, "file")) beside it made again: the same")
    }
  }

  /// What can be said where not even the page's own record gives it again.
  private func uncompared(
    _ reason: String, _ page: [UInt8], _ manifest: PageManifest, _ kept: [String: JSONValue],
    _ verdict: inout Verdict
  ) {
    verdict.parts.append("its figures and captions were not checked: \(reason)")
    let atHand = manifest.entries.count { $0.result != nil || kept[$0.id] != nil }
    guard atHand > 0 else { return verdict.parts.append("nor the numbers in its tables, for it carries no results") }
    let audit = TableAudit(page: page, manifest: manifest, kept: kept)
    var text =
      "\(audit.numbers - audit.unknown.count) of \(audit.numbers) numbers in its tables are roundings of numbers in "
      + "the \(atHand) of \(manifest.entries.count) results that are at hand"
    if !audit.unknown.isEmpty { text += ", not so: " + audit.unknown.prefix(8).joined(separator: ", ") }
    verdict.parts.append(text)
  }

  // MARK: - Wording

  private func counts(_ report: PageVerification) -> [String] {
    var parts = [
      "the digests of \(report.checkedResults) results and \(report.checkedPrinted) numbers in its text checked"
    ]
    if report.uncheckedPrinted > 0 {
      parts.append("\(report.uncheckedPrinted) numbers not, for their results are not in the page")
    }
    if report.omittedResults > 0 { parts.append("\(report.omittedResults) results by digest only") }
    if store != nil {
      parts.append("\(report.confirmedByStore) confirmed by the store, \(report.missingInStore) not in it")
    }
    return parts
  }
}
