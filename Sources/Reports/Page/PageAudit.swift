import Results

/// The audit of a page: its manifest against itself and a store, and what its markup shows against its manifest.
public enum PageAudit {
  /// What is wrong with the images of a page: those that its record names are there, and each is what its digest says.
  private static func images(_ manifest: PageManifest, _ page: [UInt8]) -> [String] {
    let named = manifest.attachments.filter { $0.shownDigest != nil }
    guard !named.isEmpty else { return [] }
    let shown = ShownImages(page: page).byDigest
    return named.compactMap { image in
      guard let digest = image.shownDigest, let bytes = shown[digest] else {
        return "the page does not show the image '\(image.path)' that its record names"
      }
      // A raster image stands in a page as it is.
      let isAltered = bytes.first != UInt8(ascii: "<") && digest != image.digest
      return isAltered ? "the page shows another image than '\(image.path)'" : nil
    }
  }

  /// Computes every digest of a page again, from the page alone, and looks for markup that no page has; with a store, compares the results with those kept.
  ///
  /// A store that lacks a result, or only digests in the page, are no contradiction; they are counted.
  public static func verify(page: [UInt8], store: ResultStore? = nil) -> PageVerification {
    var report = PageManifest.verify(page: page, store: store)
    for message in MarkupAudit(page: page).findings { report.add(.page, message) }
    guard let manifest = try? PageManifest(page: page) else { return report }
    for message in images(manifest, page) { report.add(.page, message) }
    let printed = manifest.entries.flatMap(\.printed)
    for message in ShownNumbers(page: page).contradictions(printed: printed) { report.add(.page, message) }
    return report
  }
}
