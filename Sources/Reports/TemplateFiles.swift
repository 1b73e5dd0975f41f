import Books
import Diagnostics
import Files
import Foundation
import Images
import Markdown
import Results
import Synchronization

/// The files that a template names beside itself: parts, bibliographies, images and other templates.
///
/// Each is read once and remembered, so that a page, its record and its archive speak of the same bytes. A page that is
/// made again takes them from its own record.
public final class TemplateFiles: Sendable {
  /// Where the files come from.
  private enum Source {
    /// The template's folder; nothing outside of `root` is read.
    case folder(String, root: String)
    case record([String: Recorded])
  }

  /// A file as a page has it.
  private struct Recorded {
    var digest: SHA256Digest
    var bytes: [UInt8]?
  }

  /// A file that was read.
  private struct Known {
    var attachment: PageManifest.Attachment
    var bytes: [UInt8]
    var image: PageImage?
  }

  private struct State {
    var known: [String: Known] = [:]
    /// The anchors of other templates by their paths; nil where they cannot be told.
    var anchors: [String: Set<String>?] = [:]
    /// The paths on disk that were asked for, whether there or not.
    var watched: Set<String> = []
  }

  /// The most bytes of a part or a bibliography.
  public static let largestText = 4 << 20

  private let source: Source
  private let state = Mutex(State())

  /// The files beside a template.
  ///
  /// - Parameter book: nothing outside its folder is read; without a folder, nothing outside the template's.
  public init(beside template: String, book: Book) {
    let folder = parentDirectory(of: template)
    source = .folder(folder.isEmpty ? "." : folder, root: book.directory ?? folder)
  }

  private init(in folder: String, root: String) { source = .folder(folder, root: root) }

  /// The files of a page's record: texts stand in its manifest, images in the page.
  public init(_ attachments: [PageManifest.Attachment], page: [UInt8]) {
    let shown = attachments.contains { $0.shownDigest != nil } ? ShownImages(page: page).byDigest : [:]
    source = .record(
      Dictionary(
        attachments.map { file in
          let bytes = file.text.map { Array($0.utf8) } ?? file.shownDigest.flatMap { shown[$0] }
          return (file.path, Recorded(digest: file.digest, bytes: bytes))
        }, uniquingKeysWith: { first, _ in first }))
  }

  // MARK: - What was read

  /// What a page says of the files, in byte order of their paths.
  var attachments: [PageManifest.Attachment] { sorted.map(\.attachment) }

  /// The files for an archive, in byte order of their paths.
  public var archived: [(path: String, bytes: [UInt8])] { sorted.map { ($0.attachment.path, $0.bytes) } }

  /// How many bytes of a page its images are.
  var imageSize: Int { sorted.reduce(0) { $0 + ($1.image?.address.utf8.count ?? 0) } }

  /// The paths on disk that a page depends on, whether there or not.
  public var watched: [String] { state.withLock { $0.watched.sorted() } }

  private var sorted: [Known] {
    state.withLock { state in
      state.known.values.sorted { $0.attachment.path.utf8.lexicographicallyPrecedes($1.attachment.path.utf8) }
    }
  }

  // MARK: - Reading

  /// The text of a part or a bibliography.
  func text(_ path: String) -> Result<SourceFile, MarkdownRefusal> {
    if let known = state.withLock({ $0.known[path] }) {
      return .success(SourceFile(path: shownPath(path), bytes: known.bytes))
    }
    return read(path).flatMap { bytes, digest in
      guard bytes.count <= Self.largestText else {
        return .failure(MarkdownRefusal("'\(path)' has more than \(Self.largestText >> 20) MB"))
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        return .failure(MarkdownRefusal("'\(path)' is not UTF-8", hints: ["convert it: iconv -f LATIN1 -t UTF-8"]))
      }
      let attachment = PageManifest.Attachment(path: path, digest: digest, text: text)
      state.withLock { $0.known[path] = Known(attachment: attachment, bytes: bytes) }
      return .success(SourceFile(path: shownPath(path), bytes: bytes))
    }
  }

  /// An image, fit to stand in the page.
  func image(_ path: String) -> Result<PageImage, MarkdownRefusal> {
    if let image = state.withLock({ $0.known[path]?.image }) { return .success(image) }
    if path.hasPrefix("data:") { return written(path) }
    return read(path).flatMap { bytes, digest in
      do throws(ImageError) {
        let image = try EmbeddedImage(bytes)
        let shown = PageImage(
          address: image.address, size: image.size,
          remark: image.leftOut.isEmpty
            ? nil : "left out of the image '\(path)': " + image.leftOut.joined(separator: ", "))
        let attachment = PageManifest.Attachment(path: path, digest: digest, shownDigest: sha256(image.bytes))
        state.withLock { $0.known[path] = Known(attachment: attachment, bytes: bytes, image: shown) }
        return .success(shown)
      } catch {
        return .failure(MarkdownRefusal("the image '\(path)' \(error.message)", hints: [error.hint].compactMap { $0 }))
      }
    }
  }

  /// An image whose bytes stand in the text itself.
  private func written(_ address: String) -> Result<PageImage, MarkdownRefusal> {
    guard let bytes = EmbeddedImage.bytes(ofAddress: address), let image = try? EmbeddedImage(bytes) else {
      return .failure(MarkdownRefusal("this address holds no image", hints: ["name a file beside the template"]))
    }
    return .success(PageImage(address: image.address, size: image.size))
  }

  /// Why a path is no template that becomes a page; nil where it is one.
  func refusal(ofTemplate path: String) -> MarkdownRefusal? {
    guard case .folder(let folder, _) = source else { return nil }
    let name = fileName(of: path)
    if name == "README.md" || name.hasPrefix("_") {
      return MarkdownRefusal("'\(path)' becomes no page", hints: ["files that begin with '_' are parts of others"])
    }
    switch place(path) {
    case .failure(let refusal): return refusal
    case .success(let file):
      return isFile(file) ? nil : absence(of: path, in: folder, "no template '\(path)' to link to")
    }
  }

  /// The anchors of another template's page; nil where they cannot be told, as from a page's record.
  func anchors(ofTemplate path: String) -> Set<String>? {
    guard case .folder(_, let root) = source, case .success(let file) = place(path) else { return nil }
    if let known = state.withLock({ $0.anchors[path] }) { return known }
    let anchors = (try? readFile(file)).flatMap { bytes in
      ReportTemplate.anchors(
        of: SourceFile(path: path, bytes: bytes), beside: TemplateFiles(in: parentDirectory(of: file), root: root))
    }
    state.withLock { $0.anchors[path] = .some(anchors) }
    return anchors
  }

  private func read(_ path: String) -> Result<([UInt8], SHA256Digest), MarkdownRefusal> {
    switch source {
    case .record(let files):
      guard let file = files[path], let bytes = file.bytes else {
        return .failure(MarkdownRefusal("the page does not carry the file '\(path)' that its template names"))
      }
      return .success((bytes, file.digest))
    case .folder(let folder, _):
      return place(path).flatMap { file in
        guard isFile(file) else { return .failure(absence(of: path, in: folder, "no file '\(path)'")) }
        do {
          let bytes = try readFile(file)
          guard !LargeFilePointer.isPointer(bytes) else {
            return .failure(MarkdownRefusal("cannot read '\(path)': \(LargeFilePointer.explanation)"))
          }
          return .success((bytes, sha256(bytes)))
        } catch {
          return .failure(MarkdownRefusal("cannot read '\(path)': \(error)"))
        }
      }
    }
  }

  /// Where a path leads, which must be inside the book.
  private func place(_ path: String) -> Result<String, MarkdownRefusal> {
    guard case .folder(let folder, let root) = source else { return .success(path) }
    guard !path.hasPrefix("/"), !path.hasPrefix("~"), !path.contains("\0"), !path.isEmpty else {
      return .failure(MarkdownRefusal("'\(path)' is no path relative to the template"))
    }
    let file = URL(fileURLWithPath: folder + "/" + path).standardizedFileURL.path
    state.withLock { _ = $0.watched.insert(file) }
    // Links are followed first: what they lead to has to be inside, too.
    let real = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
    let inside = URL(fileURLWithPath: root).resolvingSymlinksInPath().standardizedFileURL.path
    guard real.hasPrefix(inside.hasSuffix("/") ? inside : inside + "/") else {
      return .failure(
        MarkdownRefusal("'\(path)' leads out of the book's folder", hints: ["copy the file into it"]))
    }
    return .success(file)
  }

  private func absence(of path: String, in folder: String, _ message: String) -> MarkdownRefusal {
    let beside = parentDirectory(of: path)
    let names = (try? listing(beside.isEmpty || beside == "." ? folder : folder + "/" + beside)) ?? []
    let near = Spelling.hint(for: fileName(of: path), in: names)
    return MarkdownRefusal(message, hints: [near ?? "paths are relative to the template's folder"])
  }

  /// The path as it stands in messages: beside the template.
  private func shownPath(_ path: String) -> String {
    guard case .folder(let folder, _) = source, folder != "." else { return path }
    return folder + "/" + path
  }
}

/// The images that a page carries for its author.
struct ShownImages {
  /// Their bytes by digest.
  let byDigest: [SHA256Digest: [UInt8]]

  init(page: [UInt8]) {
    byDigest = Dictionary(
      PageText(page).all(from: "<img src=\"data:image/", to: "\"").compactMap { rest in
        EmbeddedImage.bytes(ofAddress: "data:image/" + rest).map { (sha256($0), $0) }
      }, uniquingKeysWith: { first, _ in first })
  }
}
