import Files
import JSONText

/// What the audit of a page found.
public struct PageVerification: Sendable, Equatable {
  /// A contradiction between a page and itself, or between a page and a store.
  public struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// The kind of contradiction.
    public enum Code: Sendable, Hashable {
      /// The page has no manifest that can be read.
      case noManifest
      /// The manifest was altered.
      case manifest
      /// The page around the manifest was altered.
      case page
      /// The template's digest is wrong.
      case template
      /// The key does not follow from the inputs.
      case key
      /// The digest does not follow from the result.
      case value
      /// A printed number is not the result's.
      case printed
      /// The store holds another result under the same key.
      case store
    }

    /// The kind of contradiction.
    public let code: Code
    /// The directive's id; nil for the page as a whole.
    public let id: String?
    /// What contradicts what.
    public let message: String

    /// The id, where there is one, and the message.
    public var description: String { id.map { "\($0): \(message)" } ?? message }
  }

  /// The contradictions; none on a sound page.
  public var findings: [Finding] = []
  /// Results whose digest was computed again.
  public var checkedResults = 0
  /// Results of which the page carries the digest only.
  public var omittedResults = 0
  /// Printed values compared with their results.
  public var checkedPrinted = 0
  /// Printed values whose results are not at hand.
  public var uncheckedPrinted = 0
  /// Results that a store confirmed; 0 without a store.
  public var confirmedByStore = 0
  /// Results that the store does not have.
  public var missingInStore = 0

  /// Whether nothing contradicts the page.
  public var isSound: Bool { findings.isEmpty }

  /// Adds a contradiction.
  public mutating func add(_ code: Finding.Code, id: String? = nil, _ message: String) {
    findings.append(Finding(code: code, id: id, message: message))
  }
}

extension PageManifest {
  /// Computes every digest of a page again, from the page alone; with a store, compares the results with those kept.
  ///
  /// What stands in the page around its manifest counts by its digest alone: nothing of it is read here.
  /// A store that lacks a result, or only digests in the page, are no contradiction; they are counted.
  public static func verify(page: [UInt8], store: ResultStore? = nil) -> PageVerification {
    var report = PageVerification()
    do throws(ManifestError) {
      let sealed = try sealed(in: page)
      let manifest = try PageManifest(json: .object(sealed.json))
      check(sealed, &report)
      for entry in manifest.entries {
        entry.check(&report)
        let kept = store.flatMap { entry.check(against: $0, &report) }
        entry.checkPrinted(entry.result ?? kept, &report)
      }
    } catch {
      report.add(.noManifest, "\(error)")
    }
    return report
  }

  private static func check(_ sealed: SealedManifest, _ report: inout PageVerification) {
    let digest = digest(of: sealed.json).hex
    if sealed.json["manifest_sha256"]?.stringValue != digest {
      report.add(.manifest, "the manifest was altered: its digest is \(digest.prefix(12))")
    }
    if sealed.json["page_sha256"]?.stringValue != sealed.surroundings.hex {
      report.add(.page, "the page was altered: its digest is \(sealed.surroundings.hex.prefix(12))")
    }
    let template = sealed.json["template"]
    if let text = template?["text"]?.stringValue, template?["sha256"]?.stringValue != sha256(Array(text.utf8)).hex {
      report.add(.template, "the template's digest does not follow from its text")
    }
    for file in sealed.json["files"]?.arrayValue ?? [] {
      guard let text = file["text"]?.stringValue, file["sha256"]?.stringValue != sha256(Array(text.utf8)).hex else {
        continue
      }
      report.add(.template, "the digest of '\(file["path"]?.stringValue ?? "")' does not follow from its text")
    }
  }
}

extension PageManifest {
  /// The results that the page has the digest of only, by id, where a store has those very ones.
  public func omittedResults(in store: ResultStore) -> [String: JSONValue] {
    var results: [String: JSONValue] = [:]
    for entry in entries where entry.result == nil {
      if let kept = entry.stored(in: store), kept.valueDigest == entry.valueDigest { results[entry.id] = kept.value }
    }
    return results
  }
}

extension PageManifest.Entry {
  /// What a store has under the entry's inputs, be it the result that the page means or another.
  fileprivate func stored(in store: ResultStore) -> StoredResult? {
    store.lookup(ResultKey(inputs: inputs), check: .valueOnly)
  }

  fileprivate func check(_ report: inout PageVerification) {
    let expected = ResultKey(inputs: inputs)
    if expected.digest != key { report.add(.key, id: id, "the key does not follow from the inputs") }
    guard let result else {
      report.omittedResults += 1
      return
    }
    report.checkedResults += 1
    let digest = Results.valueDigest(of: result)
    if digest != valueDigest { report.add(.value, id: id, "the digest does not follow from the result") }
  }

  /// Compares printed numbers with the result they were printed from, where it is at hand.
  fileprivate func checkPrinted(_ result: JSONValue?, _ report: inout PageVerification) {
    guard let result else {
      report.uncheckedPrinted += printed.count
      return
    }
    for value in printed {
      report.checkedPrinted += 1
      guard let exact = ValuePath(value.path)?.value(in: result) else {
        report.add(.printed, id: id, "the result has no '\(value.path)'")
        continue
      }
      if !PrintedNumber.isRounding(value.text, of: exact) {
        report.add(.printed, id: id, "'\(value.text)' is printed for \(value.path), which is \(JSON.write(exact))")
      }
    }
  }

  /// Compares with the store; returns the store's result where it is the one the page means.
  fileprivate func check(against store: ResultStore, _ report: inout PageVerification) -> JSONValue? {
    guard let kept = stored(in: store) else {
      report.missingInStore += 1
      return nil
    }
    guard kept.valueDigest == valueDigest else {
      report.add(
        .store, id: id,
        "the store's result has digest \(kept.valueDigest.hex.prefix(12)), the page's \(valueDigest.hex.prefix(12))")
      return nil
    }
    report.confirmedByStore += 1
    return kept.value
  }
}
