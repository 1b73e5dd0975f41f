import Results

/// The audit of a page: its manifest against itself and a store, and what its markup shows against its manifest.
public enum PageAudit {
  /// Computes every digest of a page again, from the page alone, and looks for markup that no page has; with a store, compares the results with those kept.
  ///
  /// A store that lacks a result, or only digests in the page, are no contradiction; they are counted.
  public static func verify(page: [UInt8], store: ResultStore? = nil) -> PageVerification {
    var report = PageManifest.verify(page: page, store: store)
    for message in MarkupAudit(page: page).findings { report.add(.page, message) }
    guard let manifest = try? PageManifest(page: page) else { return report }
    let printed = manifest.entries.flatMap(\.printed)
    for message in ShownNumbers(page: page).contradictions(printed: printed) { report.add(.page, message) }
    return report
  }
}
