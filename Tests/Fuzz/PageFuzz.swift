import Books
import Commands
import Diagnostics
import Reports
import Results

/// A book's file: names, paths and variables; nothing it names is opened.
func readBook(_ bytes: [UInt8]) {
  let (_, faults) = BookReader.read(SourceFile(path: "fuzz", bytes: bytes), directory: "/nowhere")
  for fault in faults { _ = fault.rendered() }
}

/// A page that someone else wrote: it is audited, and made again from its own record where it has one.
func readPage(_ bytes: [UInt8]) {
  let report = PageAudit.verify(page: bytes)
  for finding in report.findings { _ = finding.description }
  guard let manifest = try? PageManifest(page: bytes) else { return }
  _ = PageReprint.fromRecord(bytes, manifest: manifest, book: Book())
  _ = TableAudit(page: bytes, manifest: manifest)
}

/// The head of a request to a preview.
func readRequest(_ bytes: [UInt8]) {
  guard RequestHead.isWhole(bytes), let head = try? RequestHead(bytes) else { return }
  precondition(head.path.hasPrefix("/") && !head.host.utf8.contains(0x0A), "a head of several lines")
}
